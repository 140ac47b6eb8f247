/* The processor time of pieces of work, for benchmarks. */
#ifndef TESTS_SUPPORT_STOPWATCH_H
#define TESTS_SUPPORT_STOPWATCH_H

#include <stddef.h>

/* What this process has used so far, in milliseconds. */
double stopwatch_now(void);

/* The least first: then the median is in the middle. */
void stopwatch_sort(double *milliseconds, size_t count);

#endif
