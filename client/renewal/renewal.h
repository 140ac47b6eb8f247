/* One renewal under way: its row in the journal and what a run holds in
 * memory. The steps are a table (steps.c); the driver runs the step whose
 * word is in the journal, saves the next word, and repeats. */
#ifndef CLIENT_RENEWAL_RENEWAL_H
#define CLIENT_RENEWAL_RENEWAL_H

#include "api/api.h"
#include "client/clock.h"
#include "client/codes/inbox.h"
#include "client/options.h"
#include "client/outcome/failure.h"
#include "client/program/program.h"
#include "client/renewal/journal.h"
#include "client/renewal/session.h"
#include "client/screen/prompt.h"
#include "client/screen/screen.h"
#include "keygen/certificate.h"
#include "keygen/chain.h"
#include "token/medium.h"

struct renewal {
    struct record record;
    struct journal *journal;
    struct screen *screen;
    const struct clock *clock;
    const struct options *options;

    struct pace *pace; /* that its server asks others for, too (api/pace.h); the
                          caller's; NULL: there are no others */
    struct api *api;
    bool api_is_lent;               /* by the caller, for several renewals */
    const struct code_asker *asker; /* NULL: the screen is asked */
    const char *about;              /* whose renewal it is, for the asker */
    const struct program_ear *ear;  /* of commands; NULL: stderr is */
    /* Told before a step runs; NULL: nobody. */
    void (*step_begins)(void *context, const char *word);
    void *step_context;
    bool code_was_sent;               /* that of the form, in this run */
    struct inbox_mark message_before; /* with --codes: the last one known */
    struct message *in, *out;         /* of the call that runs */
    struct message *form;             /* the form as the server told it last */
    time_t server_time;               /* of the last answer, 0: not known */
    bool clock_was_compared;
    bool server_answered; /* in this run, whatever it said */
    enum outcome spared;  /* what calls come to without being made, for another
                             renewal has met its server; OUTCOME_DONE: none has
                             to be spared */

    bool is_new; /* it was begun in this run */

    struct session session;

    struct chain *authorities; /* that were read for others in this thread
                                  (sent.h); the caller's; NULL: none are kept */
    struct certificate *old_certificate;
    struct container *old_container; /* open, once it was needed */
    struct container *new_container; /* open, once it was made; known without
                                        its key where nothing is signed */
    char *new_password;              /* secret memory; "" for none */
    struct entropy *pool; /* for a key that is being made; NULL: not filled */

    bool again;       /* the person has come back to the step that runs */
    char offered[16]; /* the mode that the server offered when it was asked */

    struct failure failure;
    char absent[LOCATION_MAX]; /* the place whose token was missing in the step
                                  that runs; "": none */
};

/* An empty one; the pointers given are the caller's. OUTCOME_MEMORY. */
enum outcome renewal_init(struct renewal *renewal, struct journal *journal,
                          struct screen *screen, const struct clock *clock,
                          const struct options *options);
/* Frees what it holds, wipes the secrets, keeps the caller's. */
void renewal_free(struct renewal *renewal);

/* A new row: a new id, the old certificate (taken over), the options. Not
 * saved. */
void renewal_begin(struct renewal *renewal, struct container_info *old);

/* The form has been withdrawn, and another is wanted of another mode: the row
 * ends, and a new one of the same certificate, with the same session, takes
 * its place, at the opening of the form. */
enum outcome renewal_begin_again(struct renewal *renewal, const char *mode);

/* Take over a row that is in the journal (the record is moved). */
void renewal_take(struct renewal *renewal, struct record *record);

/* Go on from the step in the journal to the end, or until something stops
 * it; the outcome and its sentence are in the journal then. */
enum outcome renewal_run(struct renewal *renewal);

/* --- for the steps ------------------------------------------------------ */

/* Note why it stops; returns outcome. What was noted before is forgotten. */
enum outcome renewal_fail(struct renewal *renewal, enum outcome outcome,
                          const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of a fault; what: the container or file that it is about. */
enum outcome renewal_fault(struct renewal *renewal, enum fault fault,
                           const char *what);

/* The same of a prompt that did not end in an answer; what: the option that
 * gives it where there is nobody to ask. */
enum outcome renewal_unanswered(struct renewal *renewal, enum prompt_end end,
                                const char *what);

enum outcome renewal_save(struct renewal *renewal);

/* A field of the record: given once, kept. */
const char *renewal_get(const struct renewal *renewal, enum record_field field);
void renewal_set(struct renewal *renewal, enum record_field field,
                 const char *value);

#endif
