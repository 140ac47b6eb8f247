#include "api/timer.h"

#include "api/api.h"

#include <sodium.h>
#include <stdatomic.h>
#include <time.h>

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "a signal handler sets it");
static atomic_bool cancelled;

void api_cancel(void)
{
    atomic_store(&cancelled, true);
}

bool timer_cancelled(void)
{
    return atomic_load(&cancelled);
}

static long long now(void *self)
{
    struct timespec at = {0};

    (void)self;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000LL + at.tv_nsec / 1000000;
}

/* In slices: a signal between a look at the flag and one long sleep would
 * not be seen until its end. */
static void pause_for(void *self, long milliseconds)
{
    const struct timespec slice = {.tv_nsec = 50 * 1000000};
    long long until = now(self) + milliseconds;

    while (!timer_cancelled() && now(self) < until)
        nanosleep(&slice, NULL);
}

static long random_below(void *self, long below)
{
    (void)self;
    return (long)randombytes_uniform((uint32_t)below);
}

const struct timer timer_system = {
    .now = now, .pause = pause_for, .random = random_below};
