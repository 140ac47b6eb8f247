/* The old certificate of a renewal: in the container of its key, or alone in a
 * file, where the key is lost. A place of the second kind is an absolute path
 * without a word in front; it signs nothing, so that a statement on paper has
 * to. */
#ifndef CLIENT_RENEWAL_FORMER_H
#define CLIENT_RENEWAL_FORMER_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

/* Whether a place is that of a certificate alone. */
bool former_is_alone(const char *where);

/* The place of the old key, NULL where it is lost. */
const char *former_key(const char *where);

/* What is at a place, as a person names it or as the journal has it; what
 * stands behind a PIN wants it given before (client/pin/pin_given.h). info is
 * the container's, or it has the path of a file in where and its certificate,
 * that which issued none of the others in it, and nothing else.
 * FAULT_NO_CERTIFICATE, FAULT_CERTIFICATE … */
MUST_CHECK enum fault former_describe(const char *where,
                                      struct container_info *info);

/* The same of what a person names, with the PIN of the options. An express
 * renewal without a place for the new key has it where the old one is: home
 * (LOCATION_MAX bytes) holds that place then. On anything but OUTCOME_DONE
 * failure says why. */
enum outcome former_read(const struct desk *desk, const char *where,
                         struct container_info *info, char *home,
                         struct failure *failure);

#endif
