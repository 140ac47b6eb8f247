/* The first half of a renewal: from signing in to the consent to the issue.
 * Nothing secret is made here; the old key signs the statement. */
#include "client/renewal/call.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/keys.h"
#include "client/renewal/statement.h"
#include "client/renewal/steps.h"
#include "client/text.h"
#include "keygen/cades.h"
#include "token/container_sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum outcome step_sign_in(struct renewal *renewal)
{
    return call_sign_in(renewal);
}

/* --- the form ------------------------------------------------------------ */

/* The word of the old certificate's row in the list: "certificates.N." */
static bool find_row(const struct renewal *renewal, char *prefix, size_t size)
{
    const char *wanted = renewal_get(renewal, RECORD_OLD_THUMBPRINT);

    for (int i = 0;; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *thumbprint;

        snprintf(prefix, size, "certificates.%d.", i);
        snprintf(word, sizeof(word), "%sthumbprint", prefix);
        thumbprint = message_text(renewal->out, word);
        if (thumbprint == NULL)
            return false;
        if (strcasecmp(thumbprint, wanted) == 0)
            return true;
    }
}

static const char *row_text(const struct renewal *renewal, const char *prefix,
                            const char *name)
{
    char word[MESSAGE_WORD_MAX];

    snprintf(word, sizeof(word), "%s%s", prefix, name);
    return message_text(renewal->out, word);
}

/* Whether express renewal alone was asked for: the journal has it before
 * there is a form. */
static bool wants_express(const struct renewal *renewal)
{
    const char *asked = renewal_get(renewal, RECORD_MODE);

    return asked != NULL && strcmp(asked, "express") == 0;
}

/* Whether the server offers it, and in which mode. */
static enum outcome choose_mode(struct renewal *renewal, char *mode,
                                size_t size)
{
    char prefix[32];
    const char *available, *reason, *offered;
    enum outcome outcome = call_do(renewal, "listCertificates");

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!find_row(renewal, prefix, sizeof(prefix)))
        return renewal_fail(renewal, OUTCOME_UNKNOWN_CERTIFICATE, "%s", "");
    available = row_text(renewal, prefix, "renewal.available");
    reason = row_text(renewal, prefix, "renewal.reason");
    offered = row_text(renewal, prefix, "renewal.mode");
    if (available == NULL || strcmp(available, "true") != 0)
        return renewal_fail(
            renewal, outcome_of_word(reason != NULL ? reason : ""), "%s", "");
    if (offered == NULL)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    if (strcmp(offered, "paper") == 0)
        return renewal_fail(renewal, OUTCOME_PAPER_ONLY, "%s", "");
    if (wants_express(renewal) && strcmp(offered, "express") != 0)
        return renewal_fail(renewal, OUTCOME_EXPRESS_UNAVAILABLE, "%s", "");
    snprintf(mode, size, "%s", offered);
    return OUTCOME_DONE;
}

/* The form, also one in which the server has found mistakes: an earlier run
 * said so, and they may have been put right since. */
static enum outcome have_to_review(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    return outcome == OUTCOME_VALIDATION_ERROR ? OUTCOME_DONE : outcome;
}

/* The renewal's id is the form's externalId: asking twice opens one form. One
 * that is known is not asked for again, for the server may offer another mode
 * by now. */
enum outcome step_open_form(struct renewal *renewal)
{
    char mode[MESSAGE_WORD_MAX];
    enum outcome outcome;

    if (renewal_get(renewal, RECORD_FORM) != NULL)
        return have_to_review(renewal);
    outcome = choose_mode(renewal, mode, sizeof(mode));
    if (outcome != OUTCOME_DONE)
        return outcome;
    message_put_text(renewal->in, "externalId",
                     renewal_get(renewal, RECORD_ID));
    message_put_text(renewal->in, "oldThumbprint",
                     renewal_get(renewal, RECORD_OLD_THUMBPRINT));
    message_put_text(renewal->in, "mode", mode);
    outcome = form_do(renewal, "openForm");
    if (message_text(renewal->form, "id") != NULL) {
        renewal_set(renewal, RECORD_FORM, message_text(renewal->form, "id"));
        renewal_set(renewal, RECORD_MODE, mode);
    }
    return outcome;
}

/* --- what is agreed to --------------------------------------------------- */

/* Ask, or take --accept-data for the answer. */
static enum outcome ask_agreement(struct renewal *renewal, const char *question)
{
    enum prompt_end end;
    bool yes = false;

    if (renewal->options->accept_data)
        return OUTCOME_DONE;
    end = prompt_yes(renewal->screen, question, 0, &yes);
    if (end == PROMPT_NOBODY)
        return renewal_fail(renewal, OUTCOME_ACCEPTANCE_NEEDED, "%s", "");
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--accept-data");
    return yes ? OUTCOME_DONE
               : renewal_fail(renewal, OUTCOME_CANCELLED, "%s", "");
}

/* In normal mode the data are confirmed to the server; in express mode there
 * is nothing to confirm, for nothing may be edited. */
static enum outcome confirm_data(struct renewal *renewal)
{
    if (form_rank(renewal) > FORM_CREATED)
        return OUTCOME_DONE;
    message_clear(renewal->in);
    form_put(renewal);
    return form_do(renewal, "changeData");
}

enum outcome step_review(struct renewal *renewal)
{
    struct name data = {{NULL}};
    enum outcome outcome = have_to_review(renewal);

    if (outcome == OUTCOME_DONE)
        outcome = form_data(renewal, &data);
    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = data_compare_identity(renewal, &data);
    if (outcome == OUTCOME_DONE) {
        screen_say(renewal->screen,
                   _("These data will be in the new certificate:"));
        data_show(renewal, &data);
        screen_say(renewal->screen,
                   _("If something is wrong, answer no and contact your "
                     "service centre."));
        outcome = ask_agreement(renewal, _("Are all the data right?"));
    }
    if (outcome == OUTCOME_DONE)
        outcome = data_accept(renewal, &data);
    name_free(&data);
    return outcome == OUTCOME_DONE ? confirm_data(renewal) : outcome;
}

/* A foreign text as lines, all of it, between two marks. */
static enum outcome show_lines(struct renewal *renewal, const char *before,
                               const char *text, const char *after)
{
    const size_t room = 3 * strlen(text) + 8; /* were each byte replaced */
    char *shown = calloc(1, room);

    if (shown == NULL)
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    screen_say(renewal->screen, "%s%s%s", before,
               text_clean_lines(shown, room, text), after);
    free(shown);
    return OUTCOME_DONE;
}

/* A text to agree to, kept with its version and the moment. It is the
 * server's: cleaned before it is shown, kept as it came. */
static enum outcome agree(struct renewal *renewal, const char *which,
                          enum record_field text_field,
                          enum record_field version_field,
                          enum record_field time_field)
{
    char word[MESSAGE_WORD_MAX];
    const char *text, *version;
    enum outcome outcome;

    snprintf(word, sizeof(word), "consent.%s.text", which);
    text = message_text(renewal->form, word);
    snprintf(word, sizeof(word), "consent.%s.version", which);
    version = message_text(renewal->form, word);
    if (text == NULL || version == NULL)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    outcome = show_lines(renewal, "«", text, "»");
    if (outcome == OUTCOME_DONE)
        outcome = ask_agreement(renewal, _("Do you agree?"));
    if (outcome != OUTCOME_DONE)
        return outcome;
    renewal_set(renewal, text_field, text);
    renewal_set(renewal, version_field, version);
    record_set_time(&renewal->record, time_field, clock_now(renewal->clock));
    return renewal_save(renewal);
}

/* --- the statement ------------------------------------------------------- */

static enum outcome check_statement(struct renewal *renewal,
                                    const char *statement)
{
    struct name data;
    enum outcome outcome = data_accepted(renewal, &data);

    if (outcome == OUTCOME_DONE)
        outcome = statement_check(renewal, &data, statement);
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

enum outcome step_sign_statement(struct renewal *renewal)
{
    char *statement = NULL;
    size_t size = 0;
    enum outcome outcome = form_have(renewal);

    if (outcome != OUTCOME_DONE || form_rank(renewal) >= FORM_STATEMENT_SIGNED)
        return outcome;
    outcome = statement_fetch(renewal, &statement, &size);
    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = check_statement(renewal, statement);
    if (outcome == OUTCOME_DONE && !renewal->options->accept_data) {
        screen_heading(renewal->screen, _("The statement that will be signed"));
        outcome = show_lines(renewal, "", statement, "");
    }
    if (outcome == OUTCOME_DONE)
        outcome = agree(renewal, "statement", RECORD_STATEMENT_CONSENT,
                        RECORD_STATEMENT_CONSENT_VERSION,
                        RECORD_STATEMENT_CONSENT_AT);
    if (outcome == OUTCOME_DONE)
        outcome = sign_and_send(renewal, statement, size);
    free(statement);
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
    return form_do(renewal, "submitForm");
}

enum outcome step_await_approval(struct renewal *renewal)
{
    return form_await(renewal, FORM_APPROVED,
                      _("The application is being looked at"));
}

/* The consent counts only if the data did not change meanwhile. */
enum outcome step_consent(struct renewal *renewal)
{
    struct name data = {{NULL}};
    enum outcome outcome = data_accepted(renewal, &data);

    name_free(&data);
    if (outcome != OUTCOME_DONE || form_rank(renewal) >= FORM_RELEASE_CONFIRMED)
        return outcome;
    outcome = agree(renewal, "release", RECORD_RELEASE_CONSENT,
                    RECORD_RELEASE_CONSENT_VERSION, RECORD_RELEASE_CONSENT_AT);
    if (outcome != OUTCOME_DONE)
        return outcome;
    message_clear(renewal->in);
    form_put(renewal);
    message_put_text(renewal->in, "textVersion",
                     renewal_get(renewal, RECORD_RELEASE_CONSENT_VERSION));
    message_put_text(renewal->in, "accepted", "true");
    return form_do(renewal, "giveConsent");
}
