/* The second half: the new key, the request, its confirmation, the wait. */
#include "client/making/target.h"
#include "client/renewal/code.h"
#include "client/renewal/code_turn.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/keys.h"
#include "client/renewal/new_key.h"
#include "client/renewal/policy.h"
#include "client/renewal/steps.h"
#include "client/state/archive.h"
#include "client/text.h"
#include "keygen/cades.h"
#include "token/container_sign.h"

#include <stdlib.h>

enum {
    CLASSES = 1,                 /* КС1: all that a program alone can claim */
    IDENTIFIED_IN_PERSON = 0,    /* RFC 9215, identificationKind */
    IDENTIFIED_BY_VALID_KEY = 1, /* … */
    CHALLENGES_MAX = 3           /* new codes in one run */
};

/* The old key has to sign the request: when it is over by the server's clock,
 * which is the one that counts, the new key would be made in vain. */
static enum outcome check_old_key(struct renewal *renewal)
{
    time_t now = renewal->server_time != 0 ? renewal->server_time
                                           : clock_now(renewal->clock);
    enum outcome offer =
        policy_offer(renewal->old_certificate, now, POLICY_WINDOW_MAX);

    if (offer == OUTCOME_EXPIRED || offer == OUTCOME_KEY_PERIOD_OVER)
        return renewal_fail(renewal, offer, "%s", "");
    return OUTCOME_DONE;
}

enum outcome step_make_key(struct renewal *renewal)
{
    struct name data = {{NULL}};
    enum outcome outcome = data_accepted(renewal, &data);

    name_free(&data);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (renewal_get(renewal, RECORD_NEW_CONTAINER) != NULL)
        return keys_open_new(renewal);
    /* Not before the server has agreed: no key is made in vain. */
    if (form_rank(renewal) < FORM_RELEASE_CONFIRMED)
        return renewal_fail(renewal, OUTCOME_WRONG_STATE, "%s", "");
    if (!record_is_on_paper(&renewal->record))
        outcome = check_old_key(renewal);
    return outcome == OUTCOME_DONE ? new_key_make(renewal) : outcome;
}

static enum outcome make_request(struct renewal *renewal, struct bytes *out)
{
    /* A token keeps no period beside a key. */
    const time_t now = clock_now(renewal->clock);
    const time_t until = renewal->new_container->info.key_not_after;
    struct name data;
    struct request_content content = {
        .subject = &data,
        .sign_tool = "kep " VERSION,
        .classes = CLASSES,
        .identification_kind = record_is_on_paper(&renewal->record)
                                   ? IDENTIFIED_IN_PERSON
                                   : IDENTIFIED_BY_VALID_KEY,
        .key_not_before = now,
        .key_not_after = until != 0 ? until : target_key_end(now)};
    enum outcome outcome = data_accepted(renewal, &data);

    if (outcome != OUTCOME_DONE)
        return outcome;
    outcome = renewal_fault(
        renewal, container_sign_request(renewal->new_container, &content, out),
        renewal->new_container->info.where);
    name_free(&data);
    return outcome;
}

/* The request inside a signature of the old key. */
static enum outcome make_cms(struct renewal *renewal, struct bytes *cms)
{
    struct bytes request;
    enum outcome outcome;

    bytes_init(&request, REQUEST_MAX);
    outcome = keys_open_new(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = keys_open_old(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = make_request(renewal, &request);
    if (outcome == OUTCOME_DONE)
        outcome =
            renewal_fault(renewal,
                          container_sign_cades(renewal->old_container,
                                               request.data, request.size, true,
                                               clock_now(renewal->clock), cms),
                          renewal_get(renewal, RECORD_OLD_CONTAINER));
    bytes_free(&request);
    return outcome;
}

/* Bare, where the statement was signed by hand. */
static enum outcome make_bare(struct renewal *renewal, struct bytes *request)
{
    enum outcome outcome = keys_open_new(renewal);

    return outcome == OUTCOME_DONE ? make_request(renewal, request) : outcome;
}

static enum outcome send_request(struct renewal *renewal)
{
    bool bare = record_is_on_paper(&renewal->record);
    struct bytes content;
    enum outcome outcome;

    bytes_init(&content, CADES_MAX);
    outcome = code_turn_expect(renewal, true); /* before anything is signed */
    if (outcome == OUTCOME_DONE)
        outcome =
            bare ? make_bare(renewal, &content) : make_cms(renewal, &content);
    if (outcome == OUTCOME_DONE) {
        message_clear(renewal->in);
        form_put(renewal);
        message_put(renewal->in, bare ? "request" : "cms", content.data,
                    content.size);
        outcome =
            form_do(renewal, bare ? "sendUnsignedRequest" : "sendRequest");
    }
    bytes_free(&content);
    /* Some words are of signatures of both kinds; this one was around the
     * request. */
    if (outcome == OUTCOME_STATEMENT_REFUSED)
        renewal->failure.outcome = outcome = OUTCOME_REQUEST_REFUSED;
    if (outcome == OUTCOME_DONE)
        screen_say(
            renewal->screen, "%s %s",
            bare ? _("The certificate request has been signed with the new "
                     "key and sent.")
                 : _("The certificate request has been signed with the new "
                     "key and with the old certificate, and sent."),
            _("Within two minutes a code to confirm it comes to the telephone "
              "of the statement, which may be another than the one for signing "
              "in. The code is good for 20 minutes."));
    return outcome;
}

/* What is needed of the old container afterwards, which may not be there then.
 * That it is in the archive need not be durable: the container may be there. */
static enum outcome keep_old(struct renewal *renewal)
{
    char path[PATHS_MAX];
    const enum outcome outcome = archive_put(renewal->old_certificate, path);

    return outcome == OUTCOME_DONE ? OUTCOME_DONE
                                   : renewal_fail(renewal, outcome, "%s", "");
}

enum outcome step_send_request(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    if (outcome == OUTCOME_DONE)
        outcome = keep_old(renewal);
    if (outcome != OUTCOME_DONE ||
        form_rank(renewal) >= FORM_AWAITING_CONFIRMATION)
        return outcome;
    return send_request(renewal);
}

/* A code that is over is replaced by sending the same request again: the
 * server then makes a new code for it. */
enum outcome step_confirm(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    for (int i = 0; i < CHALLENGES_MAX && outcome == OUTCOME_DONE; i++) {
        if (form_rank(renewal) > FORM_AWAITING_CONFIRMATION)
            return OUTCOME_DONE;
        outcome = code_confirm(renewal);
        if (outcome == OUTCOME_DONE || i + 1 == CHALLENGES_MAX)
            break;
        if (outcome == OUTCOME_CODE_EXPIRED) {
            screen_say(renewal->screen,
                       _("The code before is no longer good. Another one "
                         "is being sent."));
            outcome = send_request(renewal);
        }
    }
    return outcome;
}

enum outcome step_await_issue(struct renewal *renewal)
{
    /* It may take days, and the old key has signed all that it had to. */
    container_free(&renewal->old_container);
    if (form_rank(renewal) < FORM_ISSUED)
        screen_say(renewal->screen,
                   _("Usually the certificate comes in 5 to 15 minutes; half "
                     "an hour is possible, and the rules allow three working "
                     "days. Until it comes it is better not to sign in to the "
                     "reporting system; if you must, choose the old "
                     "certificate: it stays in use."));
    return form_await(renewal, FORM_ISSUED,
                      _("The certificate has been requested"));
}
