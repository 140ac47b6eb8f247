/* A queue of a test, and what comes of it. */
#ifndef TESTS_SUPPORT_QUEUED_H
#define TESTS_SUPPORT_QUEUED_H

#include "client/batch/run/queue.h"

/* The next row, which there is. */
size_t taken(struct queue *queue, bool begin);

/* Rows of one line. */
struct queue *in_one_line(size_t rows);

#endif
