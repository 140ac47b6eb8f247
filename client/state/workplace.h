/* The folder of kep's own state, locked, with the journal open. */
#ifndef CLIENT_STATE_WORKPLACE_H
#define CLIENT_STATE_WORKPLACE_H

#include "client/renewal/journal.h"

struct workplace {
    struct journal *journal;
    int lock;          /* descriptor, -1: none */
    long holder;       /* after OUTCOME_LOCKED: the other's process, or 0 */
    char folder[4096]; /* where all of it is */
};

/* Makes what is missing (0700). Free with workplace_close in any case. */
enum outcome workplace_open(struct workplace *workplace);

/* The journal alone, for looking: no lock; OUTCOME_NOTHING_OPEN where there
 * is no journal yet, OUTCOME_STATE_UNWRITABLE where there is one that is not
 * ours to use: who ran kep as another has that. */
enum outcome workplace_look(struct workplace *workplace);

/* What workplace_open would come to, as far as that can be seen without making
 * anything and without the lock: the journal is NULL where there is none yet
 * and it could be made. */
enum outcome workplace_foresee(struct workplace *workplace);

void workplace_close(struct workplace *workplace);

#endif
