/* A pool of what a person does, mixed with what the system gives.
 *
 * The pool only ever adds to the system's randomness: what is drawn is
 * Hash(pool ‖ 64 bytes of getrandom ‖ context). Bits are counted
 * conservatively; the health tests of SP 800-90B 4.4 (repetition count,
 * adaptive proportion) run on what is fed. */
#ifndef KEYGEN_ENTROPY_H
#define KEYGEN_ENTROPY_H

#include "keygen/fault.h"

#include <stddef.h>
#include <stdint.h>

struct entropy;

enum { ENTROPY_WANTED = 256 }; /* bits that a full pool has counted */

/* An empty pool in secret memory. Free with entropy_free. */
MUST_CHECK enum fault entropy_new(struct entropy **pool);
void entropy_free(struct entropy **pool);

/* One event of a keyboard or a mouse: its bytes and its moment in
 * nanoseconds. Counts at most a few bits, none for a repeated event.
 * FAULT_ENTROPY when a health test fails: the pool is then unusable. */
MUST_CHECK enum fault entropy_event(struct entropy *pool, const void *data,
                                    size_t size, uint64_t nanoseconds);

/* Bytes of a file or device of the user's own, health-tested as a source of
 * bytes; counted at one bit a byte. */
MUST_CHECK enum fault entropy_feed(struct entropy *pool, const void *data,
                                   size_t size);

/* Bits counted so far, at most ENTROPY_WANTED. */
unsigned entropy_bits(const struct entropy *pool);

/* Fill out with size bytes (at most 128). An empty pool gives the system's
 * randomness alone. context separates uses ("key", "mask"). */
MUST_CHECK enum fault entropy_draw(struct entropy *pool, const char *context,
                                   uint8_t *out, size_t size);

#endif
