#include "token/rutoken/card/patience.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct patience {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done, left; /* by the thread; by the caller, who waits no more */
    patience_work *work, *late;
    void *context;
};

static void dispose(struct patience *patience)
{
    (void)pthread_cond_destroy(&patience->changed);
    (void)pthread_mutex_destroy(&patience->mutex);
    free(patience);
}

static struct patience *new_patience(void)
{
    struct patience *patience = calloc(1, sizeof *patience);
    pthread_condattr_t attributes;

    if (patience == NULL)
        return NULL;
    (void)pthread_mutex_init(&patience->mutex, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&patience->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return patience;
}

/* Whoever is the last frees it. */
static void *run(void *argument)
{
    struct patience *patience = argument;
    bool left;

    patience->work(patience->context);
    pthread_mutex_lock(&patience->mutex);
    patience->done = true;
    left = patience->left;
    pthread_cond_signal(&patience->changed);
    pthread_mutex_unlock(&patience->mutex);
    if (left) {
        patience->late(patience->context);
        dispose(patience);
    }
    return NULL;
}

/* Signals are for the thread of the program. */
static bool start(struct patience *patience)
{
    sigset_t all, before;
    pthread_t thread;
    int result;

    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    result = pthread_create(&thread, NULL, run, patience);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result == 0)
        (void)pthread_detach(thread);
    return result == 0;
}

static bool wait_for(struct patience *patience, int milliseconds)
{
    struct timespec end;
    bool done;

    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += milliseconds / 1000;
    end.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&patience->mutex);
    while (!patience->done &&
           pthread_cond_timedwait(&patience->changed, &patience->mutex, &end) ==
               0)
        ;
    done = patience->done;
    patience->left = !done;
    pthread_mutex_unlock(&patience->mutex);
    return done;
}

bool patience_call(patience_work *work, patience_work *late, void *context,
                   int milliseconds)
{
    struct patience *patience = new_patience();
    bool done;

    if (patience != NULL) {
        patience->work = work;
        patience->late = late;
        patience->context = context;
    }
    if (patience == NULL || !start(patience)) {
        if (patience != NULL)
            dispose(patience);
        work(context);
        return true;
    }
    done = wait_for(patience, milliseconds);
    if (done)
        dispose(patience);
    return done;
}
