#include "client/commands/commands.h"
#include "client/renewal/data.h"
#include "client/renewal/result.h"
#include "client/renewal/withdrawal.h"
#include "client/screen/walk.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 50 };

/* The renewals that are open, for a person to choose from. */
struct choices {
    char *id[CHOICES_MAX], *line[CHOICES_MAX];
    size_t count;
};

static enum outcome add_choice(void *context, struct record *record)
{
    struct choices *choices = context;
    const char *id = record_get(record, RECORD_ID);
    const struct text_line owner = data_owner(record);

    if (choices->count == CHOICES_MAX)
        return OUTCOME_DONE;
    if (asprintf(&choices->line[choices->count],
                 _("%.8s, begun on %s%s%s (%s)"), id,
                 text_date(record_time(record, RECORD_CREATED)).text,
                 owner.text[0] != '\0' ? ": " : "", owner.text,
                 text_clean(record_get(record, RECORD_OLD_CONTAINER)).text) < 0)
        return OUTCOME_MEMORY;
    choices->id[choices->count] = strdup(id);
    return choices->id[choices->count++] != NULL ? OUTCOME_DONE
                                                 : OUTCOME_MEMORY;
}

static void free_choices(struct choices *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        free(choices->id[i]);
        free(choices->line[i]);
    }
}

static enum outcome of_prompt(enum prompt_end end)
{
    return end == PROMPT_OK       ? OUTCOME_DONE
           : end == PROMPT_NOBODY ? OUTCOME_USAGE
           : end == PROMPT_SIGNAL ? OUTCOME_INTERRUPTED
                                  : OUTCOME_CANCELLED;
}

/* Which one, where none was named, and whether: the person says. */
struct asking {
    struct screen *screen;
    struct choices choices;
    size_t chosen;
    bool yes;
    enum outcome outcome;
};

static bool ask_row(void *context, size_t row, bool again)
{
    struct asking *asking = context;
    const struct choices *choices = &asking->choices;

    (void)again;
    if (row == 0 && choices->count == 1)
        return true;
    if (row == 0) {
        asking->outcome = of_prompt(prompt_choose(
            asking->screen, _("Which application is to be withdrawn?"),
            (const char *const *)choices->line, choices->count,
            &asking->chosen));
    } else {
        screen_say(asking->screen, "%s", choices->line[asking->chosen]);
        asking->outcome = of_prompt(prompt_yes(
            asking->screen, _("Withdraw this application?"), 0, &asking->yes));
    }
    return asking->outcome == OUTCOME_DONE;
}

/* id: 33 bytes. */
static enum outcome choose(struct desk *desk, struct journal *journal, char *id,
                           struct failure *failure)
{
    struct asking asking = {.screen = desk->screen};

    asking.outcome = journal_each_open(journal, add_choice, &asking.choices);
    if (asking.outcome == OUTCOME_DONE && asking.choices.count == 0)
        asking.outcome = OUTCOME_NOTHING_OPEN;
    if (asking.outcome == OUTCOME_DONE)
        (void)walk_run(desk->screen, 2, ask_row, &asking);
    if (asking.outcome == OUTCOME_DONE)
        snprintf(id, 33, "%s", asking.choices.id[asking.chosen]);
    if (asking.outcome == OUTCOME_DONE && !asking.yes)
        asking.outcome = OUTCOME_CANCELLED;
    if (asking.outcome == OUTCOME_USAGE)
        snprintf(failure->detail, sizeof(failure->detail), "%s",
                 _("Name the renewal: kep cancel RENEWAL. Its number is in kep "
                   "status."));
    free_choices(&asking.choices);
    return asking.outcome;
}

static enum outcome withdraw(struct desk *desk, struct journal *journal,
                             const char *id, struct json_object **json,
                             struct failure *failure)
{
    struct record record = {.failed = false};
    struct renewal renewal;
    enum outcome outcome = journal_load(journal, id, &record);

    if (outcome == OUTCOME_DONE &&
        journal_step_is_end(record_get(&record, RECORD_STEP)))
        outcome = OUTCOME_NOTHING_OPEN;
    if (outcome == OUTCOME_DONE)
        outcome = renewal_init(&renewal, journal, desk->screen, desk->clock,
                               desk->options);
    if (outcome == OUTCOME_DONE) {
        renewal_take(&renewal, &record);
        outcome = withdrawal_run(&renewal);
        *failure = renewal.failure;
        *json = result_json(&renewal, outcome);
        renewal_free(&renewal);
    }
    record_free(&record);
    return outcome;
}

enum outcome cancel_run(struct desk *desk)
{
    struct workplace workplace;
    struct failure failure = {.outcome = OUTCOME_DONE};
    struct json_object *json = NULL;
    enum outcome outcome = workplace_open(&workplace);
    char chosen[33] = "";
    const char *id = chosen;

    if (outcome == OUTCOME_LOCKED && workplace.holder > 0)
        snprintf(failure.detail, sizeof(failure.detail), _("Its number: %ld."),
                 workplace.holder);
    if (desk->options->arguments == 1)
        id = desk->options->argument[0];
    else if (outcome == OUTCOME_DONE)
        outcome = choose(desk, workplace.journal, chosen, &failure);
    if (outcome == OUTCOME_DONE)
        outcome = withdraw(desk, workplace.journal, id, &json, &failure);
    failure.outcome = outcome;
    failure.elsewhere = json == NULL;
    result_say(desk->screen, &failure);
    if (desk->options->json) {
        if (json == NULL)
            json = result_json_plain(&failure);
        if (result_print(json) != 0)
            outcome = OUTCOME_IO;
    }
    json_object_put(json);
    workplace_close(&workplace);
    return outcome;
}
