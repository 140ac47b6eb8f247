/* Whose turn it is: the rows of a batch for the jobs that work on them.
 *
 * A row is not begun, runs, waits for a moment, or is over. Those whose moment
 * has come are taken before new ones are begun: what is begun is brought to
 * its end. Two rows that need the same thing (a token) never run at once, and
 * a telephone is of one row at a time, while a code is on its way to it; the
 * others pass them by. Threads share a queue. */
#ifndef CLIENT_BATCH_RUN_QUEUE_H
#define CLIENT_BATCH_RUN_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QUEUE_THINGS = 4,       /* that a row needs for itself, at most */
    QUEUE_JOBS_MAX = 64,    /* rows that run at once */
    QUEUE_NONE = UINT32_MAX /* no row */
};

struct queue;

/* Rows 0 to rows - 1, none of them begun. NULL without memory. */
struct queue *queue_new(size_t rows);
void queue_free(struct queue **queue);

/* A thing that the row needs for itself, by a name for it; before any row is
 * taken. "" is none. Of more than QUEUE_THINGS the last takes the place of
 * the one before. */
void queue_needs(struct queue *queue, size_t row, const char *thing);

/* The telephone that the row begins with; before any row is taken. It is taken
 * with it, as if reserved. */
void queue_wants(struct queue *queue, size_t row, const char *telephone);

/* The telephone of a row that runs, which is its alone until it names another
 * one or none (NULL) or is given back to wait. False: it is another row's, and
 * this one is to be given back; it is then taken when the telephone is free. */
bool queue_reserve(struct queue *queue, size_t row, const char *telephone);

/* The row is over before it was begun. */
void queue_drop(struct queue *queue, size_t row);

/* The next row, which runs then; waits for one. begin: one that is not begun
 * will do, too. False when the queue is closed or every row is over. */
bool queue_take(struct queue *queue, bool begin, size_t *row);

/* What becomes of a row that runs. At: a moment of queue_now. */
void queue_end(struct queue *queue, size_t row);
void queue_wait(struct queue *queue, size_t row, int64_t at);

/* Nothing is taken any more. */
void queue_close(struct queue *queue);

/* Waits so many milliseconds, or until every row is over, or, once it is
 * closed, none runs: true then. */
bool queue_over(struct queue *queue, unsigned milliseconds);

/* A clock that nobody sets, in milliseconds. */
int64_t queue_now(void);

#endif
