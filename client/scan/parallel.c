#include "client/scan/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    BUNCH = 16,      /* things that a thread takes on at a time */
    BUNCHES = 16,    /* that are under way or wait to be taken */
    THREADS_MAX = 8, /* the one that takes cannot keep up with more */
    WORTH_WHILE = 64 /* things; for fewer no thread is started */
};

struct crew {
    const struct parallel *job;
    char *results; /* a ring of BUNCHES * BUNCH */
    pthread_mutex_t mutex;
    pthread_cond_t room, ready;
    size_t begun, taken; /* bunches */
    bool done[BUNCHES];
    bool over; /* nothing more is wanted */
};

static void *result_at(const struct crew *crew, size_t thing)
{
    return crew->results + thing % (BUNCHES * BUNCH) * crew->job->size;
}

static size_t end_of(const struct crew *crew, size_t bunch)
{
    size_t end = (bunch + 1) * BUNCH;

    return end < crew->job->count ? end : crew->job->count;
}

static size_t bunches_of(const struct crew *crew)
{
    return (crew->job->count + BUNCH - 1) / BUNCH;
}

/* The next bunch, when there is room for its results; false at the end. */
static bool begin(struct crew *crew, size_t *bunch)
{
    bool begun;

    pthread_mutex_lock(&crew->mutex);
    while (!crew->over && crew->begun < bunches_of(crew) &&
           crew->begun - crew->taken == BUNCHES)
        pthread_cond_wait(&crew->room, &crew->mutex);
    begun = !crew->over && crew->begun < bunches_of(crew);
    if (begun)
        *bunch = crew->begun++;
    pthread_mutex_unlock(&crew->mutex);
    return begun;
}

static void *work(void *context)
{
    struct crew *crew = context;
    const struct parallel *job = crew->job;
    size_t bunch;

    while (begin(crew, &bunch)) {
        for (size_t i = bunch * BUNCH; i < end_of(crew, bunch); i++)
            job->work(job->context, i, result_at(crew, i));
        pthread_mutex_lock(&crew->mutex);
        crew->done[bunch % BUNCHES] = true;
        pthread_cond_signal(&crew->ready);
        pthread_mutex_unlock(&crew->mutex);
    }
    return NULL;
}

/* Signals are for the thread that the program began with. */
static size_t start(struct crew *crew, pthread_t *thread, size_t wanted)
{
    sigset_t all, before;
    size_t started = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < wanted &&
           pthread_create(&thread[started], NULL, work, crew) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void await(struct crew *crew, size_t bunch)
{
    pthread_mutex_lock(&crew->mutex);
    while (!crew->done[bunch % BUNCHES])
        pthread_cond_wait(&crew->ready, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}

static void make_room(struct crew *crew, size_t bunch, bool over)
{
    pthread_mutex_lock(&crew->mutex);
    crew->done[bunch % BUNCHES] = false;
    crew->taken = bunch + 1;
    crew->over = over;
    pthread_cond_broadcast(&crew->room);
    pthread_mutex_unlock(&crew->mutex);
}

static enum fault take_bunch(struct crew *crew, size_t bunch, enum fault fault)
{
    const struct parallel *job = crew->job;

    for (size_t i = bunch * BUNCH; i < end_of(crew, bunch); i++) {
        if (fault == FAULT_NONE)
            fault = job->take(job->context, i, result_at(crew, i));
        job->drop(result_at(crew, i));
    }
    return fault;
}

/* After a fault those that are under way are waited for and dropped. */
static enum fault take_all(struct crew *crew)
{
    enum fault fault = FAULT_NONE;

    for (size_t bunch = 0; bunch < bunches_of(crew); bunch++) {
        if (fault != FAULT_NONE && bunch == crew->begun)
            break;
        await(crew, bunch);
        fault = take_bunch(crew, bunch, fault);
        make_room(crew, bunch, fault != FAULT_NONE);
    }
    return fault;
}

static enum fault run_alone(const struct parallel *job, void *result)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < job->count && fault == FAULT_NONE; i++) {
        job->work(job->context, i, result);
        fault = job->take(job->context, i, result);
        job->drop(result);
    }
    return fault;
}

static size_t processors(void)
{
    cpu_set_t set;
    int count =
        sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    return count > THREADS_MAX ? THREADS_MAX : (size_t)count;
}

enum fault parallel_run(const struct parallel *job)
{
    struct crew crew = {.job = job,
                        .mutex = PTHREAD_MUTEX_INITIALIZER,
                        .room = PTHREAD_COND_INITIALIZER,
                        .ready = PTHREAD_COND_INITIALIZER};
    pthread_t thread[THREADS_MAX];
    size_t threads = 0;
    enum fault fault;

    crew.results = calloc(BUNCHES * BUNCH, job->size);
    if (crew.results == NULL)
        return FAULT_MEMORY;
    if (job->count >= WORTH_WHILE && processors() > 1)
        threads = start(&crew, thread, processors());
    fault = threads > 0 ? take_all(&crew) : run_alone(job, crew.results);
    for (size_t i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    pthread_cond_destroy(&crew.ready);
    pthread_cond_destroy(&crew.room);
    pthread_mutex_destroy(&crew.mutex);
    free(crew.results);
    return fault;
}
