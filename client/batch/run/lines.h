/* The lines in which rows of a batch stand: one a server. Of each: the rows
 * that are not begun, those whose moment to go on has come, and those that look
 * again for what a person plugs in, in the order of their coming.
 *
 * The line of which the fewest rows run is served first, so that a slow one
 * does not take all jobs; among several those that are not doubted, in turns.
 * In it those whose moment has come are taken before new ones are begun: what
 * is begun is brought to its end. Who only looks takes turns with the new ones,
 * for a thousand of them would never let those begin. One thread at a time
 * (queue.c). */
#ifndef CLIENT_BATCH_RUN_LINES_H
#define CLIENT_BATCH_RUN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_NONE = UINT32_MAX /* no row */ };

struct lines;

/* For rows 0 to rows - 1 and lines 0 to count - 1. NULL without memory. */
struct lines *lines_new(size_t rows, size_t count);
void lines_free(struct lines **lines);

/* A row that is to be begun; of each the first call. */
void lines_add(struct lines *lines, uint32_t row, size_t line);

/* The next row, which runs then; LINES_NONE: there is none now. begin: one
 * that is not begun will do, too. is_free: whether one may run. */
typedef bool lines_check(const void *context, uint32_t row);
uint32_t lines_take(struct lines *lines, bool begin, int64_t now,
                    lines_check *is_free, const void *context);

/* What becomes of a row that runs: it belongs to that line (false: it was in it
 * already), is over, or waits for its moment … */
bool lines_move(struct lines *lines, uint32_t row, size_t line);
void lines_end(struct lines *lines, uint32_t row);
void lines_wait(struct lines *lines, uint32_t row);
/* … which has come; it looks then whether what it needs is there. */
void lines_due(struct lines *lines, uint32_t row);
void lines_look(struct lines *lines, uint32_t row);

/* None of a line is taken before that moment, and then one at a time, to try,
 * until the line is trusted again (false: it was all the time). */
void lines_doubt(struct lines *lines, size_t line, int64_t until);
bool lines_trust(struct lines *lines, size_t line);
/* None is taken any more. */
void lines_shut(struct lines *lines, size_t line);

/* Rows that neither run nor are over, of lines that are not shut. */
size_t lines_left(const struct lines *lines);

/* The first moment after now until which a line is doubted, 0: there is none.
 */
int64_t lines_next(const struct lines *lines, int64_t now);
/* The same where every line that is not shut and has rows, waiting or running,
 * is doubted until then or longer; else 0. */
int64_t lines_pause(const struct lines *lines, int64_t now);

#endif
