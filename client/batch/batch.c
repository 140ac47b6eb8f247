#include "client/batch/batch.h"

#include "api/timer.h"
#include "client/batch/files.h"
#include "client/batch/run/alarm.h"
#include "client/batch/run/course.h"
#include "client/batch/run/fetching.h"
#include "client/batch/run/job.h"
#include "client/batch/run/lineup.h"
#include "client/batch/run/teller.h"
#include "client/signals.h"
#include "client/text.h"

#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TICK = 200,             /* ms between two looks at all of it */
    WHY = 4096,             /* bytes of what is said of servers */
    ASKING = 4,             /* jobs that begin rows where a person is asked */
    STACK = 2 * 1024 * 1024 /* of a job's thread */
};

struct running {
    const struct batch *batch;
    struct queue *queue;
    struct servers *servers;
    struct lineup lineup;
    struct teller teller;
    struct alarm alarm;
    struct screen *silent;
    struct course *course; /* of each row: of the job that has it */
    struct fetching fetching;

    pthread_mutex_t lock; /* of what follows */
    enum outcome worst, stopped;
};

struct hand {
    struct running *running;
    struct job job;
    pthread_t thread;
    bool begins; /* rows, too; else only what waits is gone on with */
    bool started;
};

/* --- outcomes ------------------------------------------------------------ */

static void note_worst(struct running *running, enum outcome outcome)
{
    pthread_mutex_lock(&running->lock);
    if (outcome_row(outcome)->status > outcome_row(running->worst)->status)
        running->worst = outcome;
    pthread_mutex_unlock(&running->lock);
}

/* No row will fare better: nothing more is begun. */
static void stop(struct running *running, enum outcome outcome)
{
    pthread_mutex_lock(&running->lock);
    if (running->stopped == OUTCOME_DONE)
        running->stopped = outcome;
    pthread_mutex_unlock(&running->lock);
    queue_close(running->queue);
}

/* --- what becomes of a row ----------------------------------------------- */

/* Up to a second later than the moment that is known to the second, at random:
 * not all at once. */
static int64_t moment_in(long seconds)
{
    return queue_now() + 1000LL * seconds + (int64_t)randombytes_uniform(1000);
}

/* A row that needs somebody is told of once for each place, not each time that
 * it is looked whether they were there. */
static void tell(struct hand *hand, const struct job_result *result, long wait,
                 const struct lineup_verdict *verdict)
{
    const time_t held_until = verdict->held_until;
    struct course *course = &hand->running->course[hand->job.row];
    const bool needs = wait >= 0 && course_way(result->outcome) == COURSE_NEEDS;
    struct job_end end = {.over = wait < 0 && held_until == 0 &&
                                  result->outcome != OUTCOME_INTERRUPTED,
                          .needs = needs,
                          .until = held_until,
                          .goes_on = wait >= 0 && !verdict->left};

    if (wait > 0 && !needs && held_until == 0)
        end.until = clock_now(hand->running->batch->clock) + (time_t)wait;
    end.silent =
        course_needs(course, needs ? hand->job.failure.detail : NULL) &&
        !hand->job.told;
    if (end.over)
        note_worst(hand->running, result->outcome);
    job_end(&hand->job, result, &end);
}

static void settle(struct hand *hand, size_t row,
                   const struct job_result *result)
{
    struct running *running = hand->running;
    const enum course_way way = course_way(result->outcome);
    const long wait = course_wait(&running->course[row], result,
                                  clock_now(running->batch->clock),
                                  running->batch->options->wait);
    const struct lineup_verdict verdict =
        lineup_judge(&running->lineup, result);
    const enum outcome over = fetching_over(&running->fetching);

    /* First: a row that is refused a code ends as interrupted. */
    if (over != OUTCOME_DONE)
        stop(running, over);
    if (way == COURSE_STOPS)
        stop(running, result->outcome);
    tell(hand, result, wait, &verdict);
    if (wait < 0 || verdict.left)
        queue_end(running->queue, row);
    else
        queue_wait(running->queue, row,
                   way == COURSE_TURNS ? queue_now() : moment_in(wait),
                   way == COURSE_NEEDS);
}

static void renew(struct hand *hand, size_t row)
{
    struct job_result result;

    hand->job.needs = hand->running->course[row].needs != NULL;
    hand->job.waited = hand->running->course[row].waits_since != 0;
    result = job_run(&hand->job, row);
    settle(hand, row, &result);
}

/* Nothing is left to be done for the row but to say so. */
static void lament(struct hand *hand, size_t row)
{
    const enum outcome offer = hand->running->batch->plan->row[row].offer;
    struct record record = {.failed = false};

    alarm_raise(&hand->running->alarm, row, &record, offer,
                _(outcome_row(offer)->sentence));
    record_free(&record);
    queue_end(hand->running->queue, row);
}

static void *work(void *context)
{
    struct hand *hand = context;
    size_t row;

    while (queue_take(hand->running->queue, hand->begins, &row))
        if (hand->running->course[row].excluded)
            lament(hand, row);
        else
            renew(hand, row);
    chain_free(&hand->job.authorities);
    return NULL;
}

/* --- before and after ---------------------------------------------------- */

/* A row that is not to be renewed is not begun; a job tells the user's own
 * command of it, where there is one. What the centre said was told then. */
static enum outcome exclude(struct running *running, size_t row,
                            enum outcome offer)
{
    const time_t said = running->batch->plan->row[row].said;
    struct event event = {
        .kind = EVENT_ROW, .row = row, .state = ROW_EXCLUDED, .outcome = offer};
    char why[SENTENCE_MAX];

    running->course[row].excluded = true;
    note_worst(running, offer);
    if (said != 0)
        event.message = plan_reason(said, offer, why, sizeof(why));
    teller_tell(&running->teller, &event);
    return said == 0 && alarm_is_due(&running->alarm, offer)
               ? lineup_told(&running->lineup, row)
               : OUTCOME_DONE;
}

static enum outcome tell_begin(struct running *running)
{
    const struct batch *batch = running->batch;
    enum outcome outcome = OUTCOME_DONE;

    teller_tell(&running->teller, &(struct event){.kind = EVENT_BEGIN,
                                                  .rows = batch->plan->rows,
                                                  .jobs = batch->jobs});
    for (size_t i = 0; i < batch->plan->rows && outcome == OUTCOME_DONE; i++) {
        outcome = lineup_row(&running->lineup, i, &running->course[i].late);
        if (outcome != OUTCOME_DONE && outcome != OUTCOME_MEMORY)
            outcome = exclude(running, i, outcome);
    }
    for (size_t i = 0; i < batch->plan->rows && outcome == OUTCOME_DONE; i++)
        if (running->course[i].late)
            outcome = lineup_row(&running->lineup, i, NULL);
    return outcome;
}

static void tell_pause(struct running *running, int64_t *told)
{
    const int64_t moment = queue_pause(running->queue);
    const int64_t left = moment - queue_now();
    const time_t until =
        clock_now(running->batch->clock) + (time_t)(left / 1000);

    if (left < 1000 || moment <= *told + 1000)
        return;
    *told = moment;
    teller_tell(&running->teller,
                &(struct event){.kind = EVENT_PAUSE, .until = until});
}

static void tell_time(struct running *running, int64_t *told)
{
    const int64_t now = queue_now() / 1000;

    if (!running->batch->watched || now == *told)
        return;
    *told = now;
    teller_tell(&running->teller, &(struct event){.kind = EVENT_TICK});
}

static void watch(struct running *running)
{
    int64_t told = 0, ticked = 0;

    while (!queue_over(running->queue, TICK)) {
        if (signals_pending() != 0)
            stop(running, OUTCOME_INTERRUPTED);
        lineup_heed(&running->lineup);
        tell_pause(running, &told);
        tell_time(running, &ticked);
    }
}

/* The signals that ask to end are for the thread that waits for all. */
static int start(struct hand *hand)
{
    static const int asking[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    pthread_attr_t how;
    sigset_t mask, before;
    int failed;

    if (pthread_attr_init(&how) != 0)
        return -1;
    sigemptyset(&mask);
    for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++)
        sigaddset(&mask, asking[i]);
    pthread_attr_setstacksize(&how, STACK);
    pthread_sigmask(SIG_BLOCK, &mask, &before);
    failed = pthread_create(&hand->thread, &how, work, hand);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&how);
    hand->started = failed == 0;
    return hand->started ? 0 : -1;
}

/* Whoever asks the person has to wait for them: one job stays free for what
 * needs nobody, and no more ask than are answered before a code runs out. */
static bool may_begin(const struct batch *batch, size_t job)
{
    const bool asks =
        batch->options->code_command == NULL && batch->options->codes == NULL;

    return !asks || batch->jobs == 1 || (job > 0 && job <= ASKING);
}

static enum outcome employ(struct running *running, struct hand *hands)
{
    const struct batch *batch = running->batch;
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0; i < batch->jobs && outcome == OUTCOME_DONE; i++) {
        hands[i].running = running;
        hands[i].begins = may_begin(batch, i);
        hands[i].job = (struct job){.batch = batch,
                                    .teller = &running->teller,
                                    .alarm = &running->alarm,
                                    .queue = running->queue,
                                    .silent = running->silent,
                                    .servers = running->servers,
                                    .fetching = &running->fetching};
        if (start(&hands[i]) != 0)
            outcome = OUTCOME_MEMORY;
    }
    if (outcome != OUTCOME_DONE)
        stop(running, outcome);
    watch(running);
    for (size_t i = 0; i < batch->jobs; i++)
        if (hands[i].started)
            pthread_join(hands[i].thread, NULL);
    return outcome;
}

/* The worst row's, be it one that was left with its server; or what stopped all
 * of it, which may have happened to no row yet. */
static enum outcome sum_up(struct running *running, char *why, size_t size)
{
    const enum outcome left = servers_why(running->servers, why, size);

    note_worst(running, left);
    if (running->stopped == OUTCOME_DONE)
        return running->worst;
    why[0] = '\0';
    if (running->stopped == fetching_over(&running->fetching))
        fetching_why(why, size);
    return running->stopped;
}

static enum outcome run(struct running *running)
{
    struct hand *hands = calloc(running->batch->jobs, sizeof(*hands));
    struct event event = {.kind = EVENT_END};
    enum outcome outcome = tell_begin(running);
    char why[WHY];

    if (hands == NULL)
        outcome = OUTCOME_MEMORY;
    if (outcome == OUTCOME_DONE)
        outcome = employ(running, hands);
    free(hands);
    event.outcome = sum_up(running, why, sizeof(why));
    if (outcome != OUTCOME_DONE)
        event.outcome = outcome;
    event.message = why[0] != '\0' ? why : NULL;
    teller_tell(&running->teller, &event);
    return event.outcome;
}

static enum outcome run_equipped(struct running *running)
{
    const struct screen_settings nobody = {.silent = true};
    const size_t rows = running->batch->plan->rows;
    enum outcome outcome = OUTCOME_MEMORY;

    running->queue = queue_new(rows, servers_most(running->batch));
    running->servers = servers_new(running->batch);
    running->lineup =
        (struct lineup){running->batch, running->queue, running->servers};
    running->silent = screen_new(&nobody);
    running->course = calloc(rows + 1, sizeof(struct course));
    if (running->queue != NULL && running->servers != NULL &&
        running->silent != NULL && running->course != NULL &&
        fetching_init(&running->fetching, running->queue,
                      running->batch->options) == 0) {
        outcome = run(running);
        fetching_free(&running->fetching);
    }
    queue_free(&running->queue);
    servers_free(&running->servers);
    screen_free(&running->silent);
    for (size_t i = 0; running->course != NULL && i < rows; i++)
        course_free(&running->course[i]);
    free(running->course);
    return outcome;
}

enum outcome batch_run(const struct batch *batch)
{
    struct batch fitting = *batch;
    struct running running = {
        .batch = &fitting,
        .alarm = {{batch->journal, batch->options, 0},
                  batch->plan,
                  &running.teller,
                  batch->unbegun,
                  batch->watched},
    };
    enum outcome outcome = OUTCOME_MEMORY;

    fitting.jobs = files_jobs(batch->jobs, batch->screen);
    if (pthread_mutex_init(&running.lock, NULL) != 0)
        return OUTCOME_MEMORY;
    if (teller_init(&running.teller, &fitting) == 0) {
        outcome = run_equipped(&running);
        teller_free(&running.teller);
    }
    pthread_mutex_destroy(&running.lock);
    return outcome;
}
