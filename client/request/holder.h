/* Which container holds the key of a certificate that has come. */
#ifndef CLIENT_REQUEST_HOLDER_H
#define CLIENT_REQUEST_HOLDER_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"
#include "keygen/chain.h"

/* Look through the usual places (client/scan/scan.h) for one with the key of
 * any of sent; where several have it, as an original and its copies do, a
 * person chooses. where has LOCATION_MAX bytes. OUTCOME_HOLDER_NOT_FOUND: none
 * has it; OUTCOME_ANSWER_NEEDED: several, and nobody to ask. */
enum outcome holder_find(const struct desk *desk, const struct chain *sent,
                         char *where, struct failure *failure);

#endif
