/* A batch: the renewals of a plan, several at a time.
 *
 * The journal is its queue. A row is the renewal of one old certificate,
 * which the journal knows by its thumbprint: begun in an earlier run it is
 * gone on with, done it is not done again. So a batch may be stopped or
 * killed at any moment, and is gone on with by running its plan again, with
 * more rows or fewer. A renewal that has to wait for the server gives its
 * job to another one. */
#ifndef CLIENT_BATCH_BATCH_H
#define CLIENT_BATCH_BATCH_H

#include "client/batch/event.h"
#include "client/batch/plan.h"
#include "client/clock.h"
#include "client/options.h"
#include "client/renewal/journal.h"
#include "client/screen/screen.h"

struct timer;
struct unbegun;

enum {
    BATCH_JOBS = 8,
    BATCH_JOBS_MAX = 20, /* enrollment-api's limit */
    BATCH_PATIENCE = 15  /* minutes of a server that nobody reaches */
};

struct batch {
    struct journal *journal;
    const struct plan *plan; /* inspected (plan_inspect) */
    const struct options *options;
    const struct clock *clock;
    const struct timer *timer; /* by which it gives up a lost server */
    /* Of the person who is asked for codes where options name neither a
     * command nor a place for them; they are asked one after the other. */
    struct screen *screen;
    size_t jobs; /* 1 to BATCH_JOBS_MAX */
    /* What was told of rows that never began (client/batch/run/unbegun.h),
     * NULL: it is told each time. */
    struct unbegun *unbegun;
    /* Somebody sees what goes on at a terminal: EVENT_TICK comes each second,
     * and what commands print comes as EVENT_HEARD; else it goes to stderr. */
    bool watched;

    /* Called by one thread at a time; not NULL. */
    event_taker *take;
    void *context;
};

/* Runs it to the end of every row, or until something stops it (a signal, a
 * journal that cannot be written, codes that are wrong or do not come):
 * EVENT_BEGIN first, EVENT_END last. The rest of the rows of a server that
 * cannot be reached or trusted, or asks for too much patience, is left. Rows
 * whose offer is not OUTCOME_DONE are ROW_EXCLUDED. A row that waits for longer
 * than options->wait is left for the next run: ROW_WAITING for good. Returns
 * the outcome of EVENT_END. */
enum outcome batch_run(const struct batch *batch);

#endif
