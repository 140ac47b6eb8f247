#include "client/batch/run/queue.h"

#include "client/batch/run/lines.h"
#include "client/batch/run/moments.h"
#include "client/batch/run/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Names of things are kept as hashes: were two the same by chance, two rows
 * would run one after the other. */
struct row {
    uint64_t thing[QUEUE_THINGS];        /* of all its runs */
    struct telephone wanted[QUEUE_USES]; /* of the moment */
    struct telephone has[QUEUE_USES];    /* the same while it is its alone */
};

struct queue {
    pthread_mutex_t lock;
    struct watch watch[2]; /* of jobs that do not begin rows, and that do */
    pthread_cond_t over;   /* for who waits for the end */
    struct row *row;
    struct lines *lines;
    struct moments *moments;
    size_t runs;
    size_t callers; /* rows that have telephones, at most */
    uint32_t running[QUEUE_JOBS_MAX];
    bool is_closed;
};

int64_t queue_now(void)
{
    struct timespec at = {0};

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int init_watches(struct queue *queue)
{
    if (watch_init(&queue->watch[0]) != 0)
        return -1;
    if (watch_init(&queue->watch[1]) == 0)
        return 0;
    watch_free(&queue->watch[0]);
    return -1;
}

static int init_locks(struct queue *queue)
{
    if (pthread_mutex_init(&queue->lock, NULL) != 0)
        return -1;
    if (pthread_cond_init(&queue->over, NULL) != 0)
        goto no_condition;
    if (init_watches(queue) == 0)
        return 0;
    pthread_cond_destroy(&queue->over);
no_condition:
    pthread_mutex_destroy(&queue->lock);
    return -1;
}

static void free_rows(struct queue *queue)
{
    free(queue->row);
    moments_free(&queue->moments);
    lines_free(&queue->lines);
}

struct queue *queue_new(size_t rows, size_t lines)
{
    struct queue *queue = calloc(1, sizeof(*queue));

    if (queue == NULL)
        return NULL;
    queue->row = calloc(rows + 1, sizeof(*queue->row));
    queue->moments = moments_new(rows);
    queue->lines = lines_new(rows, lines);
    if (queue->row != NULL && queue->moments != NULL && queue->lines != NULL &&
        init_locks(queue) == 0) {
        queue->callers = SIZE_MAX;
        return queue;
    }
    free_rows(queue);
    free(queue);
    return NULL;
}

void queue_free(struct queue **queue)
{
    if (*queue == NULL)
        return;
    watch_free(&(*queue)->watch[0]);
    watch_free(&(*queue)->watch[1]);
    pthread_cond_destroy(&(*queue)->over);
    pthread_mutex_destroy(&(*queue)->lock);
    free_rows(*queue);
    free(*queue);
    *queue = NULL;
}

/* FNV-1a; 0 stands for nothing. */
static uint64_t hash_of(const char *thing)
{
    uint64_t hash = 14695981039346656037U;

    for (; *thing != '\0'; thing++)
        hash = (hash ^ (uint8_t)*thing) * 1099511628211U;
    return hash != 0 ? hash : 1;
}

void queue_needs(struct queue *queue, size_t row, const char *thing)
{
    size_t i = 0;

    if (*thing == '\0')
        return;
    while (i + 1 < QUEUE_THINGS && queue->row[row].thing[i] != 0)
        i++;
    queue->row[row].thing[i] = hash_of(thing);
}

void queue_wants(struct queue *queue, size_t row, struct telephone telephone)
{
    queue->row[row].wanted[QUEUE_SIGN_IN] = telephone;
}

void queue_add(struct queue *queue, size_t row, size_t line)
{
    lines_add(queue->lines, (uint32_t)row, line);
}

/* --- what is free -------------------------------------------------------- */

static bool uses(const struct row *row, uint64_t thing)
{
    for (size_t i = 0; i < QUEUE_THINGS && row->thing[i] != 0; i++)
        if (row->thing[i] == thing)
            return true;
    return false;
}

/* Whether one may not have what it wants for what the other has. */
static bool meets(const struct row *one, const struct row *other)
{
    for (size_t i = 0; i < QUEUE_THINGS && one->thing[i] != 0; i++)
        if (uses(other, one->thing[i]))
            return true;
    for (size_t i = 0; i < QUEUE_USES; i++)
        for (size_t j = 0; j < QUEUE_USES; j++)
            if (telephone_meets(one->wanted[i], other->has[j]))
                return true;
    return false;
}

static bool has_any(const struct telephone telephone[QUEUE_USES])
{
    for (size_t i = 0; i < QUEUE_USES; i++)
        if (telephone[i].digits != 0)
            return true;
    return false;
}

static bool is_free(const void *context, uint32_t row)
{
    const struct queue *queue = context;
    const struct row *mine = &queue->row[row];
    size_t callers = 0;

    for (size_t i = 0; i < queue->runs; i++) {
        const struct row *other = &queue->row[queue->running[i]];

        if (other == mine)
            continue;
        if (meets(mine, other))
            return false;
        callers += has_any(other->has);
    }
    return callers < queue->callers || has_any(mine->has) ||
           !has_any(mine->wanted);
}

/* --- taking -------------------------------------------------------------- */

/* Of what has come to its moment something may be in use: then it is looked
 * at again whenever something is given back. */
static uint32_t take(struct queue *queue, bool begin)
{
    const int64_t now = queue_now();
    const struct moment *first;

    while ((first = moments_first(queue->moments)) != NULL &&
           first->at <= now) {
        const struct moment one = moments_take(queue->moments);

        (one.looks ? lines_look : lines_due)(queue->lines, one.row);
    }
    return queue->runs < QUEUE_JOBS_MAX
               ? lines_take(queue->lines, begin, now, is_free, queue)
               : LINES_NONE;
}

/* Until a row may be taken: the earliest waiting one is waited for, and a line
 * that is doubted. */
static void wait_for_change(struct queue *queue, struct watch *watch)
{
    const struct moment *first = moments_first(queue->moments);
    int64_t at = lines_next(queue->lines, queue_now());

    if (first != NULL && (at == 0 || first->at < at))
        at = first->at;
    watch_wait(watch, &queue->lock, at);
}

static bool is_over(const struct queue *queue)
{
    return queue->runs == 0 &&
           (queue->is_closed || lines_left(queue->lines) == 0);
}

static void tell_change(struct queue *queue)
{
    const bool over = is_over(queue);

    for (size_t i = 0; i < 2; i++)
        watch_tell(&queue->watch[i], over || queue->is_closed);
    if (over)
        pthread_cond_broadcast(&queue->over);
}

bool queue_take(struct queue *queue, bool begin, size_t *row)
{
    struct watch *watch = &queue->watch[begin ? 1 : 0];
    uint32_t taken = LINES_NONE;

    pthread_mutex_lock(&queue->lock);
    while (!queue->is_closed && taken == LINES_NONE) {
        taken = take(queue, begin);
        if (taken != LINES_NONE || is_over(queue))
            break;
        wait_for_change(queue, watch);
    }
    watch_leave(watch);
    if (taken != LINES_NONE) {
        memcpy(queue->row[taken].has, queue->row[taken].wanted,
               sizeof(queue->row[taken].has));
        queue->running[queue->runs++] = taken;
    }
    if (is_over(queue))
        tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
    *row = taken;
    return taken != LINES_NONE;
}

/* Who is refused runs on for a moment: what it only wants must not keep the
 * telephone from the row that has it and asks once more. */
bool queue_reserve(struct queue *queue, size_t row, enum queue_use use,
                   struct telephone telephone)
{
    struct row *mine = &queue->row[row];
    bool free;

    pthread_mutex_lock(&queue->lock);
    mine->wanted[use] = telephone;
    free = is_free(queue, (uint32_t)row);
    mine->has[use] = free ? telephone : (struct telephone){0, 0};
    tell_change(queue); /* the one before is free */
    pthread_mutex_unlock(&queue->lock);
    return free;
}

void queue_narrow(struct queue *queue, size_t most)
{
    pthread_mutex_lock(&queue->lock);
    queue->callers = most;
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

/* --- giving back --------------------------------------------------------- */

static void stop_running(struct queue *queue, size_t row)
{
    memset(queue->row[row].has, 0, sizeof(queue->row[row].has));
    for (size_t i = 0; i < queue->runs; i++)
        if (queue->running[i] == row) {
            queue->running[i] = queue->running[--queue->runs];
            return;
        }
}

void queue_end(struct queue *queue, size_t row)
{
    pthread_mutex_lock(&queue->lock);
    stop_running(queue, row);
    lines_end(queue->lines, (uint32_t)row);
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_wait(struct queue *queue, size_t row, int64_t at, bool looks)
{
    pthread_mutex_lock(&queue->lock);
    stop_running(queue, row);
    lines_wait(queue->lines, (uint32_t)row);
    moments_add(queue->moments, at, (uint32_t)row, looks);
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

/* --- lines --------------------------------------------------------------- */

/* The one that is left may give another row. */
void queue_move(struct queue *queue, size_t row, size_t line)
{
    pthread_mutex_lock(&queue->lock);
    if (lines_move(queue->lines, (uint32_t)row, line))
        tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_doubt(struct queue *queue, size_t line, int64_t until)
{
    pthread_mutex_lock(&queue->lock);
    lines_doubt(queue->lines, line, until);
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_trust(struct queue *queue, size_t line)
{
    pthread_mutex_lock(&queue->lock);
    if (lines_trust(queue->lines, line))
        tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

void queue_shut(struct queue *queue, size_t line)
{
    pthread_mutex_lock(&queue->lock);
    lines_shut(queue->lines, line);
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

int64_t queue_pause(struct queue *queue)
{
    int64_t pause;

    pthread_mutex_lock(&queue->lock);
    pause = lines_pause(queue->lines, queue_now());
    pthread_mutex_unlock(&queue->lock);
    return pause;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    tell_change(queue);
    pthread_mutex_unlock(&queue->lock);
}

bool queue_over(struct queue *queue, unsigned milliseconds)
{
    bool over;

    pthread_mutex_lock(&queue->lock);
    if (!is_over(queue))
        watch_until(&queue->over, &queue->lock, queue_now() + milliseconds);
    over = is_over(queue);
    pthread_mutex_unlock(&queue->lock);
    return over;
}
