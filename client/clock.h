/* The time, behind a small table of functions so that a test can set it. */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdbool.h>
#include <time.h>

struct clock {
    time_t (*now)(void *context);
    /* Sleep; false when a signal ended it early. */
    bool (*sleep)(void *context, double seconds);
    void *context;
};

/* The machine's. */
extern const struct clock clock_real;

static inline time_t clock_now(const struct clock *clock)
{
    return clock->now(clock->context);
}

static inline bool clock_sleep(const struct clock *clock, double seconds)
{
    return clock->sleep(clock->context, seconds);
}

#endif
