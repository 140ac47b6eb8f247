#include "client/scan/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
    BUNCH = 16,      /* things that a thread takes on at a time */
    AHEAD = 4,       /* bunches of a thread that wait to be taken */
    THREADS_MAX = 8, /* the one that takes cannot keep up with more */
    BUNCHES_MAX = AHEAD * THREADS_MAX,
    WORTH_WHILE = 64 /* things; for fewer no thread is started */
};

/* Thread t of n works on the bunches t, t + n, t + 2n … and so always on the
 * same places of the ring: it drops there what it made itself, which malloc
 * likes much better than when another thread does. */
struct crew {
    const struct parallel *job;
    char *results; /* a ring of bunches */
    size_t threads;
    size_t bunches, ring; /* all of them; places in the ring */
    pthread_mutex_t mutex;
    pthread_cond_t room, ready;
    size_t taken; /* bunches */
    bool done[BUNCHES_MAX];
    bool over; /* nothing more is wanted */
};

struct worker {
    struct crew *crew;
    size_t number;
    pthread_t thread;
};

static void *result_at(const struct crew *crew, size_t thing)
{
    return crew->results + thing % (crew->ring * BUNCH) * crew->job->size;
}

static size_t end_of(const struct crew *crew, size_t bunch)
{
    size_t end = (bunch + 1) * BUNCH;

    return end < crew->job->count ? end : crew->job->count;
}

static void drop_bunch(struct crew *crew, size_t bunch)
{
    for (size_t i = bunch * BUNCH; i < end_of(crew, bunch); i++)
        crew->job->drop(result_at(crew, i));
}

/* When there is room for its results; false where none are wanted. */
static bool await_room(struct crew *crew, size_t bunch)
{
    bool wanted;

    pthread_mutex_lock(&crew->mutex);
    while (!crew->over && bunch - crew->taken >= crew->ring &&
           bunch >= crew->taken)
        pthread_cond_wait(&crew->room, &crew->mutex);
    wanted = !crew->over;
    pthread_mutex_unlock(&crew->mutex);
    return wanted;
}

static void work_on(struct crew *crew, size_t bunch)
{
    const struct parallel *job = crew->job;

    for (size_t i = bunch * BUNCH; i < end_of(crew, bunch); i++)
        job->work(job->context, i, result_at(crew, i));
    pthread_mutex_lock(&crew->mutex);
    crew->done[bunch % crew->ring] = true;
    pthread_cond_signal(&crew->ready);
    pthread_mutex_unlock(&crew->mutex);
}

static void *work(void *context)
{
    const struct worker *worker = context;
    struct crew *crew = worker->crew;
    size_t bunch = worker->number, first = bunch;

    for (; bunch < crew->bunches && await_room(crew, bunch);
         bunch += crew->threads) {
        if (bunch >= crew->ring) {
            drop_bunch(crew, bunch - crew->ring);
            first = bunch - crew->ring + crew->threads;
        }
        work_on(crew, bunch);
    }
    /* What is still there is in use until it was taken. */
    pthread_mutex_lock(&crew->mutex);
    while (!crew->over)
        pthread_cond_wait(&crew->room, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
    for (; first < bunch; first += crew->threads)
        drop_bunch(crew, first);
    return NULL;
}

/* Signals are for the thread that the program began with. */
static size_t start(struct crew *crew, struct worker *worker)
{
    sigset_t all, before;
    size_t started = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < crew->threads) {
        worker[started].crew = crew;
        worker[started].number = started;
        if (pthread_create(&worker[started].thread, NULL, work,
                           &worker[started]) != 0)
            break;
        started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void await_bunch(struct crew *crew, size_t bunch)
{
    pthread_mutex_lock(&crew->mutex);
    while (!crew->done[bunch % crew->ring])
        pthread_cond_wait(&crew->ready, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}

static void make_room(struct crew *crew, size_t bunch)
{
    pthread_mutex_lock(&crew->mutex);
    crew->done[bunch % crew->ring] = false;
    crew->taken = bunch + 1;
    pthread_cond_broadcast(&crew->room);
    pthread_mutex_unlock(&crew->mutex);
}

static void end(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    crew->over = true;
    pthread_cond_broadcast(&crew->room);
    pthread_mutex_unlock(&crew->mutex);
}

static enum fault take_all(struct crew *crew)
{
    const struct parallel *job = crew->job;
    enum fault fault = FAULT_NONE;

    for (size_t bunch = 0; bunch < crew->bunches && fault == FAULT_NONE;
         bunch++) {
        await_bunch(crew, bunch);
        for (size_t i = bunch * BUNCH;
             i < end_of(crew, bunch) && fault == FAULT_NONE; i++)
            fault = job->take(job->context, i, result_at(crew, i));
        make_room(crew, bunch);
    }
    end(crew);
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

/* False where not all of the threads could be had; then nothing was taken. */
static bool run_crew(struct crew *crew, enum fault *fault)
{
    struct worker worker[THREADS_MAX];
    size_t started = start(crew, worker);

    if (started == crew->threads)
        *fault = take_all(crew);
    else
        end(crew);
    for (size_t i = 0; i < started; i++)
        pthread_join(worker[i].thread, NULL);
    return started == crew->threads;
}

enum fault parallel_run(const struct parallel *job)
{
    struct crew crew = {.job = job,
                        .threads = processors(),
                        .bunches = (job->count + BUNCH - 1) / BUNCH,
                        .mutex = PTHREAD_MUTEX_INITIALIZER,
                        .room = PTHREAD_COND_INITIALIZER,
                        .ready = PTHREAD_COND_INITIALIZER};
    enum fault fault = FAULT_MEMORY;

    if (job->count < WORTH_WHILE)
        crew.threads = 1;
    crew.ring = AHEAD * crew.threads;
    crew.results = calloc(crew.ring * BUNCH, job->size);
    if (crew.results != NULL && (crew.threads == 1 || !run_crew(&crew, &fault)))
        fault = run_alone(job, crew.results);
    pthread_cond_destroy(&crew.ready);
    pthread_cond_destroy(&crew.room);
    pthread_mutex_destroy(&crew.mutex);
    free(crew.results);
    return fault;
}
