#include "client/renewal/renewal.h"

#include "client/renewal/absence.h"
#include "client/renewal/call.h"
#include "client/renewal/form.h"
#include "client/renewal/given.h"
#include "client/renewal/keys.h"
#include "client/renewal/phone.h"
#include "client/renewal/reason.h"
#include "client/renewal/steps.h"
#include "client/screen/walk.h"
#include "client/signals.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum outcome renewal_init(struct renewal *renewal, struct journal *journal,
                          struct screen *screen, const struct clock *clock,
                          const struct options *options)
{
    *renewal = (struct renewal){.journal = journal,
                                .screen = screen,
                                .clock = clock,
                                .options = options,
                                .in = message_new(),
                                .out = message_new(),
                                .form = message_new()};
    if (renewal->in != NULL && renewal->out != NULL && renewal->form != NULL)
        return OUTCOME_DONE;
    renewal_free(renewal);
    return OUTCOME_MEMORY;
}

void renewal_free(struct renewal *renewal)
{
    record_free(&renewal->record);
    if (!renewal->api_is_lent)
        api_free(&renewal->api);
    renewal->api = NULL;
    message_free(&renewal->in);
    message_free(&renewal->out);
    message_free(&renewal->form);
    certificate_free(&renewal->old_certificate);
    container_free(&renewal->old_container);
    container_free(&renewal->new_container);
    secret_free(&renewal->new_password);
    entropy_free(&renewal->pool);
    session_free(&renewal->session);
}

/* A session is for the server that gave it: another one does not get it. */
static void take_server(struct renewal *renewal)
{
    const char *known = renewal_get(renewal, RECORD_SERVER);
    const char *const *given = &renewal->options->server;

    if (!given_is_obeyed(&renewal->record, renewal->options, given))
        return;
    if (known != NULL && strcmp(known, *given) != 0 &&
        call_settings_serve(*given, NULL, NULL, 0))
        session_forget(&renewal->session, renewal_get(renewal, RECORD_ID));
    renewal_set(renewal, RECORD_SERVER, *given);
}

/* Options win over what an earlier run was told, where the new container has
 * not been made yet. */
static void take_options(struct renewal *renewal)
{
    const struct options *options = renewal->options;
    bool made = renewal_get(renewal, RECORD_NEW_CONTAINER) != NULL;
    const struct {
        enum record_field field;
        const char *const *option;
    } places[] = {
        {RECORD_SERVER_CA, &options->server_ca},
        {RECORD_ROOTS, &options->roots},
        {RECORD_PHONE, &options->phone},
    };
    const struct {
        enum record_field field;
        const char *value;
    } given[] = {
        {RECORD_PIN_FILE, options->pin_file},
        {RECORD_OLD_PIN_FILE, options->old_pin_file},
        {RECORD_BACKUP_PIN_FILE, options->copy_pin_file},
        {RECORD_BACKUP, options->no_backup ? "" : options->backup},
        {RECORD_TARGET, made ? NULL : options->to},
        {RECORD_DEPLOY, options_is_configured(options, &options->deploy_command)
                            ? NULL
                            : options->deploy_command},
        {RECORD_NAME, made ? NULL : options->name},
        {RECORD_ALGORITHM, made ? NULL : options->algorithm},
        {RECORD_COPYING, made                      ? NULL
                         : options->on_token       ? "inside"
                         : options->non_exportable ? "no"
                                                   : NULL},
    };

    take_server(renewal);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (given_is_obeyed(&renewal->record, options, places[i].option))
            given_remember(&renewal->record, places[i].field,
                           *places[i].option);
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        if (given[i].value != NULL)
            given_remember(&renewal->record, given[i].field, given[i].value);
    phone_tidy(renewal);
    /* A descriptor that is given now wins over a file of an earlier run. */
    if (options->pin_fd >= 0 && options->pin_file == NULL)
        renewal_set(renewal, RECORD_PIN_FILE, NULL);
    if (options->old_pin_fd >= 0 && options->old_pin_file == NULL)
        renewal_set(renewal, RECORD_OLD_PIN_FILE, NULL);
    if (options->copy_pin_fd >= 0 && options->copy_pin_file == NULL)
        renewal_set(renewal, RECORD_BACKUP_PIN_FILE, NULL);
}

static const char *wanted_mode(const struct options *options)
{
    return options->paper     ? "paper"
           : options->normal  ? "normal"
           : options->express ? "express"
                              : NULL;
}

void renewal_begin(struct renewal *renewal, struct container_info *old)
{
    uint8_t random[16];
    char id[2 * sizeof(random) + 1];
    struct record *record = &renewal->record;

    renewal->is_new = true;
    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(id, sizeof(id), random, sizeof(random));
    record_set(record, RECORD_ID, id);
    record_set(record, RECORD_STEP, steps_first());
    record_set_time(record, RECORD_CREATED, clock_now(renewal->clock));
    record_set(record, RECORD_OLD_CONTAINER, old->where);
    record_set(record, RECORD_OLD_THUMBPRINT, old->certificate->thumbprint);
    record_set_time(record, RECORD_OLD_NOT_AFTER, old->certificate->not_after);
    if (wanted_mode(renewal->options) != NULL)
        record_set(record, RECORD_MODE, wanted_mode(renewal->options));
    renewal->old_certificate = old->certificate;
    old->certificate = NULL;
    take_options(renewal);
}

void renewal_take(struct renewal *renewal, struct record *record)
{
    renewal->record = *record;
    *record = (struct record){.failed = false};
    session_load(&renewal->session, renewal_get(renewal, RECORD_ID));
    take_options(renewal);
}

const char *renewal_get(const struct renewal *renewal, enum record_field field)
{
    return record_get(&renewal->record, field);
}

void renewal_set(struct renewal *renewal, enum record_field field,
                 const char *value)
{
    record_set(&renewal->record, field, value);
}

enum outcome renewal_save(struct renewal *renewal)
{
    record_set_time(&renewal->record, RECORD_UPDATED,
                    clock_now(renewal->clock));
    return journal_save(renewal->journal, &renewal->record);
}

enum outcome renewal_fail(struct renewal *renewal, enum outcome outcome,
                          const char *format, ...)
{
    va_list arguments;
    char detail[FAILURE_DETAIL];

    renewal->failure = (struct failure){.outcome = outcome};
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    text_clean_into(renewal->failure.detail, sizeof(renewal->failure.detail),
                    detail);
    /* Whoever is sent to the support is asked for the number of the last
     * request, also where it was not that request that failed. */
    if (outcome_row(outcome)->support)
        text_clean_into(renewal->failure.trace_id,
                        sizeof(renewal->failure.trace_id),
                        renewal_get(renewal, RECORD_TRACE_ID));
    return outcome;
}

enum outcome renewal_fault(struct renewal *renewal, enum fault fault,
                           const char *what)
{
    const enum outcome outcome = outcome_of_fault(fault);

    if (fault == FAULT_NONE)
        return OUTCOME_DONE;
    what = what != NULL ? what : "";
    absence_note(renewal, outcome, what);
    return renewal_fail(renewal, outcome, "%s", what);
}

enum outcome renewal_unanswered(struct renewal *renewal, enum prompt_end end,
                                const char *what)
{
    switch (end) {
    case PROMPT_OK:
        return OUTCOME_DONE;
    case PROMPT_NOBODY:
        return renewal_fail(renewal, OUTCOME_ANSWER_NEEDED, "%s", what);
    case PROMPT_SIGNAL:
        return renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "");
    case PROMPT_FAILED:
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    default:
        return renewal_fail(renewal, OUTCOME_CANCELLED, "%s", "");
    }
}

/* A mistake in the command that began a renewal leaves none. */
static bool is_over(const struct renewal *renewal, enum outcome outcome)
{
    return outcome_is_final(outcome) ||
           (renewal->is_new && renewal_get(renewal, RECORD_FORM) == NULL &&
            outcome_row(outcome)->status == outcome_row(OUTCOME_USAGE)->status);
}

/* The person has gone back to the questions before it, which may be answered
 * otherwise: nothing is left of it. */
static bool is_undone(const struct renewal *renewal, enum outcome outcome)
{
    return outcome == OUTCOME_CANCELLED && walk_is_turning(renewal->screen) &&
           renewal_get(renewal, RECORD_FORM) == NULL;
}

/* Why it stopped goes into the journal. */
static enum outcome stop(struct renewal *renewal, enum outcome outcome)
{
    const struct outcome_row *row = outcome_row(outcome);

    if (renewal->failure.outcome != outcome)
        renewal_fail(renewal, outcome, "%s", "");
    reason_note(&renewal->record, &renewal->failure);
    given_forget_wrong_pins(&renewal->record);
    if (is_undone(renewal, outcome) ||
        (outcome != OUTCOME_RENEWED && is_over(renewal, outcome)))
        renewal_set(renewal, RECORD_STEP, "ended");
    if (journal_step_is_end(renewal_get(renewal, RECORD_STEP)))
        session_forget(&renewal->session, renewal_get(renewal, RECORD_ID));
    if (renewal_save(renewal) != OUTCOME_DONE && row->status == 0)
        return OUTCOME_STATE_UNWRITABLE;
    return outcome;
}

/* A step that finds the form in another state than expected (an answer was
 * lost, somebody acted at the service centre) looks again, once. */
static enum outcome run_once(struct renewal *renewal, const struct step *step)
{
    enum outcome outcome = step->run(renewal);

    if (outcome == OUTCOME_WRONG_STATE &&
        renewal_get(renewal, RECORD_FORM) != NULL) {
        enum outcome looked = form_read(renewal);

        outcome = looked == OUTCOME_DONE ? step->run(renewal) : looked;
    }
    return outcome;
}

/* What was done before is found, and the step goes on from there. */
static enum outcome run_step(struct renewal *renewal, const struct step *step)
{
    enum outcome outcome;

    do {
        renewal->absent[0] = '\0';
        outcome = run_once(renewal, step);
    } while (absence_is_over(renewal, outcome));
    return outcome;
}

/* The server said when it wants to be asked again. A moment that is further
 * off than any that is noted, or was noted later than now, is of a clock that
 * was wrong. */
static enum outcome obey_not_before(struct renewal *renewal)
{
    time_t moment = record_time(&renewal->record, RECORD_NOT_BEFORE);
    time_t noted = record_time(&renewal->record, RECORD_UPDATED);
    time_t now = clock_now(renewal->clock), left;

    if (moment <= now || moment > now + CALL_LATER_MAX || noted > now)
        return OUTCOME_DONE;
    left = moment - now;
    if (left > renewal->options->wait)
        return renewal_fail(renewal, OUTCOME_WAITING,
                            _("The server asks to come back %s."),
                            text_in(left).text);
    screen_progress(renewal->screen,
                    _("The server asks to come back %s: waiting."),
                    text_in(left).text);
    if (!clock_sleep(renewal->clock, (double)left))
        return renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "");
    screen_progress_end(renewal->screen);
    renewal_set(renewal, RECORD_NOT_BEFORE, NULL);
    return OUTCOME_DONE;
}

/* What a step found out is written down where it would be lost: after the
 * key, after the certificate. The others announce what they do before they do
 * it, and the server's state of the form says how far it has come; the end of
 * a run is written by stop(). */
static enum outcome finish_step(struct renewal *renewal,
                                const struct step *step)
{
    renewal_set(renewal, RECORD_STEP, step->next);
    return step->commits ? renewal_save(renewal) : OUTCOME_DONE;
}

/* One step; a person may go back from it to the one that asked before. */
static enum outcome walk_step(struct renewal *renewal, struct walk *walk,
                              const struct step *step)
{
    size_t place = steps_place(step);
    enum outcome outcome;

    if (renewal->step_begins != NULL)
        renewal->step_begins(renewal->step_context, step->word);
    if (step->title != NULL)
        screen_step(renewal->screen, step->number, steps_count(), "%s",
                    _(step->title));
    walk_enter(walk);
    outcome = run_step(renewal, step);
    if (outcome == OUTCOME_DONE) {
        if (step->behind != NULL)
            walk_bar(renewal->screen, _(step->behind));
        if (walk_leave(walk, place) || !renewal->again ||
            !walk_further(walk, &place)) {
            renewal->again = false;
            return finish_step(renewal, step);
        }
    } else if (!walk_back(walk, &place)) {
        return outcome;
    }
    renewal->again = true;
    renewal_set(renewal, RECORD_STEP, steps_at(place)->word);
    return OUTCOME_DONE;
}

static enum outcome walk_steps(struct renewal *renewal)
{
    const struct step *step;
    struct walk walk;
    enum outcome outcome = OUTCOME_DONE;

    step = steps_find(renewal_get(renewal, RECORD_STEP));
    /* The questions before the first step are asked by whoever began. */
    if (step != NULL &&
        (steps_behind(step) != NULL || !walk_is_open(renewal->screen)))
        walk_bar(renewal->screen, steps_behind(step));
    walk_begin(&walk, renewal->screen);
    while (outcome == OUTCOME_DONE &&
           (step = steps_find(renewal_get(renewal, RECORD_STEP))) != NULL)
        outcome = signals_pending() ? OUTCOME_INTERRUPTED
                                    : walk_step(renewal, &walk, step);
    walk_end(&walk);
    return outcome;
}

enum outcome renewal_run(struct renewal *renewal)
{
    enum outcome outcome;
    const char *word;

    if (!steps_are_possible(&renewal->record))
        return renewal_fail(renewal, OUTCOME_STATE_DAMAGED, "%s", "");
    outcome = call_start(renewal);
    if (outcome == OUTCOME_DONE)
        do
            outcome = keys_read_old(renewal);
        while (absence_is_over(renewal, outcome));
    if (outcome == OUTCOME_DONE)
        outcome = obey_not_before(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = walk_steps(renewal);
    if (outcome != OUTCOME_DONE)
        return stop(renewal, outcome);
    /* A word that is none of ours (of a later kep, or damaged) stays. */
    word = renewal_get(renewal, RECORD_STEP);
    if (word == NULL || strcmp(word, "done") != 0)
        return renewal_fail(renewal, OUTCOME_STATE_DAMAGED, "%s", "");
    return stop(renewal, OUTCOME_RENEWED);
}
