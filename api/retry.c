#include "api/retry.h"

#include <stddef.h>

enum again {
    NEVER,
    REPEATABLE, /* only what may be done twice, or never reached the server */
    ALWAYS      /* the server says that it did nothing */
};

/* The first row that fits; a status of 0: no answer. */
static const struct {
    enum api_result result;
    long status;
    enum again again;
} rules[] = {
    {API_UNREACHABLE, 0, REPEATABLE}, {API_TIMEOUT, 0, REPEATABLE},
    {API_TIMEOUT, 408, ALWAYS},       {API_BUSY, 429, ALWAYS},
    {API_BUSY, 503, ALWAYS},          {API_SERVER, 500, REPEATABLE},
    {API_SERVER, 502, REPEATABLE},    {API_SERVER, 504, REPEATABLE},
};

static bool is_transient(const struct retry_failure *failure)
{
    enum again again = NEVER;

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].result == failure->result &&
            rules[i].status == failure->status)
            again = rules[i].again;
    return again == ALWAYS ||
           (again == REPEATABLE && (!failure->once || !failure->sent));
}

void retry_begin(struct retry *retry, const struct timer *timer,
                 unsigned attempts, long times)
{
    *retry = (struct retry){
        .timer = timer,
        .attempts = attempts == 0 ? RETRY_ATTEMPTS : attempts,
        .deadline = timer->now(timer->self) + times * RETRY_TOTAL,
    };
}

long retry_left(const struct retry *retry)
{
    long long left = retry->deadline - retry->timer->now(retry->timer->self);

    return left > 0 ? (long)left : 0;
}

/* From the second attempt on 0.5 s, 1 s, 2 s … and up to half as much again,
 * so that many clients do not come back together. */
long retry_pause(struct retry *retry, const struct retry_failure *failure)
{
    const struct timer *timer = retry->timer;
    unsigned doublings = retry->tried < 5 ? retry->tried : 5;
    long pause = RETRY_FIRST << doublings;

    retry->tried++;
    if (retry->tried >= retry->attempts || !is_transient(failure) ||
        failure->retry_after > RETRY_AFTER_MAX)
        return -1;
    if (failure->retry_after * 1000 > pause)
        pause = failure->retry_after * 1000;
    pause += timer->random(timer->self, pause / 2 + 1);
    return pause + RETRY_LEAST <= retry_left(retry) ? pause : -1;
}
