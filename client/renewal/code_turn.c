#include "client/renewal/code_turn.h"

#include "client/renewal/code.h"
#include "client/renewal/code_inbox.h"
#include "client/renewal/means.h"
#include "client/text.h"

enum outcome code_turn_take(struct renewal *renewal, bool of_form)
{
    const struct code_asker *asker = renewal->asker;
    const char *phone = code_inbox_phone(renewal, of_form);
    enum outcome outcome = OUTCOME_DONE;

    if (asker != NULL && phone != NULL)
        outcome = asker->reserve(asker->context, of_form, phone);
    return outcome == OUTCOME_DONE ? outcome
                                   : renewal_fail(renewal, outcome, "%s", "");
}

void code_turn_leave(struct renewal *renewal, bool of_form)
{
    const struct code_asker *asker = renewal->asker;

    if (asker != NULL)
        asker->reserve(asker->context, of_form, NULL);
}

bool code_turn_asks_person(const struct renewal *renewal)
{
    return renewal->options->code_command == NULL &&
           renewal->options->codes == NULL;
}

static bool is_answered(const struct renewal *renewal)
{
    return !code_turn_asks_person(renewal) ||
           screen_interactive(renewal->asker != NULL ? renewal->asker->screen
                                                     : renewal->screen);
}

enum outcome code_turn_expect(struct renewal *renewal, bool of_form)
{
    struct failure failure;
    enum outcome outcome;

    if (!is_answered(renewal))
        return renewal_unanswered(renewal, PROMPT_NOBODY,
                                  _("--code-command or --codes"));
    if (means_check_codes(renewal->options, &failure) != OUTCOME_DONE)
        return renewal_fail(renewal, failure.outcome, "%s", failure.detail);
    outcome = code_turn_take(renewal, of_form);
    if (outcome == OUTCOME_DONE) {
        code_inbox_expect(renewal, of_form);
        renewal->code_was_sent = of_form;
    }
    return outcome;
}
