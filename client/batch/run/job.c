#include "client/batch/run/job.h"

#include "client/batch/run/queue.h"
#include "client/batch/run/servers.h"
#include "client/pin/pin_given.h"
#include "client/renewal/absence.h"
#include "client/renewal/beginning.h"
#include "client/renewal/call.h"
#include "client/renewal/policy.h"
#include "client/text.h"
#include "client/tokens/token_wait.h"
#include "token/medium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a row has from the batch's own options is not said by the plan: it may
 * have been configured. */
static void take_word(const struct job *job, enum plan_word word,
                      struct options *options, const char **option)
{
    const struct plan *plan = job->batch->plan;
    const char *value = plan_get(plan, job->row, word);

    if (plan->row[job->row].column[word] != 0 || !text_is_same(value, *option))
        options_say(options, option, value);
}

/* What the plan says of a row. */
static void take_plan(const struct job *job, struct options *options)
{
    const struct plan *plan = job->batch->plan;
    const char *mode = plan_get(plan, job->row, PLAN_MODE);
    const struct {
        const char **option;
        enum plan_word word;
    } words[] = {
        {&options->to, PLAN_TO},
        {&options->phone, PLAN_PHONE},
        {&options->name, PLAN_NAME},
        {&options->backup, PLAN_BACKUP},
        {&options->pin_file, PLAN_PIN_FILE},
        {&options->old_pin_file, PLAN_OLD_PIN_FILE},
        {&options->copy_pin_file, PLAN_BACKUP_PIN_FILE},
        {&options->algorithm, PLAN_ALGORITHM},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        take_word(job, words[i].word, options, words[i].option);
    options->express = mode != NULL && strcmp(mode, "express") == 0;
    options->normal = mode != NULL && strcmp(mode, "normal") == 0;
    options->on_token = plan_is_inside(plan, job->row);
    options->no_backup = options->backup == NULL;
}

/* The options of a row's renewal: the batch's, and what its plan says, or the
 * journal of one that is gone on with. It never waits by itself. */
static struct options options_of(const struct job *job)
{
    struct options options = *job->batch->options;

    if (plan_renewal(job->batch->plan, job->row)[0] == '\0')
        take_plan(job, &options);
    /* Whether it is too early the plan was asked (plan_inspect). A renewal
     * that takes this for "once more" would do rows again that are done. */
    options.force = false;
    options.wait = 0;
    return options;
}

/* --- what is told -------------------------------------------------------- */

static void tell_step(void *context, const char *word)
{
    struct job *job = context;
    struct event event = {.kind = EVENT_ROW,
                          .row = job->row,
                          .state = ROW_RUNNING,
                          .step = word,
                          .record = &job->renewal.record};

    if (job->needs) {
        job->needs = false;
        return;
    }
    job->told = true;
    teller_tell(job->teller, &event);
}

static enum row_state state_of(enum outcome outcome, const struct job_end *end)
{
    if (!end->over)
        return end->needs        ? ROW_NEEDS
               : end->until != 0 ? ROW_WAITING
                                 : ROW_QUEUED;
    return outcome == OUTCOME_RENEWED || outcome == OUTCOME_ALREADY_RENEWED
               ? ROW_DONE
           : outcome == OUTCOME_WAITING ? ROW_WAITING
                                        : ROW_FAILED;
}

void job_end(struct job *job, const struct job_result *result,
             const struct job_end *end)
{
    struct renewal *renewal = &job->renewal;
    const bool begun = renewal_get(renewal, RECORD_ID) != NULL;
    char sentence[SENTENCE_MAX];
    struct event event;

    job->failure.goes_on = end->goes_on;
    event = (struct event){
        .kind = EVENT_ROW,
        .row = job->row,
        .state = job->excluded ? ROW_EXCLUDED : state_of(result->outcome, end),
        .over = end->over,
        .outcome = result->outcome,
        .message = job->excluded ? plan_reason(job->said, result->outcome,
                                               sentence, sizeof(sentence))
                                 : failure_sentence(&job->failure, sentence,
                                                    sizeof(sentence)),
        .until = end->until,
        .record = begun ? &renewal->record : NULL,
        .step = begun ? renewal_get(renewal, RECORD_STEP) : NULL};

    if (!end->silent)
        teller_tell(job->teller, &event);
    /* What the centre said was told then. */
    if (end->over && !(job->excluded && job->said != 0))
        alarm_raise(job->alarm, job->row, &renewal->record, result->outcome,
                    sentence);
    renewal_free(renewal);
}

/* --- what is done -------------------------------------------------------- */

static bool enter(void *context)
{
    struct job *job = context;

    return teller_enter(job->teller, job->row);
}

static void leave(void *context)
{
    struct job *job = context;

    teller_leave(job->teller, job->row);
}

static void hear(void *context, const char *line)
{
    struct job *job = context;

    teller_tell(
        job->teller,
        &(struct event){.kind = EVENT_HEARD, .row = job->row, .message = line});
}

struct telephone job_telephone(const struct options *options, const char *phone)
{
    const struct telephone telephone = telephone_of(phone);

    return options->code_command != NULL ? telephone_end(telephone) : telephone;
}

static enum queue_use use_of(bool of_form)
{
    return of_form ? QUEUE_CONFIRM : QUEUE_SIGN_IN;
}

static enum outcome reserve(void *context, bool of_form, const char *phone)
{
    struct job *job = context;

    if (phone != NULL && fetching_over(job->fetching) != OUTCOME_DONE)
        return OUTCOME_INTERRUPTED;
    if (phone != NULL)
        job->use = use_of(of_form);
    return queue_reserve(job->queue, job->row, use_of(of_form),
                         job_telephone(&job->options, phone))
               ? OUTCOME_DONE
               : OUTCOME_TELEPHONE_BUSY;
}

static void was_right(void *context, bool of_form)
{
    struct job *job = context;

    fetching_right(job->fetching, use_of(of_form));
}

/* As it is now: the journal is asked about the certificate that is there. */
static enum outcome look_at_old(struct job *job, struct container_info *info,
                                struct failure *failure)
{
    const char *where = plan_place(job->batch->plan, job->row, PLAN_CONTAINER);
    char canonical[LOCATION_MAX];
    const struct medium_ops *ops;
    enum fault fault = medium_find(where, &ops, canonical);

    /* What describes a container may stand behind the PIN. */
    if (fault == FAULT_NONE &&
        pin_given_take(ops, canonical, job->options.old_pin_file, -1,
                       "old_pin_file", failure) != OUTCOME_DONE)
        return failure->outcome;
    if (fault == FAULT_NONE)
        fault = ops->describe(canonical, info);
    if (fault == FAULT_NONE && info->certificate == NULL)
        fault = FAULT_NO_CERTIFICATE;
    failure->outcome = outcome_of_fault(fault);
    if (fault != FAULT_NONE)
        text_clean_into(failure->detail, sizeof(failure->detail), where);
    return failure->outcome;
}

/* What is known from the journal. */
static enum outcome go_on(struct job *job)
{
    struct record record = {.failed = false};

    job->failure.outcome = plan_find_begun(job->batch->plan, job->row,
                                           job->batch->journal, &record);
    if (job->failure.outcome == OUTCOME_DONE)
        renewal_take(&job->renewal, &record);
    record_free(&record);
    return job->failure.outcome;
}

/* What was renewed needs its old container no more, nor does what has been
 * signed. */
static enum outcome recall(struct job *job)
{
    struct record record = {.failed = false};
    const struct batch *batch = job->batch;
    const enum outcome gone =
        plan_find_gone(batch->plan, job->row, batch->journal,
                       clock_now(batch->clock), &record);

    if (gone == OUTCOME_DONE) {
        renewal_take(&job->renewal, &record);
        job->failure.outcome = gone;
    } else if (gone == OUTCOME_ALREADY_RENEWED &&
               job->failure.outcome == OUTCOME_CONTAINER_NOT_FOUND) {
        beginning_take_done(&job->renewal, &record);
        job->failure = job->renewal.failure;
    }
    record_free(&record);
    return job->failure.outcome;
}

/* Nobody is sent a code for what the plan would have left out. */
static enum outcome judge(struct job *job,
                          const struct certificate *certificate)
{
    const struct batch *batch = job->batch;
    const long window =
        batch->options->force ? POLICY_WINDOW_FORCED : batch->options->window;

    job->failure.outcome =
        plan_judge_new(batch->plan, job->row, batch->journal, certificate,
                       clock_now(batch->clock), window, &job->said);
    job->excluded = job->failure.outcome != OUTCOME_DONE;
    return job->failure.outcome;
}

/* Or goes on with what an earlier run began. */
static enum outcome begin(struct job *job)
{
    const char *label = plan_get(job->batch->plan, job->row, PLAN_LABEL);
    struct container_info *info = calloc(1, sizeof(*info));
    enum outcome outcome = OUTCOME_MEMORY;

    if (info != NULL)
        outcome = look_at_old(job, info, &job->failure);
    if (outcome == OUTCOME_DONE)
        outcome = judge(job, info->certificate);
    if (outcome == OUTCOME_DONE) {
        outcome = beginning_take(&job->renewal, info);
        job->failure = job->renewal.failure;
    }
    if (outcome == OUTCOME_CONTAINER_NOT_FOUND || token_wait_helps(outcome))
        outcome = recall(job);
    if (outcome == OUTCOME_DONE && label != NULL)
        renewal_set(&job->renewal, RECORD_LABEL, label);
    if (info != NULL)
        container_info_free(info);
    free(info);
    return outcome;
}

/* Until what it needs is there nobody else is asked for anything, be it the
 * server or the token of the old container. */
static enum outcome look_again(struct job *job)
{
    enum outcome outcome = go_on(job);

    if (outcome == OUTCOME_NOTHING_OPEN)
        return begin(job);
    if (outcome == OUTCOME_DONE) {
        outcome = absence_still(&job->renewal);
        job->failure = job->renewal.failure;
    }
    return outcome;
}

static enum outcome take_up(struct job *job)
{
    if (job->needs || job->waited)
        return look_again(job);
    return plan_renewal(job->batch->plan, job->row)[0] != '\0' ? go_on(job)
                                                               : begin(job);
}

/* Its server may be another than was known before it could be begun. */
static enum outcome reach(struct job *job)
{
    struct renewal *renewal = &job->renewal;
    const char *server = renewal_get(renewal, RECORD_SERVER);
    enum outcome outcome = OUTCOME_ANSWER_NEEDED;

    if (server != NULL) {
        outcome = OUTCOME_MEMORY;
        job->server = servers_find(job->servers, server,
                                   renewal_get(renewal, RECORD_SERVER_CA));
    }
    if (job->server != SERVERS_NONE) {
        queue_move(job->queue, job->row, (size_t)job->server);
        outcome = servers_lend(job->servers, job->server, &job->api);
    }
    if (outcome != OUTCOME_DONE)
        call_fail(renewal, outcome);
    job->failure = renewal->failure;
    renewal->api = job->api;
    renewal->api_is_lent = true;
    return outcome;
}

static void lend(struct job *job)
{
    const struct plan *plan = job->batch->plan;
    const char *label = plan_get(plan, job->row, PLAN_LABEL);

    job->asker = (struct code_asker){.screen = job->batch->screen,
                                     .enter = enter,
                                     .leave = leave,
                                     .reserve = reserve,
                                     .was_right = was_right,
                                     .context = job};
    job->ear = (struct program_ear){hear, job};
    job->renewal.ear = job->batch->watched ? &job->ear : NULL;
    job->renewal.asker = &job->asker;
    job->renewal.authorities = &job->authorities;
    job->renewal.about = label != NULL ? label : plan_owner(plan, job->row);
    job->renewal.step_begins = tell_step;
    job->renewal.step_context = job;
}

struct job_result job_run(struct job *job, size_t row)
{
    const struct batch *batch = job->batch;
    struct job_result result = {.not_before = 0};

    job->row = row;
    job->told = false;
    job->use = QUEUE_SIGN_IN;
    job->server = SERVERS_NONE;
    job->options = options_of(job);
    job->failure = (struct failure){.outcome = OUTCOME_DONE};
    job->excluded = false;
    result.outcome = renewal_init(&job->renewal, batch->journal, job->silent,
                                  batch->clock, &job->options);
    if (result.outcome == OUTCOME_DONE) {
        lend(job);
        result.outcome = take_up(job);
    }
    if (result.outcome == OUTCOME_DONE)
        result.outcome = reach(job);
    if (result.outcome == OUTCOME_DONE) {
        result.outcome = renewal_run(&job->renewal);
        job->failure = job->renewal.failure;
        fetching_ended(job->fetching, job->use, result.outcome);
    }
    servers_return(job->servers, job->server, &job->api);
    job->failure.outcome = result.outcome;
    result.not_before = record_time(&job->renewal.record, RECORD_NOT_BEFORE);
    result.server = job->server;
    result.answered = job->renewal.server_answered;
    return result;
}
