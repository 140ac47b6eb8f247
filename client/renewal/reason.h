/* Why the last run of a renewal stopped, in its row of the journal: the
 * outcome's word and what was found out besides. The sentence is made when it
 * is shown, in the language of whoever looks; a timer may have run it in
 * another. */
#ifndef CLIENT_RENEWAL_REASON_H
#define CLIENT_RENEWAL_REASON_H

#include "client/outcome/failure.h"
#include "client/renewal/renewal_record.h"

#include <stdbool.h>

/* RECORD_OUTCOME and RECORD_REASON. */
void reason_note(struct record *record, const struct failure *failure);

/* The same back, what it says cleaned; false: nothing is noted that this kep
 * knows. */
bool reason_take(const struct record *record, struct failure *failure);

/* As a sentence into out, which is returned: "" where there is none. A row of
 * an earlier kep has the sentence itself (RECORD_MESSAGE). */
char *reason_sentence(const struct record *record, char *out, size_t size);

#endif
