#include "api/sandbox/desk/action.h"

#include "api/base64.h"
#include "api/sandbox/desk/challenge.h"
#include "api/sandbox/desk/consent.h"
#include "api/sandbox/desk/holding.h"
#include "api/sandbox/desk/issuance.h"
#include "api/sandbox/desk/statement.h"
#include "api/sandbox/dossier/correction.h"
#include "api/sandbox/examine.h"
#include "api/sandbox/http/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct exchange *exchange)
{
    exchange_fail(exchange, store_error(exchange->sandbox->store));
    return false;
}

static bool refuse(struct exchange *exchange, const char *code,
                   const char *target)
{
    exchange_refuse(exchange, code, target, NULL);
    return false;
}

/* --- the statement ------------------------------------------------------- */

static bool show_statement(struct exchange *exchange,
                           struct application *application,
                           const struct action_work *work, enum phase next)
{
    (void)work;
    (void)next;
    exchange->text = statement_read(exchange, application->id);
    if (!exchange->text)
        return refuse(exchange, "wrongState", NULL);
    exchange->status = 200;
    return true;
}

/* The bytes of a field of the body, which the caller frees. */
static unsigned char *decode(struct exchange *exchange, const char *word,
                             size_t *size)
{
    const char *text = body_text(exchange, word);
    size_t length = strlen(text);
    unsigned char *bytes = calloc(1, BASE64_BYTES(length) + 1);

    if (bytes && base64_read(text, length, bytes, size))
        return bytes;
    free(bytes);
    refuse(exchange, "badRequest", word);
    return NULL;
}

/* The old certificate, and the statement where it is wanted. */
static bool recall(struct exchange *exchange,
                   const struct application *application,
                   struct holding *holding, char **statement)
{
    struct store *store = exchange->sandbox->store;
    bool ok;

    *holding = (struct holding){0};
    if (!store_begin(store))
        return fail(exchange);
    ok = holding_load(exchange, application->thumbprint, holding) == 1;
    if (ok && statement) {
        *statement = statement_read(exchange, application->id);
        ok = *statement != NULL;
    }
    return (store_end(store, ok) && ok) || fail(exchange);
}

static bool judge(struct exchange *exchange, bool good,
                  const struct refusal *refusal)
{
    if (good)
        return true;
    if (strcmp(refusal->code, "internal") == 0)
        exchange_fail(exchange, refusal->message);
    else
        exchange_refuse(exchange, refusal->code, refusal->target,
                        refusal->message);
    return false;
}

static bool examine_signature(struct exchange *exchange,
                              const struct application *application,
                              struct action_work *work)
{
    struct refusal refusal = {0};
    struct holding holding = {0};
    char *statement = NULL;
    size_t size = 0;
    unsigned char *cms = decode(exchange, "cms", &size);
    bool ok = false;

    (void)work;
    if (cms && recall(exchange, application, &holding, &statement))
        ok =
            judge(exchange,
                  examine_statement(exchange->sandbox->ca, cms, size, statement,
                                    strlen(statement), holding.certificate,
                                    exchange->now, &refusal),
                  &refusal);
    holding_free(&holding);
    free(statement);
    free(cms);
    return ok;
}

/* --- consent and request ------------------------------------------------- */

static bool consent(struct exchange *exchange, struct application *application,
                    const struct action_work *work, enum phase next)
{
    (void)work;
    if (strcmp(body_text(exchange, "textVersion"),
               consent_texts[CONSENT_RELEASE].version) != 0)
        return refuse(exchange, "badRequest", "textVersion");
    application_enter(exchange, application, next, NULL);
    return true;
}

static bool is_paper(const struct application *application)
{
    return strcmp(application->mode, "paper") == 0;
}

/* On paper the old certificate signs nothing: the request is signed by the
 * new key alone, and the statement on paper speaks for it. */
static bool examine_sent(struct exchange *exchange,
                         const struct application *application, bool paper,
                         struct action_work *work)
{
    const struct sandbox *sandbox = exchange->sandbox;
    struct refusal refusal = {0};
    struct holding holding = {0};
    struct name data = {0};
    size_t size = 0;
    unsigned char *sent;
    bool ok = false;

    if (is_paper(application) != paper)
        return refuse(exchange, "wrongState", NULL);
    sent = decode(exchange, paper ? "request" : "cms", &size);
    if (!sent || !recall(exchange, application, &holding, NULL))
        goto out;
    if (application_name(application, &data) != FAULT_NONE)
        fail(exchange);
    else if (paper)
        ok =
            judge(exchange,
                  examine_plain_request(sent, size, &data, holding.certificate,
                                        &work->request, work->key_id, &refusal),
                  &refusal);
    else
        ok = judge(exchange,
                   examine_request(sandbox->ca, sent, size, &data,
                                   holding.certificate, exchange->now,
                                   &work->request, work->key_id, &refusal),
                   &refusal);
out:
    name_free(&data);
    holding_free(&holding);
    free(sent);
    return ok;
}

static bool examine_key(struct exchange *exchange,
                        const struct application *application,
                        struct action_work *work)
{
    return examine_sent(exchange, application, false, work);
}

static bool examine_plain_key(struct exchange *exchange,
                              const struct application *application,
                              struct action_work *work)
{
    return examine_sent(exchange, application, true, work);
}

static bool challenge(struct exchange *exchange,
                      struct application *application)
{
    struct challenge challenge;
    const char *code = challenge_open(exchange, application->statement_phone,
                                      application->id, true, &challenge);

    if (code) {
        challenge_refuse(exchange, code, NULL);
        return false;
    }
    snprintf(application->challenge, sizeof application->challenge, "%s",
             challenge.id);
    return true;
}

static bool take_request(struct exchange *exchange,
                         struct application *application,
                         const struct action_work *work, enum phase next)
{
    if (!store_change(
            exchange->sandbox->store,
            "UPDATE forms SET request = ?2 WHERE id = ?1",
            VALUES(value_text(application->id),
                   value_bytes(work->request.data, work->request.size)),
            NULL))
        return fail(exchange);
    snprintf(application->key_id, sizeof application->key_id, "%s",
             work->key_id);
    application_enter(exchange, application, next, NULL);
    return challenge(exchange, application);
}

/* The same key once more: a new code where nothing can be done with the old
 * one. */
static bool repeat_request(struct exchange *exchange,
                           struct application *application,
                           const struct action_work *work)
{
    struct challenge old;
    int found;

    if (strcmp(application->key_id, work->key_id) != 0)
        return refuse(exchange, "keyAlreadyRequested", NULL);
    if (application->phase != PHASE_AWAITING_CONFIRMATION)
        return true;
    found = challenge_load(exchange, application->challenge, &old);
    if (found < 0)
        return fail(exchange);
    if (found == 1 && !challenge_over(&old, exchange->now))
        return true;
    if (!challenge(exchange, application))
        return false;
    return application_save(exchange, application) || fail(exchange);
}

/* --- the code ------------------------------------------------------------ */

static bool find_challenge(struct exchange *exchange,
                           const struct application *application,
                           struct challenge *found)
{
    int rows = challenge_load(exchange, application->challenge, found);

    if (rows == 0)
        return refuse(exchange, "challengeGone", NULL);
    return rows == 1 || fail(exchange);
}

static bool confirm_request(struct exchange *exchange,
                            struct application *application,
                            const struct action_work *work, enum phase next)
{
    struct challenge challenge;
    const char *code;

    (void)work;
    if (!find_challenge(exchange, application, &challenge))
        return false;
    code = challenge_answer(exchange, &challenge, body_text(exchange, "code"));
    if (code) {
        challenge_refuse(exchange, code, &challenge);
        return false;
    }
    application_enter(exchange, application, next, NULL);
    return true;
}

static bool resend(struct exchange *exchange, struct application *application,
                   const struct action_work *work, enum phase next)
{
    struct challenge challenge;
    const char *code;

    (void)work;
    (void)next;
    if (!find_challenge(exchange, application, &challenge))
        return false;
    code = challenge_resend(exchange, &challenge);
    if (code)
        challenge_refuse(exchange, code, NULL);
    return !code;
}

static bool show_certificate(struct exchange *exchange,
                             struct application *application,
                             const struct action_work *work, enum phase next)
{
    (void)work;
    (void)next;
    return issuance_show(exchange, application);
}

/* --- the table ----------------------------------------------------------- */

static const struct action actions[] = {
    {.operation = "readForm"},
    {.operation = "changeData", .apply = correction_data, .changes = true},
    {.operation = "sendDocument",
     .apply = correction_document,
     .changes = true},
    {.operation = "readStatement", .apply = show_statement},
    {.operation = "sendStatementSignature",
     .examine = examine_signature,
     .changes = true},
    {.operation = "submitForm", .changes = true},
    {.operation = "giveConsent", .apply = consent, .changes = true},
    {.operation = "sendRequest",
     .examine = examine_key,
     .apply = take_request,
     .repeat = repeat_request,
     .changes = true},
    {.operation = "sendUnsignedRequest",
     .examine = examine_plain_key,
     .apply = take_request,
     .repeat = repeat_request,
     .changes = true},
    {.operation = "confirmRequest", .apply = confirm_request, .changes = true},
    {.operation = "resendConfirmation", .apply = resend, .changes = true},
    {.operation = "readCertificate", .apply = show_certificate},
    {.operation = "reportInstalled", .changes = true},
    {.operation = "cancelForm", .changes = true},
};

const struct action *action_find(const char *operation)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].operation, operation) == 0)
            return &actions[i];
    return NULL;
}
