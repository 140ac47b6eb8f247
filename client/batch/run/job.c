#include "client/batch/run/job.h"

#include "client/batch/run/queue.h"
#include "client/renewal/beginning.h"
#include "client/text.h"
#include "token/medium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum outcome job_start(struct job *job, struct pace *pace)
{
    const struct options *options = job->batch->options;
    const struct api_settings settings = {.url = options->server,
                                          .ca_file = options->server_ca,
                                          .user_agent = "kep/" VERSION,
                                          .pace = pace};
    enum api_result result = api_new(&settings, &job->api);

    return result == API_CONFIGURATION ? OUTCOME_CONFIGURATION
                                       : outcome_of_api(result, "");
}

void job_stop(struct job *job)
{
    api_free(&job->api);
}

/* The options of a row's renewal: the batch's, and what its plan says. It
 * never waits by itself. */
static struct options options_of(const struct job *job)
{
    const struct plan *plan = job->batch->plan;
    struct options options = *job->batch->options;
    const char *mode = plan_get(plan, job->row, PLAN_MODE);
    const struct {
        const char **option;
        enum plan_word word;
    } words[] = {
        {&options.to, PLAN_TO},
        {&options.phone, PLAN_PHONE},
        {&options.name, PLAN_NAME},
        {&options.backup, PLAN_BACKUP},
        {&options.pin_file, PLAN_PIN_FILE},
        {&options.old_pin_file, PLAN_OLD_PIN_FILE},
        {&options.algorithm, PLAN_ALGORITHM},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        *words[i].option = plan_get(plan, job->row, words[i].word);
    options.express = mode != NULL && strcmp(mode, "express") == 0;
    options.normal = mode != NULL && strcmp(mode, "normal") == 0;
    /* Whether it is too early the plan was asked (plan_inspect). A renewal
     * that takes this for "once more" would do rows again that are done. */
    options.force = false;
    options.no_backup = options.backup == NULL;
    options.wait = 0;
    return options;
}

/* --- what is told -------------------------------------------------------- */

static void tell_step(void *context, const char *word)
{
    struct job *job = context;
    struct event event = {
        .kind = EVENT_ROW, .row = job->row, .state = ROW_RUNNING, .step = word};

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
               : ROW_FAILED;
}

void job_end(struct job *job, const struct job_result *result,
             const struct job_end *end)
{
    struct renewal *renewal = &job->renewal;
    const bool begun = renewal_get(renewal, RECORD_ID) != NULL;
    char sentence[SENTENCE_MAX];
    struct event event = {
        .kind = EVENT_ROW,
        .row = job->row,
        .state = state_of(result->outcome, end),
        .outcome = result->outcome,
        .message = renewal_sentence(&job->failure, sentence, sizeof(sentence)),
        .until = end->until,
        .record = begun ? &renewal->record : NULL,
        .step = begun ? renewal_get(renewal, RECORD_STEP) : NULL};

    if (!end->silent)
        teller_tell(job->teller, &event);
    if (end->over)
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

const char *job_telephone(const char *phone)
{
    enum { TAIL = 4 }; /* openapi.yaml, PhoneTail */
    const size_t size = strlen(phone);

    return size > TAIL ? phone + size - TAIL : phone;
}

static bool reserve(void *context, const char *phone)
{
    struct job *job = context;

    return queue_reserve(job->queue, job->row,
                         phone != NULL ? job_telephone(phone) : NULL);
}

/* As it is now: the journal is asked about the certificate that is there. */
static enum outcome look_at_old(struct job *job, struct container_info *info,
                                struct failure *failure)
{
    const char *where = plan_place(job->batch->plan, job->row, PLAN_CONTAINER);
    char canonical[LOCATION_MAX];
    const struct medium_ops *ops;
    enum fault fault = medium_find(where, &ops, canonical);

    if (fault == FAULT_NONE)
        fault = ops->describe(canonical, info);
    if (fault == FAULT_NONE && info->certificate == NULL)
        fault = FAULT_NO_CERTIFICATE;
    failure->outcome = outcome_of_fault(fault);
    if (fault != FAULT_NONE)
        text_clean_into(failure->detail, sizeof(failure->detail), where);
    return failure->outcome;
}

static enum outcome begin(struct job *job)
{
    struct container_info *info = calloc(1, sizeof(*info));
    enum outcome outcome = OUTCOME_MEMORY;

    if (info != NULL)
        outcome = look_at_old(job, info, &job->failure);
    if (outcome == OUTCOME_DONE) {
        outcome = beginning_take(&job->renewal, info);
        job->failure = job->renewal.failure;
    }
    if (info != NULL)
        container_info_free(info);
    free(info);
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
                                     .context = job};
    job->renewal.api = job->api;
    job->renewal.api_is_lent = true;
    job->renewal.asker = &job->asker;
    job->renewal.about = label != NULL ? label : plan_owner(plan, job->row);
    job->renewal.step_begins = tell_step;
    job->renewal.step_context = job;
}

struct job_result job_run(struct job *job, size_t row)
{
    const struct batch *batch = job->batch;
    struct job_result result = {.not_before = 0};

    job->row = row;
    job->options = options_of(job);
    job->failure = (struct failure){.outcome = OUTCOME_DONE};
    result.outcome = renewal_init(&job->renewal, batch->journal, job->silent,
                                  batch->clock, &job->options);
    if (result.outcome == OUTCOME_DONE) {
        lend(job);
        result.outcome = begin(job);
    }
    if (result.outcome == OUTCOME_DONE) {
        result.outcome = renewal_run(&job->renewal);
        job->failure = job->renewal.failure;
    }
    job->failure.outcome = result.outcome;
    result.not_before = record_time(&job->renewal.record, RECORD_NOT_BEFORE);
    return result;
}
