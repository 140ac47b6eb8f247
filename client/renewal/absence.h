/* A token that is missing in the middle of a renewal. */
#ifndef CLIENT_RENEWAL_ABSENCE_H
#define CLIENT_RENEWAL_ABSENCE_H

#include "client/renewal/renewal.h"

/* Remember whose token it is, where the outcome says that it is away; else
 * forget what was remembered. */
void absence_note(struct renewal *renewal, enum outcome outcome,
                  const char *where);

/* Whether what ended so is to be tried again: the token was away, there is a
 * person to put it back, and it was put back. */
bool absence_is_over(struct renewal *renewal, enum outcome outcome);

/* OUTCOME_DONE, or what ended the renewal the last time, where that was a token
 * that is still away: nothing is asked of the server, and nobody waits. */
enum outcome absence_still(struct renewal *renewal);

#endif
