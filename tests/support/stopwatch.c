#include "tests/support/stopwatch.h"

#include <stdlib.h>
#include <time.h>

double stopwatch_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void stopwatch_sort(double *milliseconds, size_t count)
{
    qsort(milliseconds, count, sizeof *milliseconds, compare);
}
