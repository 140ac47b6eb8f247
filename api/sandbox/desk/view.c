/* application_answer: the application as the contract shows it. */
#include "api/sandbox/desk/application.h"
#include "api/sandbox/desk/challenge.h"
#include "api/sandbox/desk/consent.h"
#include "api/sandbox/dossier/dossier.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Seconds that an operator or a payment may well take. */
enum { REVIEW_POLL = 10, PAYMENT_POLL = 30, POLL_MAX = 60, TEXT = 2048 };

static long poll_after(const struct exchange *exchange,
                       const struct application *application)
{
    const struct sandbox_settings *settings = &exchange->sandbox->settings;
    time_t due = exchange->now;

    if (application->phase == PHASE_ISSUING)
        due = application->changed + settings->issue_after;
    else if (application->phase == PHASE_PAYMENT_REQUIRED)
        due += PAYMENT_POLL;
    else if (application->phase == PHASE_PAPER_STATEMENT)
        due += REVIEW_POLL;
    else if (application->phase == PHASE_SUBMITTED)
        due = settings->review_after >= 0
                  ? application->changed + settings->review_after
                  : due + REVIEW_POLL;
    if (due <= exchange->now)
        return 0;
    return due - exchange->now > POLL_MAX ? POLL_MAX
                                          : (long)(due - exchange->now);
}

static bool put_basics(const struct exchange *exchange,
                       const struct application *application,
                       struct json_object *form)
{
    char etag[EXCHANGE_ETAG];
    const char *phone = application->statement_phone;
    const char *tail = phone + strlen(phone) - 4;

    application_etag(application, etag);
    return exchange_put_text(form, "id", application->id) &&
           exchange_put_text(form, "externalId", application->external_id) &&
           exchange_put_text(form, "oldThumbprint", application->thumbprint) &&
           exchange_put_text(form, "mode", application->mode) &&
           exchange_put_text(form, "status", phase_word(application->phase)) &&
           exchange_put(
               form, "final",
               json_object_new_boolean(phase_final(application->phase))) &&
           exchange_put_number(form, "pollAfter",
                               poll_after(exchange, application)) &&
           exchange_put_text(form, "etag", etag) &&
           exchange_put(form, "data", json_object_get(application->data)) &&
           exchange_put_text(form, "statementPhoneTail", tail) &&
           exchange_put_time(form, "expiresAt", application->expires);
}

static bool put_consents(struct json_object *form)
{
    struct json_object *consents = json_object_new_object();

    if (!consents || !exchange_put(form, "consent", consents))
        return false;
    for (size_t i = 0; i < CONSENT_COUNT; i++) {
        struct json_object *one = json_object_new_object();

        if (!one || !exchange_put(consents, consent_texts[i].word, one) ||
            !exchange_put_text(one, "version", consent_texts[i].version) ||
            !exchange_put_text(one, "text", consent_texts[i].text))
            return false;
    }
    return true;
}

static bool put_reason(const struct application *application,
                       struct json_object *form)
{
    struct json_object *reason;

    if (!phase_reason(application->phase))
        return true;
    reason = json_object_new_object();
    return reason && exchange_put(form, "reason", reason) &&
           exchange_put_text(reason, "code", phase_word(application->phase)) &&
           exchange_put_text(reason, "message", application->reason);
}

static bool put_invoice(const struct application *application,
                        struct json_object *form)
{
    struct json_object *invoice;
    char number[STORE_ID], owner[APPLICATION_OWNER], text[TEXT];

    if (application->phase != PHASE_PAYMENT_REQUIRED)
        return true;
    invoice = json_object_new_object();
    application_owner(application, owner);
    snprintf(number, sizeof number, "KEP-%.8s", application->id);
    for (char *at = number; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    snprintf(text, sizeof text,
             "Оплатите счет на выпуск сертификата (%s) и вернитесь, чтобы "
             "отправить заявку",
             owner);
    return invoice && exchange_put(form, "invoice", invoice) &&
           exchange_put_text(invoice, "number", number) &&
           exchange_put_text(invoice, "message", text);
}

static bool put_confirmation(struct exchange *exchange,
                             const struct challenge *challenge,
                             struct json_object *form)
{
    struct json_object *object;

    if (!challenge->id[0])
        return true;
    object = challenge_json(exchange, challenge);
    return object && exchange_put(form, "confirmation", object) &&
           exchange_put_number(object, "attemptsLeft", challenge->attempts);
}

void application_answer(struct exchange *exchange, unsigned status,
                        const struct application *application)
{
    struct json_object *form = json_object_new_object();
    struct challenge challenge = {0};

    if (application->phase == PHASE_AWAITING_CONFIRMATION &&
        challenge_load(exchange, application->challenge, &challenge) < 0) {
        json_object_put(form);
        exchange_fail(exchange, store_error(exchange->sandbox->store));
        return;
    }
    if (form && put_basics(exchange, application, form) && put_consents(form) &&
        put_reason(application, form) && put_invoice(application, form) &&
        put_confirmation(exchange, &challenge, form) &&
        dossier_put(exchange, application, form)) {
        exchange_answer(exchange, status, form);
        application_etag(application, exchange->etag);
        return;
    }
    json_object_put(form);
    exchange_fail(exchange, "no memory");
}
