#include "client/batch/run/watch.h"

#include <time.h>

int watch_init(struct watch *watch)
{
    *watch = (struct watch){.kept = false};
    if (pthread_cond_init(&watch->happened, NULL) != 0)
        return -1;
    if (pthread_cond_init(&watch->free, NULL) == 0)
        return 0;
    pthread_cond_destroy(&watch->happened);
    return -1;
}

void watch_free(struct watch *watch)
{
    pthread_cond_destroy(&watch->happened);
    pthread_cond_destroy(&watch->free);
}

void watch_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t at)
{
    const struct timespec moment = {.tv_sec = at / 1000,
                                    .tv_nsec = at % 1000 * 1000000};

    pthread_cond_clockwait(condition, lock, CLOCK_MONOTONIC, &moment);
}

void watch_wait(struct watch *watch, pthread_mutex_t *lock, int64_t at)
{
    if (watch->kept) {
        pthread_cond_wait(&watch->free, lock);
        return;
    }
    watch->kept = true;
    if (at != 0)
        watch_until(&watch->happened, lock, at);
    else
        pthread_cond_wait(&watch->happened, lock);
    watch->kept = false;
}

void watch_leave(struct watch *watch)
{
    if (!watch->kept)
        pthread_cond_signal(&watch->free);
}

void watch_tell(struct watch *watch, bool all)
{
    pthread_cond_signal(&watch->happened);
    if (all)
        pthread_cond_broadcast(&watch->free);
}
