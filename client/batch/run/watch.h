/* Of the threads that wait for something to do, one watches what happens, and
 * the others wait for its place. Were all of them woken by everything, those
 * that find nothing to do would cost more than those that do something.
 *
 * Each function is called with the lock of what is watched held. */
#ifndef CLIENT_BATCH_RUN_WATCH_H
#define CLIENT_BATCH_RUN_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct watch {
    pthread_cond_t happened; /* for the one that watches */
    pthread_cond_t free;     /* for the others */
    bool kept;
};

/* 0 or -1; free with watch_free. */
int watch_init(struct watch *watch);
void watch_free(struct watch *watch);

/* Until something happens, as far as this thread is concerned; who watches is
 * back at a moment of queue_now, too, where it is not 0. Look then whether
 * there is something to do, and wait again or leave. */
void watch_wait(struct watch *watch, pthread_mutex_t *lock, int64_t at);

/* This thread waits no more: another one has a look, and watches. */
void watch_leave(struct watch *watch);

/* Something has happened: who watches has a look. all: the others, too. */
void watch_tell(struct watch *watch, bool all);

/* pthread_cond_timedwait until a moment of queue_now, by a clock that nobody
 * sets. */
void watch_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t at);

#endif
