#include "api/pace.h"
#include "client/commands/commands.h"
#include "client/renewal/data.h"
#include "client/renewal/failing.h"
#include "client/renewal/renewal.h"
#include "client/renewal/result.h"
#include "client/renewal/steps.h"
#include "client/signals.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <json-c/json.h>
#include <stdio.h>

enum { SERVERS_MAX = 16 /* each renewal of any more meets its own alone */ };

/* A server that renewals of this run are at. */
struct server {
    const char *url, *ca; /* ca NULL: the system's */
    struct pace *pace;    /* that it asks all of them for */
    enum outcome lost;    /* why it is not called again: nobody has reached it,
                             or it is not trusted; OUTCOME_DONE: it is called */
};

struct work {
    struct desk *desk;
    struct journal *journal;
    struct failing failing;
    struct json_object *list; /* NULL: no JSON is wanted */
    size_t count;
    struct server server[SERVERS_MAX];
    size_t servers;
    struct failure failure; /* before any of them was gone on with */
};

static struct server *add_server(struct work *work, const char *url,
                                 const char *ca)
{
    struct options *options = work->desk->options;
    struct server *server = &work->server[work->servers];

    if (work->servers == SERVERS_MAX)
        return NULL;
    *server = (struct server){.lost = OUTCOME_DONE};
    server->url = options_keep(options, url);
    server->ca = ca != NULL ? options_keep(options, ca) : NULL;
    if (server->url == NULL || (server->ca == NULL && ca != NULL))
        return NULL;
    server->pace = pace_new();
    if (server->pace == NULL)
        return NULL;
    work->servers++;
    return server;
}

/* NULL: it has none, or there are too many. */
static struct server *server_of(struct work *work,
                                const struct renewal *renewal)
{
    const char *url = renewal_get(renewal, RECORD_SERVER);
    const char *ca = renewal_get(renewal, RECORD_SERVER_CA);

    for (size_t i = 0; i < work->servers; i++)
        if (text_is_same(work->server[i].url, url) &&
            text_is_same(work->server[i].ca, ca))
            return &work->server[i];
    return url != NULL ? add_server(work, url, ca) : NULL;
}

static bool is_lost(const struct renewal *renewal, enum outcome outcome)
{
    return outcome == OUTCOME_SERVER_UNTRUSTED ||
           ((outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT) &&
            !renewal->server_answered);
}

/* What one renewal waited for in vain the others of the same server do not wait
 * for again, and when it asks to be left alone that is for all of them. */
static enum outcome run(struct work *work, struct renewal *renewal)
{
    struct server *server = server_of(work, renewal);
    enum outcome outcome;

    if (server == NULL)
        return renewal_run(renewal);
    renewal->pace = server->pace;
    renewal->spared = server->lost;
    outcome = renewal_run(renewal);
    if (server->lost == OUTCOME_DONE && is_lost(renewal, outcome))
        server->lost = outcome;
    return outcome;
}

/* Whose it is, or where the old container is, as long as nobody has signed in
 * and the data are not known. */
static struct text_line whose(const struct record *record)
{
    const struct text_line owner = data_owner(record);

    return owner.text[0] != '\0'
               ? owner
               : text_clean(record_get(record, RECORD_OLD_CONTAINER));
}

static enum outcome go_on(void *context, struct record *record)
{
    struct work *work = context;
    struct desk *desk = work->desk;
    const struct text_line owner = whose(record);
    struct renewal renewal;
    char problem[HOOK_PROBLEM];
    enum outcome outcome;

    if (work->count > 0 && signals_pending()) /* said of the one before */
        return OUTCOME_INTERRUPTED;
    outcome = renewal_init(&renewal, work->journal, desk->screen, desk->clock,
                           desk->options);
    if (outcome != OUTCOME_DONE)
        return outcome;
    work->count++;
    renewal_take(&renewal, record);
    screen_heading(desk->screen, _("Renewal %.8s%s%s"),
                   renewal_get(&renewal, RECORD_ID),
                   owner.text[0] != '\0' ? ": " : "", owner.text);
    outcome = review_takes_changes(&renewal);
    if (outcome == OUTCOME_DONE) {
        outcome = run(work, &renewal);
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
        if (work->desk->options->arguments == 0)
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
    for (size_t i = 0; i < work.servers; i++)
        pace_free(&work.server[i].pace);
    workplace_close(&workplace);
    return outcome;
}
