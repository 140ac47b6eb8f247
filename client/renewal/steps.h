/* The steps of a renewal, in order. Each looks first at what is already
 * there, so it may run twice. */
#ifndef CLIENT_RENEWAL_STEPS_H
#define CLIENT_RENEWAL_STEPS_H

#include "client/renewal/renewal.h"

struct step {
    const char *word; /* in the journal; never changed once released */
    enum outcome (*run)(struct renewal *renewal);
    const char *title;  /* msgid; NULL: not shown as a step */
    const char *next;   /* the word of the step that follows */
    unsigned number;    /* from 1; 0: not shown */
    bool commits;       /* its end is written down before the next begins */
    const char *behind; /* msgid: why nobody gets back behind its end; NULL:
                           what it asked can be asked again */
    const char *later;  /* msgid: the same in another run; NULL: behind */
};

/* By its word; NULL for "done", "ended" and unknown words. */
const struct step *steps_find(const char *word);
/* By its place in the table, and the other way. */
const struct step *steps_at(size_t i);
size_t steps_place(const struct step *step);
/* Why nobody gets back behind the beginning of a step that a run begins with,
 * translated; NULL: it is the first. */
const char *steps_behind(const struct step *step);
const char *steps_first(void);
/* Whether a record has what every one has, and what each that is so far:
 * without it the journal is damaged, and that of one must not bring others
 * down. */
bool steps_are_possible(const struct record *record);
/* Whether the old key may have signed all that it had to: then its certificate
 * is in the archive, and the old container need not be there. (The end of
 * sendRequest is not written down by itself; and the request is signed again
 * where its code is over.) */
bool steps_may_have_signed(const struct record *record);
/* Of those that are shown. */
unsigned steps_count(void);

/* signing.c */
enum outcome step_sign_in(struct renewal *renewal);
enum outcome step_sign_statement(struct renewal *renewal);
enum outcome step_submit(struct renewal *renewal);
enum outcome step_await_approval(struct renewal *renewal);
enum outcome step_consent(struct renewal *renewal);

/* opening.c */
enum outcome step_open_form(struct renewal *renewal);

/* reviewing.c */
/* Whether corrections that were given (--changes) can still be made, as far as
 * that is known here. OUTCOME_USAGE. */
enum outcome review_takes_changes(struct renewal *renewal);
/* Say that they are passed over: of who repeats the command that began. */
void review_pass_over(const struct renewal *renewal);
enum outcome step_review(struct renewal *renewal);
enum outcome step_check_documents(struct renewal *renewal);

/* issuing.c */
enum outcome step_make_key(struct renewal *renewal);
enum outcome step_send_request(struct renewal *renewal);
enum outcome step_confirm(struct renewal *renewal);
enum outcome step_await_issue(struct renewal *renewal);

/* installing.c */
enum outcome step_install(struct renewal *renewal);
enum outcome step_back_up(struct renewal *renewal);
enum outcome step_report(struct renewal *renewal);

/* deploying.c */
enum outcome step_deploy(struct renewal *renewal);

#endif
