/* What a batch has come to: the state of every row, kept from the events. */
#ifndef CLIENT_REPORT_LEDGER_H
#define CLIENT_REPORT_LEDGER_H

#include "client/batch/event.h"
#include "client/batch/plan.h"

enum { LEDGER_PACE = 64 /* ends by which the pace is measured */ };

/* Texts are owned; NULL where not known. */
struct ledger_row {
    enum row_state state;
    bool over;            /* nothing more is done for it in this run */
    enum outcome outcome; /* of a row that is */
    int64_t begun, ended; /* in this run, by event.at; 0: not */
    time_t until;         /* of ROW_WAITING … */
    int64_t waits;        /* … and the same by event.at; 0: it does not */
    char *message;        /* the sentence, where it did not end well */
    char *renewal, *trace_id;
    char *new_container, *backup_container;
    time_t new_not_after;
    bool untold; /* its end, to the user's own command */
};

struct ledger {
    const struct plan *plan;
    struct ledger_row *row;
    size_t count[ROW_STATES];
    size_t over; /* rows that are */
    size_t jobs;
    time_t begun, ended; /* 0: not yet */
    int64_t begun_at;    /* by event.at, as all that follows */
    int64_t pause;       /* the server is not asked before this */
    bool lost;           /* nobody reached the server that was asked last */
    enum outcome outcome;
    char *why;   /* the sentence of the end, NULL: the outcome's */
    bool failed; /* sticky: no memory; the report would have holes */

    int64_t pace[LEDGER_PACE]; /* a ring: when rows ended that were worked on */
    int64_t lasted;            /* ms that the last of them took */
    size_t paced;

    char *complaint; /* why the first that is untold could not be told */
};

/* The plan is the caller's and outlives it. False without memory. */
bool ledger_init(struct ledger *ledger, const struct plan *plan);
void ledger_free(struct ledger *ledger);

/* An event_taker's work. */
void ledger_take(struct ledger *ledger, const struct event *event);

/* What happened to a row and what to do about it, translated; NULL where
 * there is nothing to be told. */
const char *ledger_message(const struct ledger_row *row);
const char *ledger_advice(const struct ledger_row *row);

/* How all of it ended, translated. */
const char *ledger_why(const struct ledger *ledger);

/* Seconds that a row took in this run, -1: it never began, or is not over. */
long ledger_seconds(const struct ledger_row *row);

/* Seconds until the last row is over, by the pace of the last ends and by
 * what is known of the waits; -1 where nothing can be said honestly yet. at:
 * now, by event.at. */
long ledger_left(const struct ledger *ledger, int64_t at);

/* The word of a state, for programs. */
const char *ledger_state_word(enum row_state state);

struct ledger_group {
    enum outcome outcome;
    enum row_state state; /* ROW_WAITING, ROW_DONE, ROW_FAILED, ROW_EXCLUDED */
    size_t count;
};

/* The rows that are over by what they came to: those that failed first, then
 * those that wait, the worst (by exit status) before the others. How many
 * groups. */
size_t ledger_groups(const struct ledger *ledger,
                     struct ledger_group groups[OUTCOME_COUNT]);

#endif
