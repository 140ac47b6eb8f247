#include "client/renewal/code_fetch.h"

#include "client/program/code_command.h"

enum outcome code_fetch(struct renewal *renewal, const char *purpose,
                        const char *tail, char **code)
{
    const struct code_command run = {.command = renewal->options->code_command,
                                     .ear = renewal->ear,
                                     .purpose = purpose,
                                     .phone_tail = tail,
                                     .form = renewal_get(renewal, RECORD_FORM),
                                     .renewal =
                                         renewal_get(renewal, RECORD_ID)};
    const enum code_result result = code_command_run(&run, code);

    if (result == CODE_CANCELLED)
        return renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "");
    if (result == CODE_OK)
        return OUTCOME_DONE;
    return renewal_fail(renewal, OUTCOME_CODE_COMMAND, "%s",
                        code_command_sentence(result));
}
