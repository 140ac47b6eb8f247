/* From signing in to the consent to the issue, but for what is in opening.c
 * and reviewing.c. Nothing secret is made here; the old key signs the
 * statement. */
#include "client/dossier/paper.h"
#include "client/renewal/agreement.h"
#include "client/renewal/call.h"
#include "client/renewal/code_turn.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/keys.h"
#include "client/renewal/statement.h"
#include "client/renewal/steps.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "keygen/cades.h"
#include "token/container_sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With a session of an earlier run no code is waited for either. */
enum outcome step_sign_in(struct renewal *renewal)
{
    enum outcome outcome = call_sign_in(renewal);

    if (outcome == OUTCOME_DONE)
        code_turn_leave(renewal, false);
    return outcome;
}

/* --- the statement ------------------------------------------------------- */

static enum outcome check_statement(struct renewal *renewal,
                                    const char *statement)
{
    struct name data;
    enum outcome outcome = data_accepted(renewal, &data);

    if (outcome == OUTCOME_DONE)
        outcome = statement_check(renewal, &data, statement_consent(renewal),
                                  statement);
    name_free(&data);
    return outcome;
}

static enum outcome sign_and_send(struct renewal *renewal,
                                  const void *statement, size_t size)
{
    struct bytes cms;
    enum outcome outcome = keys_open_old(renewal);

    if (outcome != OUTCOME_DONE)
        return outcome;
    bytes_init(&cms, CADES_MAX);
    outcome = renewal_fault(
        renewal,
        container_sign_cades(renewal->old_container, statement, size, false,
                             clock_now(renewal->clock), &cms),
        renewal_get(renewal, RECORD_OLD_CONTAINER));
    if (outcome == OUTCOME_DONE) {
        message_clear(renewal->in);
        form_put(renewal);
        message_put(renewal->in, "cms", cms.data, cms.size);
        outcome = form_do(renewal, "sendStatementSignature");
    }
    bytes_free(&cms);
    if (outcome == OUTCOME_DONE)
        screen_say(renewal->screen,
                   _("The statement has been signed with the key of the old "
                     "certificate. It need not be printed or taken "
                     "anywhere."));
    return outcome;
}

/* The consent, and the signature, which may ask for a password. */
struct signing {
    struct renewal *renewal;
    char *statement;
    size_t size;
    enum outcome outcome;
};

static enum outcome agree(struct renewal *renewal, const char *statement)
{
    enum outcome outcome = OUTCOME_DONE;

    if (!renewal->options->accept_data) {
        screen_heading(renewal->screen, _("The statement that will be signed"));
        outcome = agreement_show(renewal, "", statement, "");
    }
    return outcome == OUTCOME_DONE
               ? agreement_consent(renewal, "statement",
                                   RECORD_STATEMENT_CONSENT,
                                   RECORD_STATEMENT_CONSENT_VERSION,
                                   RECORD_STATEMENT_CONSENT_AT)
               : outcome;
}

static bool sign_row(void *context, size_t row, bool again)
{
    struct signing *signing = context;

    (void)again;
    signing->outcome = row == 0
                           ? agree(signing->renewal, signing->statement)
                           : sign_and_send(signing->renewal, signing->statement,
                                           signing->size);
    return signing->outcome == OUTCOME_DONE;
}

enum outcome step_sign_statement(struct renewal *renewal)
{
    struct signing signing = {.renewal = renewal};
    enum outcome outcome = form_have(renewal);
    const bool done = form_rank(renewal) >= FORM_STATEMENT_SIGNED;

    if (outcome != OUTCOME_DONE ||
        (done && !record_is_on_paper(&renewal->record)))
        return outcome;
    outcome = statement_fetch(renewal, &signing.statement, &signing.size);
    if (outcome == OUTCOME_DONE)
        outcome = check_statement(renewal, signing.statement);
    if (outcome == OUTCOME_DONE && done) {
        outcome = paper_compare(renewal, signing.statement);
    } else if (outcome == OUTCOME_DONE &&
               form_rank(renewal) == FORM_PAPER_STATEMENT) {
        outcome = paper_statement(renewal, signing.statement);
    } else if (outcome == OUTCOME_DONE) {
        (void)walk_run(renewal->screen, 2, sign_row, &signing);
        outcome = signing.outcome;
    }
    free(signing.statement);
    return outcome;
}

/* --- to the approval ----------------------------------------------------- */

enum outcome step_submit(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    if (outcome != OUTCOME_DONE || form_rank(renewal) >= FORM_SUBMITTED)
        return outcome;
    message_clear(renewal->in);
    form_put(renewal);
    outcome = form_do(renewal, "submitForm");
    if (outcome == OUTCOME_DONE)
        screen_say(renewal->screen, "%s",
                   form_rank(renewal) >= FORM_APPROVED
                       ? _("The application has been sent and approved.")
                       : _("The application has been sent. An operator of the "
                           "certification centre looks at it."));
    return outcome;
}

enum outcome step_await_approval(struct renewal *renewal)
{
    return form_await(renewal, FORM_APPROVED,
                      _("The application is being looked at"));
}

/* Days may have passed: what the second consent is to is shown once more. */
static enum outcome ask_release(struct renewal *renewal,
                                const struct name *data)
{
    if (!renewal->options->accept_data) {
        screen_say(renewal->screen,
                   _("The application is approved. The certificate will be "
                     "issued with these data, to which you consent once "
                     "more:"));
        data_show(renewal, data);
    }
    return agreement_consent(renewal, "release", RECORD_RELEASE_CONSENT,
                             RECORD_RELEASE_CONSENT_VERSION,
                             RECORD_RELEASE_CONSENT_AT);
}

/* The consent counts only if the data did not change meanwhile. */
enum outcome step_consent(struct renewal *renewal)
{
    struct name data = {{NULL}};
    enum outcome outcome = data_accepted(renewal, &data);
    const bool wanted =
        outcome == OUTCOME_DONE && form_rank(renewal) < FORM_RELEASE_CONFIRMED;

    if (wanted)
        outcome = ask_release(renewal, &data);
    name_free(&data);
    if (outcome != OUTCOME_DONE || !wanted)
        return outcome;
    message_clear(renewal->in);
    form_put(renewal);
    message_put_text(renewal->in, "textVersion",
                     renewal_get(renewal, RECORD_RELEASE_CONSENT_VERSION));
    message_put_text(renewal->in, "accepted", "true");
    return form_do(renewal, "giveConsent");
}
