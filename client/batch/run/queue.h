/* Whose turn it is: the rows of a batch for the jobs that work on them.
 *
 * A row is not begun, runs, waits for a moment, or is over. Each stands in a
 * line (lines.h): the rows of one server. Two rows that need the same thing (a
 * token) never run at once, and a telephone is of one row at a time, while a
 * code is on its way to it; the others pass them by. Threads share a queue. */
#ifndef CLIENT_BATCH_RUN_QUEUE_H
#define CLIENT_BATCH_RUN_QUEUE_H

#include "client/batch/run/telephone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QUEUE_THINGS = 4,   /* that a row needs for itself, at most */
    QUEUE_JOBS_MAX = 64 /* rows that run at once */
};

/* What a row has a telephone for; each may be another. */
enum queue_use { QUEUE_SIGN_IN, QUEUE_CONFIRM, QUEUE_USES };

struct queue;

/* For rows 0 to rows - 1 and lines 0 to lines - 1. NULL without memory. */
struct queue *queue_new(size_t rows, size_t lines);
void queue_free(struct queue **queue);

/* --- before any row is taken --------------------------------------------- */

/* A row that is to be begun, behind those that stand in the line already. */
void queue_add(struct queue *queue, size_t row, size_t line);

/* A thing that the row needs for itself, by a name for it. "" is none. Of more
 * than QUEUE_THINGS the last takes the place of the one before. */
void queue_needs(struct queue *queue, size_t row, const char *thing);

/* The telephone that the row signs in by. It is taken with it, as if
 * reserved. */
void queue_wants(struct queue *queue, size_t row, struct telephone telephone);

/* --- then ---------------------------------------------------------------- */

/* The next row, which runs then; waits for one. begin: one that is not begun
 * will do, too. False when the queue is closed or every row is over. */
bool queue_take(struct queue *queue, bool begin, size_t *row);

/* A telephone of a row that runs, which is its alone until it names another one
 * or none for the same use or is given back to wait. False: it is another
 * row's, or enough rows have one (queue_narrow), and this one is to be given
 * back; it is then taken when all that it wants is free. */
bool queue_reserve(struct queue *queue, size_t row, enum queue_use use,
                   struct telephone telephone);

/* From now on no more rows than that have telephones at once; those that have
 * some keep them. SIZE_MAX, as it is at first: as many as want some. */
void queue_narrow(struct queue *queue, size_t most);

/* A row that runs belongs to that line. */
void queue_move(struct queue *queue, size_t row, size_t line);

/* What becomes of a row that runs. at: a moment of queue_now; looks: it does no
 * more then, at first, than look whether what it needs is there (lines.h). */
void queue_end(struct queue *queue, size_t row);
void queue_wait(struct queue *queue, size_t row, int64_t at, bool looks);

/* --- lines --------------------------------------------------------------- */

/* As of lines.h. */
void queue_doubt(struct queue *queue, size_t line, int64_t until);
void queue_trust(struct queue *queue, size_t line);
void queue_shut(struct queue *queue, size_t line);
int64_t queue_pause(struct queue *queue);

/* Nothing is taken any more. */
void queue_close(struct queue *queue);

/* Waits so many milliseconds, or until every row is over that is not in a line
 * that is shut, or, once it is closed, none runs: true then. */
bool queue_over(struct queue *queue, unsigned milliseconds);

/* A clock that nobody sets, in milliseconds. */
int64_t queue_now(void);

#endif
