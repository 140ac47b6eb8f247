/* The last step: the user's own command for a new certificate. */
#include "client/renewal/steps.h"

#include "client/program/hook.h"
#include "client/text.h"

/* What the renewal was told counts before what is configured for all. */
static const char *command_of(const struct renewal *renewal)
{
    const char *told = renewal_get(renewal, RECORD_DEPLOY);

    return told != NULL ? told : renewal->options->deploy_command;
}

enum outcome step_deploy(struct renewal *renewal)
{
    const struct hook hook = {.option = "--deploy-command",
                              .command = command_of(renewal),
                              .event = "deploy",
                              .ear = renewal->ear};
    struct program_environment around = {.count = 0};
    char problem[HOOK_PROBLEM];
    enum outcome outcome;

    if (hook.command == NULL)
        return OUTCOME_DONE;
    screen_progress(renewal->screen, "%s",
                    _("The command for the new certificate is at work."));
    renewal_set(renewal, RECORD_OUTCOME, outcome_row(OUTCOME_RENEWED)->word);
    renewal_set(renewal, RECORD_MESSAGE, NULL);
    renewal_set(renewal, RECORD_REASON, NULL);
    hook_tell_record(&around, &renewal->record);
    outcome = hook_run(&hook, &around, problem);
    screen_progress_end(renewal->screen);
    if (outcome == OUTCOME_DONE)
        return outcome;
    return renewal_fail(
        renewal, outcome, "%s %s", problem,
        _("The certificate itself is renewed, installed and usable."));
}
