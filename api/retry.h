/* Which failures are tried again, and when. */
#ifndef API_RETRY_H
#define API_RETRY_H

#include "api/api.h"
#include "api/timer.h"

enum {
    RETRY_ATTEMPTS = 4,       /* by default */
    RETRY_TOTAL = 120 * 1000, /* ms of one call, pauses and exchanges */
    RETRY_LEAST = 1000,       /* ms: no exchange is begun with less left */
    RETRY_FIRST = 500,        /* ms before the second attempt, then doubled */
    RETRY_AFTER_MAX = 30      /* seconds of Retry-After that are waited */
};

struct retry {
    const struct timer *timer;
    unsigned attempts, tried;
    long long deadline;
};

/* What is known of an attempt that failed. */
struct retry_failure {
    enum api_result result;
    long status;      /* 0 without an answer */
    bool once;        /* the operation may not be done twice */
    bool sent;        /* the server may have got it */
    long retry_after; /* seconds, -1 when not said */
};

/* attempts 0: the default; within so many times RETRY_TOTAL. */
void retry_begin(struct retry *retry, const struct timer *timer,
                 unsigned attempts, long times);

/* Milliseconds left of the call. */
long retry_left(const struct retry *retry);

/* Milliseconds to pause before the next attempt, or -1: no more. Counts the
 * attempt. */
long retry_pause(struct retry *retry, const struct retry_failure *failure);

#endif
