/* The file of --roots: the certificates that a new one has to lead to. */
#ifndef CLIENT_ROOTS_H
#define CLIENT_ROOTS_H

#include "client/outcome/failure.h"
#include "keygen/chain.h"

/* Read all of them, in any form of keygen/bundle.h; free with chain_free.
 * OUTCOME_CONFIGURATION: it has none, or cannot be read, as the detail says. */
enum outcome roots_read(const char *path, struct chain *roots,
                        struct failure *failure);

#endif
