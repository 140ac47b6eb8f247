/* Taking an application back. */
#ifndef CLIENT_RENEWAL_WITHDRAWAL_H
#define CLIENT_RENEWAL_WITHDRAWAL_H

#include "client/renewal/renewal.h"

/* Withdraw the form of a renewal that is open, on the server and in the
 * journal. OUTCOME_WITHDRAWN; OUTCOME_CANNOT_WITHDRAW where the certificate
 * is issued already; else why it could not be done, and the renewal stays
 * open. A key that was made stays in its container. */
enum outcome withdrawal_run(struct renewal *renewal);

#endif
