#include "client/program/code_command.h"

#include "client/program/program.h"
#include "client/program/words.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    OUTPUT_MAX = 256,
    VALUE_MAX = 100 /* bytes of one of our words in its environment */
};

/* Words of a server end up in scripts: only what cannot be mistaken there. */
static void tell(struct program_environment *around, const char *name,
                 const char *value)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    if (value != NULL && value[strspn(value, allowed)] == '\0' &&
        strlen(value) <= VALUE_MAX)
        program_tell(around, name, value);
}

static void surround(struct program_environment *around,
                     const struct code_command *run)
{
    program_inherit(around);
    tell(around, "KEP_CODE_PURPOSE", run->purpose);
    tell(around, "KEP_PHONE_TAIL", run->phone_tail);
    tell(around, "KEP_FORM", run->form);
    tell(around, "KEP_RENEWAL", run->renewal);
}

/* The digits alone in the output. */
static enum code_result pick(const char *output, size_t size, char **code)
{
    static const char blanks[] = " \t\r\n";

    while (size > 0 && memchr(blanks, output[size - 1], 4) != NULL)
        size--;
    while (size > 0 && memchr(blanks, *output, 4) != NULL) {
        output++;
        size--;
    }
    if (size == 0)
        return CODE_NOTHING;
    if (size != CODE_DIGITS || strspn(output, "0123456789") < size)
        return CODE_NOT_A_CODE;
    *code = secret_copy(output, size);
    return *code != NULL ? CODE_OK : CODE_SYSTEM;
}

static enum code_result run_words(const struct code_command *run, char **argv,
                                  char **code)
{
    static const enum code_result results[] = {
        [PROGRAM_OK] = CODE_OK,         [PROGRAM_MISSING] = CODE_NO_PROGRAM,
        [PROGRAM_FAILED] = CODE_FAILED, [PROGRAM_TOO_MUCH] = CODE_NOT_A_CODE,
        [PROGRAM_LATE] = CODE_LATE,     [PROGRAM_CANCELLED] = CODE_CANCELLED,
        [PROGRAM_SYSTEM] = CODE_SYSTEM,
    };
    struct program_environment around = {.count = 0};
    struct program program = {
        .argv = argv,
        .around = &around,
        .ear = run->ear,
        .output = secret_new(OUTPUT_MAX + 1),
        .room = OUTPUT_MAX,
        .seconds = run->seconds > 0 ? run->seconds : CODE_COMMAND_SECONDS};
    enum code_result result = CODE_SYSTEM;

    surround(&around, run);
    if (program.output != NULL)
        result = results[program_run(&program)];
    if (result == CODE_OK)
        result = pick(program.output, program.size, code);
    program_forget(&around);
    secret_free(&program.output);
    return result;
}

static enum code_result split(const char *command, struct words *words)
{
    const enum words_result result = words_split(command, words);

    return result == WORDS_OK       ? CODE_OK
           : result == WORDS_MEMORY ? CODE_SYSTEM
                                    : CODE_COMMAND;
}

enum code_result code_command_run(const struct code_command *run, char **code)
{
    struct words words;
    enum code_result result = split(run->command, &words);

    *code = NULL;
    if (result == CODE_OK)
        result = run_words(run, words.argv, code);
    words_free(&words);
    return result;
}

const char *code_command_sentence(enum code_result result)
{
    static const char *const sentences[] = {
        [CODE_OK] = N_("The code command gave a code."),
        [CODE_COMMAND] =
            N_("The code command is not written right: check its quotation "
               "marks."),
        [CODE_NO_PROGRAM] = N_("The program of the code command was not found "
                               "or may not be run: check its path."),
        [CODE_FAILED] = N_("The code command ended with an error: its own "
                           "messages say why."),
        [CODE_NOTHING] = N_("The code command printed nothing: it has to "
                            "print the code from the SMS."),
        [CODE_NOT_A_CODE] =
            N_("The code command printed something other than six digits: it "
               "has to print the code from the SMS and nothing else."),
        [CODE_LATE] = N_("The code command took too long and was stopped."),
        [CODE_CANCELLED] = N_("Interrupted while waiting for the code."),
        [CODE_SYSTEM] = N_("The code command could not be started: there is "
                           "not enough memory or too many programs run."),
    };

    return result <= CODE_SYSTEM ? _(sentences[result]) : "";
}
