#include "client/renewal/failing.h"

#include "client/hook.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

static bool is_failure(enum outcome outcome)
{
    static const enum outcome none[] = {OUTCOME_WAITING, OUTCOME_LOCKED,
                                        OUTCOME_INTERRUPTED, OUTCOME_CANCELLED};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        if (none[i] == outcome)
            return false;
    return outcome_row(outcome)->status != 0;
}

/* A renewal that never began is in no journal. */
static void note(const struct failing *failing, struct record *record,
                 const char *told)
{
    record_set(record, RECORD_FAILED_TOLD, told);
    if (record_get(record, RECORD_ID) != NULL)
        journal_save(failing->journal, record);
}

/* It is noted first: if this process ends, it is told by the next. */
static void tell(struct failing *failing, struct record *record,
                 const char *word)
{
    const struct hook hook = {.option = "--failed-command",
                              .command = failing->options->failed_command,
                              .event = "failed"};
    struct program_environment around = {.count = 0};
    char problem[HOOK_PROBLEM], untold[128];
    enum outcome outcome;

    snprintf(untold, sizeof(untold), "!%s", word);
    note(failing, record, untold);
    if (failing->given_up)
        return;
    hook_tell_record(&around, record);
    outcome = hook_run(&hook, &around, problem);
    failing->given_up = outcome != OUTCOME_DONE;
    if (outcome == OUTCOME_DONE)
        note(failing, record, word);
    else if (outcome == OUTCOME_HOOK_FAILED)
        screen_say(failing->screen,
                   _("The failure could not be told to your command; that is "
                     "tried again by kep resume. %s"),
                   problem);
}

void failing_tell(struct failing *failing, struct record *record,
                  enum outcome outcome)
{
    const char *told = record_get(record, RECORD_FAILED_TOLD);
    const char *word = outcome_row(outcome)->word;

    if (failing->options->failed_command == NULL || !is_failure(outcome) ||
        (told != NULL && strcmp(told, word) == 0))
        return;
    tell(failing, record, word);
}

static enum outcome retry(void *context, struct record *record)
{
    struct failing *failing = context;
    char word[128];

    snprintf(word, sizeof(word), "%s",
             record_get(record, RECORD_FAILED_TOLD) + 1);
    tell(failing, record, word);
    return OUTCOME_DONE;
}

void failing_retry(struct failing *failing)
{
    if (failing->options->failed_command != NULL)
        journal_each_untold(failing->journal, retry, failing);
}
