#include "client/renewal/withdrawal.h"

#include "client/renewal/call.h"
#include "client/renewal/form.h"
#include "client/renewal/reason.h"
#include "client/text.h"

/* It was deleted there: without a way out it would be asked about for ever. */
static bool is_unknown(const struct renewal *renewal, enum outcome outcome)
{
    return outcome == OUTCOME_SERVER_REFUSED &&
           text_is_same(message_text(renewal->out, "code"), "notFound");
}

/* What the server makes of it: an application that is over in another way is
 * gone as well. */
static enum outcome withdraw(struct renewal *renewal)
{
    enum outcome outcome = form_read(renewal);

    if (outcome_is_final(outcome))
        return OUTCOME_WITHDRAWN;
    if (is_unknown(renewal, outcome)) {
        screen_say(renewal->screen,
                   _("The certification centre knows no such application any "
                     "more: its renewal is ended here alone."));
        return OUTCOME_WITHDRAWN;
    }
    if (outcome != OUTCOME_DONE && form_rank(renewal) != FORM_TROUBLE)
        return outcome;
    if (form_rank(renewal) >= FORM_ISSUED)
        return renewal_fail(renewal, OUTCOME_CANNOT_WITHDRAW, "%s", "");
    message_clear(renewal->in);
    form_put(renewal);
    outcome = form_do(renewal, "cancelForm");
    if (outcome == OUTCOME_WRONG_STATE) /* it was issued that very moment */
        return renewal_fail(renewal, OUTCOME_CANNOT_WITHDRAW, "%s", "");
    return outcome == OUTCOME_FORM_CANCELLED ? OUTCOME_WITHDRAWN : outcome;
}

static enum outcome note(struct renewal *renewal)
{
    enum outcome outcome;

    renewal_fail(renewal, OUTCOME_WITHDRAWN, "%s", "");
    if (renewal_get(renewal, RECORD_NEW_CONTAINER) != NULL)
        screen_say(renewal->screen,
                   _("The key that was made for it stays: %s. It is of no use "
                     "without a certificate."),
                   text_clean(renewal_get(renewal, RECORD_NEW_CONTAINER)).text);
    reason_note(&renewal->record, &renewal->failure);
    renewal_set(renewal, RECORD_STEP, "ended");
    renewal_set(renewal, RECORD_DRAFT, NULL);
    session_forget(&renewal->session, renewal_get(renewal, RECORD_ID));
    outcome = renewal_save(renewal);
    return outcome == OUTCOME_DONE ? OUTCOME_WITHDRAWN
                                   : renewal_fail(renewal, outcome, "%s", "");
}

enum outcome withdrawal_run(struct renewal *renewal)
{
    enum outcome outcome = OUTCOME_WITHDRAWN;

    /* Before there is a form there is nothing to tell the server. */
    if (renewal_get(renewal, RECORD_FORM) != NULL) {
        outcome = call_start(renewal);
        if (outcome == OUTCOME_DONE)
            outcome = withdraw(renewal);
    }
    return outcome == OUTCOME_WITHDRAWN ? note(renewal) : outcome;
}
