/* One kind of work on many things at once, its results taken in order. */
#ifndef CLIENT_SCAN_PARALLEL_H
#define CLIENT_SCAN_PARALLEL_H

#include "keygen/fault.h"

#include <stddef.h>

struct parallel {
    size_t count; /* things, from 0 */
    size_t size;  /* bytes of a result */

    /* Fill in the result of a thing; in any thread, several at once. */
    void (*work)(void *context, size_t thing, void *result);
    /* Take it, in the caller's thread, in the order of the things. After a
     * fault no other is taken. */
    enum fault (*take)(void *context, size_t thing, void *result);
    /* Free what is in it: of each that was worked out, taken or not. */
    void (*drop)(void *result);
    void *context;
};

/* On as many processors as this process may use; with few things in the
 * caller's thread alone. The fault of take, or FAULT_MEMORY. At most some
 * hundred results are held at a time. */
MUST_CHECK enum fault parallel_run(const struct parallel *job);

#endif
