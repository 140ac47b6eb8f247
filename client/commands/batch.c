#include "client/batch/batch.h"

#include "api/timer.h"
#include "client/batch/run/unbegun.h"
#include "client/commands/commands.h"
#include "client/renewal/failing.h"
#include "client/renewal/means.h"
#include "client/renewal/policy.h"
#include "client/renewal/result.h"
#include "client/report/board.h"
#include "client/report/caution.h"
#include "client/report/event_line.h"
#include "client/report/heard.h"
#include "client/report/plan_view.h"
#include "client/report/report.h"
#include "client/report/survey.h"
#include "client/signals.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/view_put.h"
#include "token/pin.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the rows come from. */
enum source { FROM_FILE, FROM_STATUS, FROM_JOURNAL };

struct work {
    struct desk *desk;
    enum source source;
    struct plan *plan;
    struct survey survey; /* of it */
    struct ledger ledger;
    struct heard heard; /* and not yet said */
    struct failure failure;
    bool lines; /* events go to standard output, as JSON Lines */
    size_t jobs;
    const char *report; /* the folder, NULL: none is wanted */
    bool watched;       /* they are shown at a terminal */
    bool asking;        /* the person is: the screen is theirs */
    int64_t shown;      /* the board was, at this second of event.at */
    int written;        /* -1: standard output failed */
};

static enum outcome fail(struct work *work, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&work->failure, outcome, detail);
}

/* --- the plan ------------------------------------------------------------ */

/* What a row gets that does not say. */
static struct plan_defaults defaults_of(const struct options *options)
{
    return (struct plan_defaults){
        .has_no_copies = options->non_exportable,
        .value = {[PLAN_TO] = options->to,
                  [PLAN_PHONE] = options->phone,
                  [PLAN_MODE] = options->express ? "express" : NULL,
                  [PLAN_BACKUP] = options->backup,
                  [PLAN_PIN_FILE] = options->pin_file,
                  [PLAN_OLD_PIN_FILE] = options->old_pin_file,
                  [PLAN_BACKUP_PIN_FILE] = options->copy_pin_file,
                  [PLAN_ALGORITHM] = options->algorithm,
                  [PLAN_ON_TOKEN] = options->on_token ? "yes" : NULL}};
}

static enum outcome read_plan(struct work *work, struct journal *journal)
{
    const struct options *options = work->desk->options;
    const struct plan_defaults defaults = defaults_of(options);
    const struct plan_watcher watcher = {survey_take, &work->survey};
    time_t now = clock_now(work->desk->clock);
    char place[sizeof(work->failure.detail)];
    const char *unread = "";
    enum outcome outcome;

    if (work->source == FROM_JOURNAL)
        return fail(work, plan_of_journal(journal, now, &watcher, &work->plan),
                    "");
    if (work->source == FROM_STATUS)
        outcome =
            plan_of_places(options->argument, options->arguments, &defaults,
                           journal, now, options->window, &unread, &work->plan);
    else
        outcome = plan_read(options->argument[0], &defaults, &work->plan);
    if (outcome == OUTCOME_PLAN_UNREADABLE && signals_pending() != 0)
        return fail(work, OUTCOME_INTERRUPTED, "");
    if (outcome == OUTCOME_PLAN_UNREADABLE) {
        snprintf(place, sizeof(place), "%s: %s",
                 text_clean(options->argument[0]).text, strerror(errno));
        return fail(work, outcome, place);
    }
    if (outcome == OUTCOME_DONE)
        outcome = plan_inspect(
            work->plan, journal, now,
            options->force ? POLICY_WINDOW_FORCED : options->window, &watcher);
    text_clean_into(place, sizeof(place), unread);
    return fail(work, outcome, place);
}

/* --- what is seen -------------------------------------------------------- */

static void print_line(struct work *work, const struct event *event)
{
    if (event_line_print(&work->ledger, event) != 0)
        work->written = -1;
}

static void take(void *context, const struct event *event)
{
    struct work *work = context;

    ledger_take(&work->ledger, event);
    if (work->lines) {
        /* The end is told when it is known what came of the report. */
        if (event->kind != EVENT_END)
            print_line(work, event);
        return;
    }
    if (event->kind == EVENT_ASK)
        screen_progress_end(work->desk->screen);
    if (event->kind == EVENT_ASK || event->kind == EVENT_ASKED)
        work->asking = event->kind == EVENT_ASK;
    if (event->kind == EVENT_HEARD ||
        (event->kind == EVENT_ROW && event->state == ROW_NEEDS))
        heard_keep(&work->heard, event->row, event->message);
    if (!work->asking &&
        heard_say(&work->heard, work->desk->screen, work->plan))
        work->shown = 0;
    if (!work->asking && event->at / 1000 != work->shown) {
        work->shown = event->at / 1000;
        board_show(work->desk->screen, &work->ledger, event->at);
    }
}

/* What was read is what was done. */
static void tell_change(struct work *work)
{
    if (work->source == FROM_FILE &&
        plan_has_changed(work->plan, work->desk->options->argument[0]))
        screen_say(work->desk->screen, "%s",
                   _("The plan was changed while the batch ran: what it said "
                     "at the beginning has been done. For what is new run the "
                     "same command again."));
}

/* The last line says what the exit status says. */
static void print_end(struct work *work, enum outcome outcome)
{
    const struct event end = {
        .kind = EVENT_END, .when = work->ledger.ended, .outcome = outcome};

    if (outcome != work->ledger.outcome)
        ledger_take(&work->ledger, &end);
    print_line(work, &end);
}

static enum outcome write_report(struct work *work, enum outcome outcome)
{
    char path[REPORT_PATH_MAX] = "";
    enum outcome written = report_write(&work->ledger, work->report, path);

    if (written == OUTCOME_DONE) {
        screen_say(work->desk->screen, _("The report: %s"),
                   text_clean(path).text);
        return outcome;
    }
    fail(work, written, strerror(errno));
    result_say(work->desk->screen, &work->failure);
    return outcome_row(outcome)->status == 0 ? written : outcome;
}

static enum outcome report(struct work *work, enum outcome outcome)
{
    screen_progress_end(work->desk->screen);
    if (!work->lines && board_sum_up(&work->ledger) != 0)
        work->written = -1;
    tell_change(work);
    if (work->report != NULL)
        outcome = write_report(work, outcome);
    if (work->lines)
        print_end(work, outcome);
    return outcome;
}

/* --- the run ------------------------------------------------------------- */

/* What can be known before anything starts. What was begun was told all of it
 * then; where one of them needs more, that is told of it alone. */
static enum outcome check_options(struct work *work)
{
    const struct options *options = work->desk->options;

    if (work->source == FROM_JOURNAL)
        return OUTCOME_DONE;
    if (options->dry_run) /* which asks for nothing */
        return means_check(options, work->report, &work->failure);
    if (options->server == NULL)
        return fail(work, OUTCOME_ANSWER_NEEDED, "--server");
    if (options->code_command == NULL && options->codes == NULL &&
        !screen_interactive(work->desk->screen))
        return fail(work, OUTCOME_ANSWER_NEEDED,
                    _("--code-command or --codes"));
    if (!options->accept_data)
        return fail(work, OUTCOME_ACCEPTANCE_NEEDED,
                    _("In a batch nobody is shown the data of each row: the "
                      "owners have to have accepted them before."));
    return means_check(options, NULL, &work->failure);
}

/* What could not be told to the command, in this run or in earlier ones, once
 * more: everything else is done. A row whose renewal never began is in no
 * journal, but in the plan: it is told of when that is run again. */
static void tell_again(struct work *work, struct journal *journal)
{
    struct failing failing = {journal, work->desk->options, 0};
    char problem[HOOK_PROBLEM] = "";
    const bool ends = signals_pending() != 0;
    size_t begun = ends ? 0 : failing_retry(&failing, problem), never = 0;

    for (size_t i = 0; i < work->plan->rows; i++) {
        const struct ledger_row *row = &work->ledger.row[i];

        never += row->untold && row->renewal == NULL;
        begun += row->untold && row->renewal != NULL && ends;
    }
    if (problem[0] == '\0' && work->ledger.complaint != NULL)
        snprintf(problem, sizeof(problem), "%s", work->ledger.complaint);
    failing_say(work->desk->screen, begun, never, problem);
}

static enum outcome run(struct work *work, struct journal *journal)
{
    struct unbegun unbegun;
    const struct options *options = work->desk->options;
    const struct batch batch = {.journal = journal,
                                .plan = work->plan,
                                .options = options,
                                .clock = work->desk->clock,
                                .timer = &timer_system,
                                .screen = work->desk->screen,
                                .jobs = work->jobs,
                                .unbegun = &unbegun,
                                .watched = work->watched,
                                .take = take,
                                .context = work};
    enum outcome outcome = OUTCOME_MEMORY;

    if (unbegun_open(&unbegun) != OUTCOME_DONE)
        return outcome;
    caution_say(work->desk->screen, work->plan, journal, work->report);
    if (ledger_init(&work->ledger, work->plan)) {
        outcome = batch_run(&batch);
        work->failure = (struct failure){.outcome = outcome};
        outcome = report(work, outcome);
        tell_again(work, journal);
    }
    ledger_free(&work->ledger);
    unbegun_close(&unbegun, work->desk->screen, clock_now(work->desk->clock));
    return outcome;
}

/* --- without one --------------------------------------------------------- */

static enum outcome preview(struct work *work, struct journal *journal)
{
    time_t now = clock_now(work->desk->clock);
    struct json_object *json;

    plan_view_sum(work->plan, journal, &work->failure);
    if (work->desk->options->json) {
        json = result_json_plain(&work->failure);
        view_put(json, "rows", plan_view_rows(work->plan, journal, now));
        work->written = result_print(json);
        json_object_put(json);
    } else {
        work->written = plan_view_print(work->plan, journal, now);
        result_say(work->desk->screen, &work->failure);
    }
    return work->failure.outcome;
}

/* There was no run, and here is why. */
static enum outcome refuse(struct work *work, enum outcome outcome)
{
    const struct options *options = work->desk->options;
    const struct plan *plan = work->plan;
    struct json_object *json;

    work->failure.outcome = outcome;
    work->failure.elsewhere = true;
    if (outcome == OUTCOME_PLAN_WRONG && !options->json)
        plan_view_complain(work->desk->screen,
                           work->source == FROM_STATUS ? "--from-status"
                                                       : options->argument[0],
                           plan);
    result_say(work->desk->screen, &work->failure);
    if (!options->json)
        return outcome;
    json = result_json_plain(&work->failure);
    if (outcome == OUTCOME_PLAN_WRONG)
        view_put(json, "complaints", plan_view_complaints(plan));
    work->written = result_print(json);
    json_object_put(json);
    return outcome;
}

/* --- the command --------------------------------------------------------- */

static enum outcome work_with(struct work *work, struct workplace *workplace)
{
    enum outcome outcome = read_plan(work, workplace->journal);

    if (outcome == OUTCOME_DONE && work->plan->rows == 0)
        return refuse(work, work->source == FROM_JOURNAL ? OUTCOME_NOTHING_OPEN
                                                         : OUTCOME_NOTHING_DUE);
    if (outcome == OUTCOME_DONE)
        outcome = check_options(work);
    if (outcome != OUTCOME_DONE)
        return refuse(work, outcome);
    return work->desk->options->dry_run ? preview(work, workplace->journal)
                                        : run(work, workplace->journal);
}

static enum outcome run_from(struct desk *desk, enum source source, long jobs,
                             const char *report)
{
    const struct options *options = desk->options;
    struct work work = {.desk = desk,
                        .source = source,
                        .jobs = jobs > 0 ? (size_t)jobs : BATCH_JOBS,
                        .report = report};
    struct workplace workplace;
    const bool terminal = isatty(STDERR_FILENO) != 0;
    bool quiet =
        options->progress != NULL && strcmp(options->progress, "never") == 0;
    enum outcome outcome;

    pin_use(NULL); /* they come from files */
    work.lines = options->json || (!terminal && !quiet);
    work.watched = !work.lines && terminal && !quiet;
    work.survey = (struct survey){desk->screen, desk->clock,
                                  work.lines && !options->dry_run, 0, 0};
    if (source == FROM_FILE && options->arguments != 1) {
        fail(&work, OUTCOME_USAGE, _("Name one plan, or --from-status."));
        return refuse(&work, OUTCOME_USAGE);
    }
    outcome = options->dry_run ? workplace_foresee(&workplace)
                               : workplace_open(&workplace);
    if (outcome == OUTCOME_LOCKED && workplace.holder > 0)
        snprintf(work.failure.detail, sizeof(work.failure.detail),
                 _("Its number: %ld."), workplace.holder);
    outcome = outcome == OUTCOME_DONE ? work_with(&work, &workplace)
                                      : refuse(&work, outcome);
    workplace_close(&workplace);
    plan_free(&work.plan);
    return work.written + work.survey.written == 0 ? outcome : OUTCOME_IO;
}

enum outcome batch_command_run(struct desk *desk)
{
    return run_from(desk, desk->options->from_status ? FROM_STATUS : FROM_FILE,
                    desk->options->jobs, desk->options->report);
}

/* What there is only once, or what was meant for one of them. */
static bool is_for_one(const struct options *options)
{
    return options->pin_fd >= 0 || options->old_pin_fd >= 0 ||
           options->copy_pin_fd >= 0 || options->changes != NULL ||
           options->scan.count > 0;
}

enum outcome batch_command_resume(struct desk *desk)
{
    struct work work = {.desk = desk};

    if (desk->options->resume_jobs == 0 || desk->options->arguments > 0) {
        fail(&work, OUTCOME_USAGE,
             _("A report is one of many renewals: add --jobs, and name none of "
               "them."));
        return refuse(&work, OUTCOME_USAGE);
    }
    if (is_for_one(desk->options)) {
        fail(&work, OUTCOME_USAGE,
             _("With --jobs PINs come from files, not from descriptors, and "
               "--changes and --scan are for one renewal."));
        return refuse(&work, OUTCOME_USAGE);
    }
    return run_from(desk, FROM_JOURNAL, desk->options->resume_jobs,
                    desk->options->resume_report);
}
