#include "api/pace.h"

#include "api/timer.h"

#include <pthread.h>
#include <stdlib.h>

enum { SPREAD = 250 /* ms */ };

struct pace {
    pthread_mutex_t lock;
    long long until; /* of the timer, in ms */
};

struct pace *pace_new(void)
{
    struct pace *pace = calloc(1, sizeof *pace);

    if (pace != NULL && pthread_mutex_init(&pace->lock, NULL) != 0) {
        free(pace);
        return NULL;
    }
    return pace;
}

void pace_free(struct pace **pace)
{
    if (*pace == NULL)
        return;
    pthread_mutex_destroy(&(*pace)->lock);
    free(*pace);
    *pace = NULL;
}

void pace_hold(struct pace *pace, const struct timer *timer, long seconds)
{
    const long long until = timer->now(timer->self) + 1000LL * seconds;

    pthread_mutex_lock(&pace->lock);
    if (until > pace->until)
        pace->until = until;
    pthread_mutex_unlock(&pace->lock);
}

long pace_left(struct pace *pace, const struct timer *timer)
{
    const long long now = timer->now(timer->self);
    long left = 0;

    pthread_mutex_lock(&pace->lock);
    if (pace->until > now)
        left = (long)(pace->until - now);
    pthread_mutex_unlock(&pace->lock);
    return left;
}

bool pace_wait(struct pace *pace, const struct timer *timer, long most)
{
    const long long begun = timer->now(timer->self);
    long left;

    /* It may be held again meanwhile. */
    while ((left = pace_left(pace, timer)) > 0 && !timer_cancelled()) {
        if (timer->now(timer->self) - begun + left > most)
            return false;
        timer->pause(timer->self, left + timer->random(timer->self, SPREAD));
    }
    return !timer_cancelled();
}
