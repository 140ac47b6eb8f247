/* The form of a renewal as the server knows it. */
#ifndef CLIENT_RENEWAL_FORM_H
#define CLIENT_RENEWAL_FORM_H

#include "client/renewal/renewal.h"
#include "keygen/name.h"

/* How far a form has come; what is above "trouble" comes one after the
 * other. */
enum form_rank {
    FORM_UNKNOWN,
    FORM_TROUBLE, /* needs a person or is over: form_outcome says which */
    FORM_CREATED,
    FORM_DATA_CONFIRMED,
    FORM_PAPER_STATEMENT, /* has to be signed by hand */
    FORM_STATEMENT_SIGNED,
    FORM_SUBMITTED,
    FORM_APPROVED,
    FORM_RELEASE_CONFIRMED,
    FORM_AWAITING_CONFIRMATION,
    FORM_ISSUING,
    FORM_ISSUED,
    FORM_INSTALLED
};

/* Of renewal->form. */
enum form_rank form_rank(const struct renewal *renewal);

/* OUTCOME_DONE while the form goes its way; else why it does not, with the
 * server's reason noted. */
enum outcome form_outcome(struct renewal *renewal);

/* Put the form's id and etag into renewal->in (after message_clear). */
void form_put(struct renewal *renewal);

/* Do an operation that answers with the form; renewal->in has its fields.
 * renewal->form is the answer then. A form in trouble is that outcome. */
enum outcome form_do(struct renewal *renewal, const char *operation);

/* Withdraw the form: OUTCOME_DONE once it is. */
enum outcome form_withdraw(struct renewal *renewal);

/* Ask for the form as it is now. */
enum outcome form_read(struct renewal *renewal);

/* Read it unless this run has already. */
enum outcome form_have(struct renewal *renewal);

/* The same, also one in which the server has found mistakes: an earlier run
 * said so, and they may have been put right since. */
enum outcome form_to_review(struct renewal *renewal);

/* What will be certified, checked by the rules of names.
 * OUTCOME_VALIDATION_ERROR. */
enum outcome form_data(struct renewal *renewal, struct name *data);

/* Whether what a renewal waits for should have been decided by now. */
bool form_is_late(const struct record *record, time_t now);

/* What to do about that, translated. */
const char *form_late_advice(void);

/* Wait until the form has come to a rank, or the time to wait is over
 * (OUTCOME_WAITING). sentence: what is waited for, translated. */
enum outcome form_await(struct renewal *renewal, enum form_rank rank,
                        const char *sentence);

#endif
