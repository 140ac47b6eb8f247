/* One code at a time is on its way to a telephone, lest two be taken for each
 * other: of many renewals at once (code_asker) each waits for its turn. */
#ifndef CLIENT_RENEWAL_CODE_TURN_H
#define CLIENT_RENEWAL_CODE_TURN_H

#include "client/renewal/renewal.h"

/* The telephone of the form or, for signing in, of the renewal is this
 * renewal's alone, until it takes another for the same or leaves it: who has to
 * sign in again keeps that of the form. Else as code_asker's reserve. */
enum outcome code_turn_take(struct renewal *renewal, bool of_form);
void code_turn_leave(struct renewal *renewal, bool of_form);

/* The same, where a message with a code is about to be sent there: what has
 * come before is noted. OUTCOME_ANSWER_NEEDED where nobody could tell the code,
 * as when a timer runs kep, OUTCOME_CONFIGURATION where what would give it is
 * not there: its owner would get one each time for nothing. */
enum outcome code_turn_expect(struct renewal *renewal, bool of_form);

/* Whether codes come from a person: no command and no folder gives them. */
bool code_turn_asks_person(const struct renewal *renewal);

#endif
