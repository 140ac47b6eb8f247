#include "client/program/hook.h"

#include "client/program/words.h"
#include "client/renewal/reason.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

/* Text of others in one line that does nothing to a terminal; a program of
 * the user's is to have it no worse than they. */
static void tell(struct program_environment *around, const char *name,
                 const char *value)
{
    char clean[4096];

    if (value != NULL)
        program_tell(around, name,
                     text_clean_into(clean, sizeof(clean), value));
}

void hook_tell_record(struct program_environment *around,
                      const struct record *record)
{
    static const struct {
        const char *name;
        enum record_field field;
    } rows[] = {
        {"KEP_RENEWAL", RECORD_ID},
        {"KEP_LABEL", RECORD_LABEL},
        {"KEP_OUTCOME", RECORD_OUTCOME},
        {"KEP_OLD_CONTAINER", RECORD_OLD_CONTAINER},
        {"KEP_OLD_THUMBPRINT", RECORD_OLD_THUMBPRINT},
        {"KEP_CONTAINER", RECORD_NEW_CONTAINER},
        {"KEP_CERTIFICATE", RECORD_NEW_CERTIFICATE},
        {"KEP_THUMBPRINT", RECORD_NEW_THUMBPRINT},
        {"KEP_BACKUP", RECORD_BACKUP_CONTAINER},
    };
    time_t end = record_time(record, RECORD_NEW_NOT_AFTER);
    char sentence[SENTENCE_MAX];

    reason_sentence(record, sentence, sizeof(sentence));
    tell(around, "KEP_MESSAGE", sentence[0] != '\0' ? sentence : NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        tell(around, rows[i].name, record_get(record, rows[i].field));
    if (end != 0)
        program_tell(around, "KEP_NOT_AFTER", text_rfc3339(end).text);
}

static const char *sentence_of(enum program_result result)
{
    static const char *const sentences[] = {
        [PROGRAM_MISSING] = N_("the program was not found or may not be run."),
        [PROGRAM_FAILED] =
            N_("the program ended with an error: its own messages say why."),
        [PROGRAM_LATE] =
            N_("the program took longer than five minutes and was stopped."),
        [PROGRAM_SYSTEM] = N_("the program could not be started: there is not "
                              "enough memory or too many programs run."),
    };

    return result < sizeof(sentences) / sizeof(sentences[0]) &&
                   sentences[result] != NULL
               ? _(sentences[result])
               : "";
}

static enum outcome run(const struct hook *hook, char **argv,
                        struct program_environment *around, char *problem)
{
    struct program program = {.argv = argv,
                              .around = around,
                              .input = hook->input,
                              .ear = hook->ear,
                              .seconds = HOOK_SECONDS};
    enum program_result result;

    program_inherit(around);
    program_tell(around, "KEP_EVENT", hook->event);
    result = program_run(&program);
    if (result == PROGRAM_OK)
        return OUTCOME_DONE;
    if (result == PROGRAM_CANCELLED)
        return OUTCOME_INTERRUPTED;
    snprintf(problem, HOOK_PROBLEM, "%s %s: %s", hook->option,
             text_clean(argv[0]).text, sentence_of(result));
    return OUTCOME_HOOK_FAILED;
}

enum outcome hook_run(const struct hook *hook,
                      struct program_environment *around, char *problem)
{
    struct words words;
    enum words_result split = words_split(hook->command, &words);
    enum outcome outcome = OUTCOME_HOOK_FAILED;

    problem[0] = '\0';
    if (split == WORDS_OK)
        outcome = run(hook, words.argv, around, problem);
    else
        snprintf(problem, HOOK_PROBLEM, "%s: %s", hook->option,
                 words_sentence(split));
    words_free(&words);
    program_forget(around);
    return outcome;
}

const char *hook_problem(const char *command)
{
    struct words words;
    enum words_result split = words_split(command, &words);
    const char *problem = NULL;

    if (split != WORDS_OK)
        problem = words_sentence(split);
    else if (!program_is_there(words.argv[0]))
        problem = sentence_of(PROGRAM_MISSING);
    words_free(&words);
    return problem;
}
