#include "client/commands/commands.h"
#include "client/renewal/data.h"
#include "client/renewal/failing.h"
#include "client/renewal/renewal.h"
#include "client/renewal/result.h"
#include "client/renewal/steps.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <json-c/json.h>
#include <stdio.h>

enum { LOST_MAX = 16 /* servers; each of any more costs its time-outs */ };

/* A server that nobody reached in this run, or that is not trusted. */
struct lost {
    const char *url, *ca; /* ca NULL: the system's */
    enum outcome why;
};

struct work {
    struct desk *desk;
    struct journal *journal;
    struct failing failing;
    struct json_object *list; /* NULL: no JSON is wanted */
    size_t count;
    struct lost lost[LOST_MAX];
    size_t losses;
    struct failure failure; /* before any of them was gone on with */
};

/* What is known of the server of a renewal; OUTCOME_DONE: nothing bad. */
static enum outcome why_lost(const struct work *work,
                             const struct renewal *renewal)
{
    for (size_t i = 0; i < work->losses; i++)
        if (text_is_same(work->lost[i].url,
                         renewal_get(renewal, RECORD_SERVER)) &&
            text_is_same(work->lost[i].ca,
                         renewal_get(renewal, RECORD_SERVER_CA)))
            return work->lost[i].why;
    return OUTCOME_DONE;
}

/* What one renewal waited for in vain the others of the same server do not wait
 * for again. */
static void note_lost(struct work *work, const struct renewal *renewal,
                      enum outcome outcome)
{
    const bool silent =
        (outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT) &&
        !renewal->server_answered;
    const char *ca = renewal_get(renewal, RECORD_SERVER_CA);
    struct lost lost = {.why = outcome};

    if ((!silent && outcome != OUTCOME_SERVER_UNTRUSTED) ||
        renewal->spared != OUTCOME_DONE || work->losses == LOST_MAX)
        return;
    lost.url =
        options_keep(work->desk->options, renewal_get(renewal, RECORD_SERVER));
    lost.ca = ca != NULL ? options_keep(work->desk->options, ca) : NULL;
    if (lost.url != NULL && (lost.ca != NULL || ca == NULL))
        work->lost[work->losses++] = lost;
}

static enum outcome go_on(void *context, struct record *record)
{
    struct work *work = context;
    struct desk *desk = work->desk;
    const struct text_line owner = data_owner(record);
    struct renewal renewal;
    char problem[HOOK_PROBLEM];
    enum outcome outcome = renewal_init(&renewal, work->journal, desk->screen,
                                        desk->clock, desk->options);

    if (outcome != OUTCOME_DONE)
        return outcome;
    work->count++;
    renewal_take(&renewal, record);
    screen_heading(desk->screen, _("Renewal %.8s%s%s"),
                   renewal_get(&renewal, RECORD_ID),
                   owner.text[0] != '\0' ? ": " : "", owner.text);
    outcome = review_takes_changes(&renewal);
    if (outcome == OUTCOME_DONE) {
        renewal.spared = why_lost(work, &renewal);
        outcome = renewal_run(&renewal);
        note_lost(work, &renewal, outcome);
        renewal.failure.outcome = outcome;
        if (!failing_tell(&work->failing, &renewal.record, outcome, NULL,
                          problem))
            failing_say(desk->screen, 1, 0, problem);
    }
    result_say(desk->screen, &renewal.failure);
    if (work->list != NULL)
        json_object_array_add(work->list, result_json(&renewal, outcome));
    renewal_free(&renewal);
    return outcome;
}

static enum outcome go_on_with(struct work *work, const char *id)
{
    struct record record = {.failed = false};
    enum outcome outcome = journal_load(work->journal, id, &record);

    if (outcome == OUTCOME_DONE &&
        journal_step_is_end(record_get(&record, RECORD_STEP)))
        outcome = OUTCOME_NOTHING_OPEN;
    if (outcome == OUTCOME_DONE)
        outcome = go_on(work, &record);
    record_free(&record);
    return outcome;
}

/* One that waits must not hold up the others: with several, each is asked
 * about once. */
static enum outcome count_one(void *context, struct record *record)
{
    (void)record;
    ++*(size_t *)context;
    return OUTCOME_DONE;
}

static enum outcome go_on_with_all(struct work *work)
{
    struct options *options = work->desk->options;
    size_t open = 0;
    enum outcome outcome = journal_each_open(work->journal, count_one, &open);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (open > 1 && (options->changes != NULL || options->scan.count > 0))
        return failure_set(&work->failure, OUTCOME_USAGE,
                           _("--changes and --scan are for one renewal: say "
                             "which by its number. kep status FOLDER shows it, "
                             "FOLDER being where the old container is."));
    if (open > 1)
        options->wait = 0;
    outcome = journal_each_open(work->journal, go_on, work);
    return outcome == OUTCOME_DONE && work->count == 0 ? OUTCOME_NOTHING_OPEN
                                                       : outcome;
}

static enum outcome answer(struct work *work, enum outcome outcome,
                           const struct workplace *workplace)
{
    struct failure *failure = &work->failure;
    struct json_object *json;

    failure->outcome = outcome;
    if (outcome == OUTCOME_LOCKED && workplace->holder > 0)
        snprintf(failure->detail, sizeof(failure->detail),
                 _("Its number: %ld."), workplace->holder);
    if (work->count == 0)
        result_say(work->desk->screen, failure);
    if (work->list == NULL)
        return outcome;
    if (work->desk->options->arguments == 1 && work->count == 1) {
        json = json_object_get(json_object_array_get_idx(work->list, 0));
    } else {
        json = result_json_plain(failure);
        view_put(json, "renewals", json_object_get(work->list));
    }
    return result_answer(json, outcome);
}

enum outcome resume_run(struct desk *desk)
{
    struct workplace workplace;
    struct work work = {.desk = desk};
    char problem[HOOK_PROBLEM];
    enum outcome outcome;

    if (desk->options->resume_report != NULL ||
        (desk->options->resume_jobs > 0 && desk->options->arguments == 0))
        return batch_command_resume(desk);
    outcome = workplace_open(&workplace);
    if (desk->options->json)
        work.list = json_object_new_array();
    work.journal = workplace.journal;
    work.failing = (struct failing){work.journal, desk->options, 0};
    if (outcome == OUTCOME_DONE)
        failing_say(desk->screen, failing_retry(&work.failing, problem), 0,
                    problem);
    if (outcome == OUTCOME_DONE)
        outcome = desk->options->arguments == 1
                      ? go_on_with(&work, desk->options->argument[0])
                      : go_on_with_all(&work);
    outcome = answer(&work, outcome, &workplace);
    json_object_put(work.list);
    workplace_close(&workplace);
    return outcome;
}
