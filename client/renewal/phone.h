/* The telephone that gets the codes of a renewal. */
#ifndef CLIENT_RENEWAL_PHONE_H
#define CLIENT_RENEWAL_PHONE_H

#include "client/renewal/renewal.h"

/* As eleven digits in RECORD_PHONE: the one that was given, or that the
 * person is asked for. OUTCOME_CONFIGURATION where it is none. */
enum outcome phone_get(struct renewal *renewal);

/* The number that is noted, however it was written, in the one form in which
 * messages and the turns at a telephone are found by it. One that is none
 * stays: phone_get says what is wrong with it. */
void phone_tidy(struct renewal *renewal);

#endif
