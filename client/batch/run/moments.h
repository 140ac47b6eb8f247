/* The rows that wait for a moment, the earliest first. */
#ifndef CLIENT_BATCH_RUN_MOMENTS_H
#define CLIENT_BATCH_RUN_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct moment {
    int64_t at; /* of queue_now */
    uint32_t row;
    uint32_t number; /* of its coming: the order where moments are the same */
    bool looks;      /* as queue_wait has it */
};

struct moments;

/* For so many rows. NULL without memory. */
struct moments *moments_new(size_t rows);
void moments_free(struct moments **moments);

void moments_add(struct moments *moments, int64_t at, uint32_t row, bool looks);

/* NULL: none waits. */
const struct moment *moments_first(const struct moments *moments);

/* The first one, of those there are, which waits no more. */
struct moment moments_take(struct moments *moments);

#endif
