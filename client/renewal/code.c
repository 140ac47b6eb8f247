#include "client/renewal/code.h"

#include "client/renewal/call.h"
#include "client/renewal/code_challenge.h"
#include "client/renewal/code_fetch.h"
#include "client/renewal/code_inbox.h"
#include "client/renewal/code_turn.h"
#include "client/renewal/form.h"
#include "client/renewal/phone.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { CODE_TRIES = 10 }; /* a server that always allows one more */

/* What differs between the two uses. */
struct dialog {
    const char *purpose;  /* KEP_CODE_PURPOSE */
    const char *question; /* msgid, the end of the phone number follows */
    const char *resend, *confirm; /* operations */
    bool of_form;
};

static const struct dialog sign_in_dialog = {
    "sign-in", N_("Code from the message to the telephone ending in"),
    "resendCode", "signIn", false};

static const struct dialog confirm_dialog = {
    "confirm",
    N_("Confirmation code from the message to the telephone ending in"),
    "resendConfirmation", "confirmRequest", true};

static void put_subject(struct renewal *renewal, const struct dialog *dialog,
                        const struct code_challenge *challenge)
{
    message_clear(renewal->in);
    if (dialog->of_form)
        form_put(renewal);
    else
        message_put_text(renewal->in, "challengeId", challenge->id);
}

/* Where many renewals ask one person, it is told in this one's next turn. */
static void tell(const struct renewal *renewal,
                 struct code_challenge *challenge, const char *news)
{
    if (renewal->asker == NULL)
        screen_say(renewal->screen, "%s", news);
    else
        snprintf(challenge->news, sizeof(challenge->news), "%s", news);
}

static enum outcome resend(struct renewal *renewal, const struct dialog *dialog,
                           struct code_challenge *challenge)
{
    enum outcome outcome = code_turn_expect(renewal, dialog->of_form);

    if (outcome != OUTCOME_DONE)
        return outcome;
    put_subject(renewal, dialog, challenge);
    outcome = dialog->of_form ? form_do(renewal, dialog->resend)
                              : call_open(renewal, dialog->resend);
    if (outcome == OUTCOME_DONE) {
        code_challenge_read(challenge, renewal, dialog->of_form);
        tell(renewal, challenge, _("The message has been sent again."));
    }
    return outcome;
}

/* Another message. Where the server sends none, the code of the last one is
 * still good. */
static enum outcome send_another(struct renewal *renewal,
                                 const struct dialog *dialog,
                                 struct code_challenge *challenge)
{
    enum outcome outcome = resend(renewal, dialog, challenge);

    if (outcome == OUTCOME_SERVER_BUSY) {
        tell(renewal, challenge,
             _("The server asks to wait a little before another message is "
               "sent."));
        return OUTCOME_DONE;
    }
    if (outcome == OUTCOME_CODE_NOT_RECEIVED) {
        challenge->resends = 0;
        tell(renewal, challenge, _(outcome_row(outcome)->advice));
        return OUTCOME_DONE;
    }
    return outcome;
}

/* One question; where many renewals ask one person, in its turn. What has
 * passed meanwhile counts. */
static enum prompt_end ask_once(struct renewal *renewal,
                                const struct dialog *dialog,
                                struct code_challenge *challenge, char **code)
{
    const struct code_asker *asker = renewal->asker;
    char whose[1280] = "", question[2048];
    struct prompt_code ask = {.question = question};
    enum prompt_end end = PROMPT_LATE;

    if (asker != NULL && !asker->enter(asker->context))
        return PROMPT_SIGNAL;
    if (renewal->about != NULL)
        snprintf(whose, sizeof(whose), "%s. ", text_clean(renewal->about).text);
    snprintf(question, sizeof(question), "%s%s %s", whose, _(dialog->question),
             text_clean(challenge->tail).text);
    if (asker != NULL && challenge->news[0] != '\0')
        screen_say(asker->screen, "%s%s", whose, challenge->news);
    challenge->news[0] = '\0';
    if (code_challenge_left(challenge, renewal, &ask))
        end = prompt_code(asker != NULL ? asker->screen : renewal->screen, &ask,
                          code);
    if (asker != NULL)
        asker->leave(asker->context);
    return end;
}

/* The person asks at most for what the server allows; when nothing came even
 * then, support is the way. */
static enum outcome ask_person(struct renewal *renewal,
                               const struct dialog *dialog,
                               struct code_challenge *challenge, char **code)
{
    enum outcome outcome = OUTCOME_DONE;

    while (outcome == OUTCOME_DONE) {
        const enum prompt_end end = ask_once(renewal, dialog, challenge, code);

        if (end == PROMPT_LATE)
            return renewal_fail(renewal, OUTCOME_CODE_EXPIRED, "%s", "");
        if (end == PROMPT_CANCELLED)
            return renewal_fail(renewal, OUTCOME_CODE_NOT_RECEIVED, "%s", "");
        if (end != PROMPT_RESEND)
            return renewal_unanswered(renewal, end,
                                      _("--code-command or --codes"));
        outcome = send_another(renewal, dialog, challenge);
    }
    return outcome;
}

static enum outcome get_code(struct renewal *renewal,
                             const struct dialog *dialog,
                             struct code_challenge *challenge, char **code)
{
    if (renewal->options->code_command != NULL)
        return code_fetch(renewal, dialog->purpose, challenge->tail, code);
    if (renewal->options->codes != NULL)
        return code_inbox_read(renewal, dialog->of_form, challenge->seconds,
                               code);
    return ask_person(renewal, dialog, challenge, code);
}

/* A wrong code: how many more the server takes; 0 ends the asking. */
static long attempts_left(struct renewal *renewal,
                          struct code_challenge *challenge)
{
    long left = message_number(renewal->out, "attemptsLeft", LONG_MAX, 0);
    char news[sizeof(challenge->news)];

    snprintf(news, sizeof(news),
             ngettext("The code is wrong. %ld attempt is left.",
                      "The code is wrong. %ld attempts are left.",
                      (unsigned long)left),
             left);
    if (left > 0)
        tell(renewal, challenge, news);
    return left;
}

static enum outcome send_code(struct renewal *renewal,
                              const struct dialog *dialog,
                              const struct code_challenge *challenge,
                              const char *code)
{
    enum outcome outcome;

    put_subject(renewal, dialog, challenge);
    message_put_text(renewal->in, "code", code);
    outcome = dialog->of_form ? form_do(renewal, dialog->confirm)
                              : call_open(renewal, dialog->confirm);
    message_clear(renewal->in);
    return outcome;
}

/* A command that finds no newer message gives the same code again. It is not
 * sent twice, for the server counts; a person may want it so. */
static bool is_refused_already(const struct renewal *renewal, const char *code,
                               const char *refused)
{
    return renewal->options->code_command != NULL && code != NULL &&
           refused != NULL && strcmp(code, refused) == 0;
}

/* Of a code that was sent in an earlier run nobody knows whether the newest
 * message is it: once it was refused, another is sent. */
static bool is_of_earlier_run(const struct renewal *renewal,
                              const struct dialog *dialog)
{
    return dialog->of_form && !renewal->code_was_sent &&
           !code_turn_asks_person(renewal);
}

/* Until the code is right, or there is no further attempt. */
static enum outcome try_to_answer(struct renewal *renewal,
                                  const struct dialog *dialog,
                                  struct code_challenge *challenge)
{
    enum outcome outcome = OUTCOME_CODE_INVALID;
    char *refused = NULL;
    long left = 1;

    for (int i = 0; i < CODE_TRIES && left > 0; i++) {
        char *code = NULL;

        outcome = get_code(renewal, dialog, challenge, &code);
        if (outcome == OUTCOME_DONE &&
            is_refused_already(renewal, code, refused)) {
            secret_free(&code);
            outcome = OUTCOME_CODE_INVALID;
            break;
        }
        if (outcome == OUTCOME_DONE)
            outcome = send_code(renewal, dialog, challenge, code);
        secret_free(&refused);
        refused = code;
        if (outcome != OUTCOME_CODE_INVALID)
            break;
        left = attempts_left(renewal, challenge);
        if (left > 0 && is_of_earlier_run(renewal, dialog) &&
            (outcome = resend(renewal, dialog, challenge)) != OUTCOME_DONE)
            break;
    }
    secret_free(&refused);
    return outcome;
}

static enum outcome answer(struct renewal *renewal, const struct dialog *dialog,
                           struct code_challenge *challenge)
{
    const enum outcome outcome = try_to_answer(renewal, dialog, challenge);

    if (outcome == OUTCOME_DONE && renewal->asker != NULL &&
        !code_turn_asks_person(renewal))
        renewal->asker->was_right(renewal->asker->context, dialog->of_form);
    return outcome;
}

/* The telephone, and the code that came to it. */
struct signing_in {
    struct renewal *renewal;
    struct code_challenge challenge;
    char phone[32]; /* that the message went to; "": none */
    enum outcome outcome;
};

static enum outcome request_code(struct signing_in *signing)
{
    struct renewal *renewal = signing->renewal;
    const char *phone = renewal_get(renewal, RECORD_PHONE);
    enum outcome outcome = code_turn_expect(renewal, false);

    if (outcome != OUTCOME_DONE)
        return outcome;
    message_clear(renewal->in);
    message_put_text(renewal->in, "phone", phone);
    outcome = call_open(renewal, "requestCode");
    if (outcome == OUTCOME_DONE) {
        code_challenge_read(&signing->challenge, renewal, false);
        snprintf(signing->phone, sizeof(signing->phone), "%s", phone);
    }
    return outcome;
}

/* Whoever comes back to the number and leaves it gets no other message. */
static bool sign_in_row(void *context, size_t row, bool again)
{
    struct signing_in *signing = context;
    const struct renewal *renewal = signing->renewal;

    (void)again;
    signing->outcome = OUTCOME_DONE;
    if (row == 0)
        signing->outcome = phone_get(signing->renewal);
    else if (strcmp(signing->phone, renewal_get(renewal, RECORD_PHONE)) != 0)
        signing->outcome = request_code(signing);
    if (row == 1 && signing->outcome == OUTCOME_DONE)
        signing->outcome =
            answer(signing->renewal, &sign_in_dialog, &signing->challenge);
    return signing->outcome == OUTCOME_DONE;
}

enum outcome code_sign_in(struct renewal *renewal)
{
    struct signing_in signing = {.renewal = renewal};

    (void)walk_run(renewal->screen, 2, sign_in_row, &signing);
    if (signing.outcome == OUTCOME_DONE)
        code_turn_leave(renewal, false);
    return signing.outcome;
}

enum outcome code_confirm(struct renewal *renewal)
{
    struct code_challenge challenge = {.seconds = 0};
    enum outcome outcome;

    code_challenge_read(&challenge, renewal, true);
    if (challenge.seconds == 0 ||
        message_number(renewal->form, "confirmation.attemptsLeft", LONG_MAX,
                       1) == 0)
        return renewal_fail(renewal, OUTCOME_CODE_EXPIRED, "%s", "");
    outcome = code_turn_take(renewal, true);
    if (outcome == OUTCOME_DONE)
        outcome = answer(renewal, &confirm_dialog, &challenge);
    if (outcome == OUTCOME_DONE)
        code_turn_leave(renewal, true);
    return outcome;
}
