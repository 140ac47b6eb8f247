/* How the rows of a batch come into the queue: each with what it needs for
 * itself, into the line of the server that it is at; and what becomes of the
 * line when the server is busy, lost or not to be trusted. */
#ifndef CLIENT_BATCH_RUN_LINEUP_H
#define CLIENT_BATCH_RUN_LINEUP_H

#include "client/batch/batch.h"
#include "client/batch/run/queue.h"
#include "client/batch/run/servers.h"

struct job_result;

struct lineup {
    const struct batch *batch;
    struct queue *queue;
    struct servers *servers;
};

/* Adds a row that is to be renewed. OUTCOME_DONE, OUTCOME_MEMORY, or why it is
 * not: it is not in the queue then. One that was begun while it was is brought
 * to its end; what is not plugged in may be later. late (NULL: whatever it is,
 * it is added): that it is not added yet, for it came to no code in its last
 * run. Its owner may be away: it goes behind the others, lest it is met first
 * in each run. */
enum outcome lineup_row(const struct lineup *lineup, size_t row, bool *late);

/* Adds one that is only to be told of, which needs no server. OUTCOME_DONE or
 * OUTCOME_MEMORY. */
enum outcome lineup_told(const struct lineup *lineup, size_t row);

/* What a row came to may concern all of its server. */
struct lineup_verdict {
    bool left;         /* none of them is gone on with in this run */
    time_t held_until; /* as of server.h */
};

struct lineup_verdict lineup_judge(const struct lineup *lineup,
                                   const struct job_result *result);

/* A server that asks to be left alone meanwhile is not asked for another row.
 */
void lineup_heed(const struct lineup *lineup);

#endif
