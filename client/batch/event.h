/* What happens in a batch, as it happens. Who works emits these and knows
 * nothing of who shows them: a bar in a terminal, JSON Lines, the report. */
#ifndef CLIENT_BATCH_EVENT_H
#define CLIENT_BATCH_EVENT_H

#include "client/outcome/outcome.h"
#include "client/renewal/renewal_record.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum event_kind {
    EVENT_CHECK,  /* before all others: so many rows were looked at (checked) */
    EVENT_BEGIN,  /* rows, jobs; the rows are those of the plan */
    EVENT_ROW,    /* a row came into a state: row, state and what is known */
    EVENT_PAUSE,  /* nobody calls any server before until: all asked for that */
    EVENT_ASK,    /* the person is about to be asked something at the screen, of
                     that row: nothing is to be written there … */
    EVENT_ASKED,  /* … until this */
    EVENT_HEARD,  /* message: a line of what a command of the user's printed, of
                     that row; as it was printed */
    EVENT_TICK,   /* nothing but time */
    EVENT_UNTOLD, /* the end of that row could not be told to the user's own
                     command; message: why, NULL: it was not tried any more */
    EVENT_END, /* outcome: the worst row's, or why the batch stopped; message:
                  why rows were left, with their servers or for codes that
                  are wrong or do not come; NULL: that is not so */
    EVENT_KINDS
};

/* Of a row. Each begins as ROW_QUEUED without an event; the last three are
 * ends, and so is ROW_WAITING where the event says so: the row comes into no
 * other state after one, in this run. */
enum row_state {
    ROW_QUEUED,   /* not begun, or to be taken up again as soon as can be */
    ROW_RUNNING,  /* step: which */
    ROW_WAITING,  /* for the server's decision, until: not asked before */
    ROW_NEEDS,    /* a person: message says what (a token, a code) */
    ROW_DONE,     /* renewed now, or in an earlier run */
    ROW_FAILED,   /* outcome, message */
    ROW_EXCLUDED, /* outcome: not begun, for it is not to be renewed */
    ROW_STATES
};

/* Everything in it lives until the taker returns. */
struct event {
    enum event_kind kind;
    time_t when;
    int64_t at; /* the same in ms of a clock that nobody sets: what lies between
                   two events is reckoned by it */
    size_t row; /* from 0, of the plan */
    enum row_state state;
    bool over; /* of ROW_WAITING: it does not wait any longer in this run */
    const char *step; /* its word (steps.c), or NULL */
    enum outcome outcome;
    const char *message;         /* the whole sentence, translated; NULL: the
                                    outcome's own */
    const struct record *record; /* NULL: there is none */
    time_t until;                /* 0: not known */
    size_t rows, jobs;           /* of EVENT_BEGIN; rows of EVENT_CHECK, too */
    size_t checked;
};

/* Called by one thread at a time. */
typedef void event_taker(void *context, const struct event *event);

#endif
