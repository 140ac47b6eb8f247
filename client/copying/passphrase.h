/* The passphrase of an archive: from a file, a descriptor, the person. */
#ifndef CLIENT_COPYING_PASSPHRASE_H
#define CLIENT_COPYING_PASSPHRASE_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

enum { PASSPHRASE_MIN = 8 /* characters of a new one */ };

/* As --passphrase-file or --passphrase-fd gives it, else as the person types
 * it. *passphrase is in secret memory. On anything but OUTCOME_DONE failure
 * says why. */
enum outcome passphrase_get(const struct desk *desk, char **passphrase,
                            struct failure *failure);

/* The same for a new archive: at least PASSPHRASE_MIN characters, typed
 * twice. */
enum outcome passphrase_get_new(const struct desk *desk, char **passphrase,
                                struct failure *failure);

/* Whether it was given, so that asking for it again would be in vain. */
bool passphrase_is_given(const struct options *options);

#endif
