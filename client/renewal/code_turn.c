#include "client/renewal/code_turn.h"

#include "client/renewal/code.h"
#include "client/renewal/code_inbox.h"

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

enum outcome code_turn_expect(struct renewal *renewal, bool of_form)
{
    enum outcome outcome = code_turn_take(renewal, of_form);

    if (outcome == OUTCOME_DONE) {
        code_inbox_expect(renewal, of_form);
        renewal->code_was_sent = of_form;
    }
    return outcome;
}
