#include "client/renewal/failing.h"

#include "client/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool failing_counts(enum outcome outcome)
{
    static const enum outcome none[] = {OUTCOME_WAITING, OUTCOME_TELEPHONE_BUSY,
                                        OUTCOME_LOCKED, OUTCOME_INTERRUPTED,
                                        OUTCOME_CANCELLED};

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

static long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long)time.tv_sec;
}

static enum outcome run(struct failing *failing, const struct record *record,
                        const struct program_ear *ear, char *problem)
{
    const struct hook hook = {.option = "--failed-command",
                              .command = failing->options->failed_command,
                              .event = "failed",
                              .ear = ear};
    struct program_environment around = {.count = 0};
    const long begun = now();
    enum outcome outcome;

    hook_tell_record(&around, record);
    outcome = hook_run(&hook, &around, problem);
    if (outcome != OUTCOME_DONE)
        atomic_fetch_add(&failing->lost, now() - begun);
    return outcome;
}

/* The words that were told, without one that is still to be; NULL: none. */
static const char *told_before(const struct record *record)
{
    const char *told = record_get(record, RECORD_FAILED_TOLD);

    if (told == NULL || told[0] != '!')
        return told;
    told = strchr(told, ' ');
    return told != NULL ? told + 1 : NULL;
}

static bool was_told(const struct record *record, const char *word)
{
    const char *told = told_before(record);

    while (told != NULL) {
        const size_t size = strcspn(told, " ");

        if (strlen(word) == size && memcmp(told, word, size) == 0)
            return true;
        told = told[size] != '\0' ? told + size + 1 : NULL;
    }
    return false;
}

/* It is noted first: if this process ends, it is told by the next. Of very
 * many words the oldest are forgotten. */
static bool tell(struct failing *failing, struct record *record,
                 const char *word, const struct program_ear *ear, char *problem)
{
    const char *before = told_before(record);
    char untold[1024];

    problem[0] = '\0';
    snprintf(untold, sizeof(untold), "!%s%s%s", word, before != NULL ? " " : "",
             before != NULL ? before : "");
    note(failing, record, untold);
    if (atomic_load(&failing->lost) >= HOOK_SECONDS ||
        run(failing, record, ear, problem) != OUTCOME_DONE)
        return false;
    note(failing, record, untold + 1);
    return true;
}

bool failing_tell(struct failing *failing, struct record *record,
                  enum outcome outcome, const struct program_ear *ear,
                  char *problem)
{
    const char *word = outcome_row(outcome)->word;

    problem[0] = '\0';
    return failing->options->failed_command == NULL ||
           !failing_counts(outcome) || was_told(record, word) ||
           tell(failing, record, word, ear, problem);
}

struct retrying {
    struct failing *failing;
    char *problem; /* of the first */
    size_t untold;
};

/* What has passed meanwhile is no news any more. */
static enum outcome retry(void *context, struct record *record)
{
    struct retrying *retrying = context;
    const char *is = record_get(record, RECORD_OUTCOME);
    const char *untold = record_get(record, RECORD_FAILED_TOLD) + 1;
    char word[128], problem[HOOK_PROBLEM];

    snprintf(word, sizeof(word), "%.*s", (int)strcspn(untold, " "), untold);
    if (is == NULL || strcmp(is, word) != 0)
        note(retrying->failing, record, told_before(record));
    else if (!tell(retrying->failing, record, word, NULL, problem) &&
             retrying->untold++ == 0)
        snprintf(retrying->problem, HOOK_PROBLEM, "%s", problem);
    return OUTCOME_DONE;
}

size_t failing_retry(struct failing *failing, char *problem)
{
    struct retrying retrying = {.failing = failing, .problem = problem};

    problem[0] = '\0';
    if (failing->options->failed_command != NULL)
        journal_each_untold(failing->journal, retry, &retrying);
    return retrying.untold;
}

void failing_say(struct screen *screen, size_t begun, size_t never,
                 const char *problem)
{
    if (begun > 0)
        screen_say(screen,
                   ngettext("%zu failure could not be told to your command; "
                            "kep resume with the same --failed-command tries "
                            "it again. %s",
                            "%zu failures could not be told to your command; "
                            "kep resume with the same --failed-command tries "
                            "it again. %s",
                            begun),
                   begun, problem);
    if (never > 0)
        screen_say(screen,
                   ngettext("%zu failure of a row that never began could not "
                            "be told to your command; that is tried again "
                            "when you run the plan again. %s",
                            "%zu failures of rows that never began could not "
                            "be told to your command; that is tried again "
                            "when you run the plan again. %s",
                            never),
                   never, problem);
}
