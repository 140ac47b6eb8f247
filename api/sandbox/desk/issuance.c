#include "api/sandbox/desk/issuance.h"

#include "api/base64.h"
#include "keygen/bytes.h"
#include "keygen/request.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* identificationKind */
enum { PERSONALLY = 0, BY_VALID_SIGNATURE = 1, GARBAGE_SIZE = 700 };

bool issuance_due(const struct exchange *exchange,
                  const struct application *application)
{
    return application->phase == PHASE_ISSUING &&
           exchange->now >=
               application->changed + exchange->sandbox->settings.issue_after;
}

static bool load_request(struct exchange *exchange,
                         const struct application *application,
                         struct bytes *request)
{
    sqlite3_stmt *row;

    bytes_init(request, REQUEST_MAX);
    if (store_row(exchange->sandbox->store,
                  "SELECT request FROM forms WHERE id = ?1",
                  VALUES(value_text(application->id)), &row) != 1)
        return false;
    bytes_put(request, sqlite3_column_blob(row, 0),
              (size_t)sqlite3_column_bytes(row, 0));
    return !request->failed && request->size > 0;
}

static bool recall_request(struct exchange *exchange,
                           const struct application *application,
                           struct bytes *request)
{
    struct store *store = exchange->sandbox->store;
    bool ok;

    bytes_init(request, REQUEST_MAX);
    if (!store_begin(store))
        return false;
    ok = load_request(exchange, application, request);
    return store_end(store, ok) && ok;
}

/* The certificate that was applied for, with flaws. */
static enum fault make(struct exchange *exchange,
                       const struct application *application,
                       const struct bytes *request, unsigned flaws,
                       struct certificate **certificate)
{
    struct name subject;
    bool paper = strcmp(application->mode, "paper") == 0;
    struct ca_order order = {.request = request->data,
                             .request_size = request->size,
                             .subject = &subject,
                             .identification_kind =
                                 paper ? PERSONALLY : BY_VALID_SIGNATURE,
                             .flaws = flaws};
    enum fault fault = application_name(application, &subject);

    if (fault != FAULT_NONE)
        return fault;
    fault = ca_issue(exchange->sandbox->ca, &order, exchange->now, certificate);
    name_free(&subject);
    return fault;
}

static bool keep(struct exchange *exchange, struct application *application,
                 const struct certificate *certificate)
{
    struct store *store = exchange->sandbox->store;
    struct value der =
        value_bytes(certificate->der.data, certificate->der.size);

    application_enter(exchange, application, PHASE_ISSUED, NULL);
    return store_change(store,
                        "UPDATE forms SET certificate = ?2 WHERE id = ?1",
                        VALUES(value_text(application->id), der), NULL) &&
           store_change(store,
                        "INSERT INTO certificates (thumbprint, phone, der)"
                        " VALUES (?1, ?2, ?3)",
                        VALUES(value_text(certificate->thumbprint),
                               value_text(application->phone), der),
                        NULL) &&
           application_save(exchange, application);
}

/* As long as nobody else has been faster. certificate NULL: it failed. */
static bool conclude(struct exchange *exchange, const char *id,
                     const struct certificate *certificate)
{
    struct application application;
    int found = application_load(exchange, id, &application);
    bool ok = found >= 0;

    if (found == 1 && application.phase == PHASE_ISSUING) {
        if (certificate) {
            ok = keep(exchange, &application, certificate);
        } else {
            application_enter(exchange, &application, PHASE_ISSUE_FAILED, NULL);
            ok = application_save(exchange, &application);
        }
    }
    application_free(&application);
    return ok;
}

bool issuance_make(struct exchange *exchange,
                   const struct application *application)
{
    struct store *store = exchange->sandbox->store;
    struct certificate *certificate = NULL;
    struct bytes request;
    enum fault fault;
    bool ok = false;

    if (!recall_request(exchange, application, &request))
        goto out;
    fault = make(exchange, application, &request, 0, &certificate);
    if (fault != FAULT_NONE)
        fprintf(stderr, "kep-sandbox: %s cannot be issued: %s\n",
                application->id, fault_word(fault));
    if (!store_begin(store))
        goto out;
    ok = conclude(exchange, application->id, certificate);
    ok = store_end(store, ok) && ok;
out:
    certificate_free(&certificate);
    bytes_free(&request);
    return ok;
}

/* --- handing it out ------------------------------------------------------ */

static bool put_der(struct json_object *array, const char *word,
                    const void *der, size_t size)
{
    char *text = calloc(1, BASE64_TEXT(size) + 1);
    struct json_object *value = NULL;

    if (text && base64_write(der, size, text))
        value = json_object_new_string(text);
    free(text);
    if (word)
        return exchange_put(array, word, value);
    if (value && json_object_array_add(array, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool put_chain(const struct exchange *exchange,
                      struct json_object *answer)
{
    const struct chain *chain = ca_chain(exchange->sandbox->ca);
    struct json_object *array = json_object_new_array();

    if (!exchange_put(answer, "chain", array))
        return false;
    for (size_t i = 0; !exchange->no_chain && i < chain->count; i++)
        if (!put_der(array, NULL, chain->certificate[i]->der.data,
                     chain->certificate[i]->der.size))
            return false;
    return true;
}

static bool put_receipt(const struct certificate *certificate,
                        struct json_object *answer)
{
    struct json_object *receipt = json_object_new_object();
    const char *owner = certificate->subject.value[NAME_COMMON_NAME];
    char from[EXCHANGE_TIME], to[EXCHANGE_TIME], text[2048];

    exchange_time(certificate->not_before, from);
    exchange_time(certificate->not_after, to);
    snprintf(text, sizeof text,
             "Расписка об ознакомлении с информацией, содержащейся в "
             "квалифицированном сертификате.\nВладелец: %.512s\nСерийный "
             "номер: %s\nДействует с %s по %s",
             owner ? owner : "", certificate->serial, from, to);
    return receipt && exchange_put(answer, "receipt", receipt) &&
           exchange_put_text(receipt, "text", text);
}

/* The stored certificate, or where flaws are wanted one that has them. */
static enum fault find(struct exchange *exchange,
                       const struct application *application,
                       struct certificate **certificate)
{
    enum fault fault = FAULT_LIBRARY;
    struct bytes request;
    sqlite3_stmt *row;

    if (exchange->flaws) {
        if (load_request(exchange, application, &request))
            fault = make(exchange, application, &request, exchange->flaws,
                         certificate);
        bytes_free(&request);
        return fault;
    }
    if (store_row(exchange->sandbox->store,
                  "SELECT certificate FROM forms WHERE id = ?1",
                  VALUES(value_text(application->id)), &row) != 1)
        return FAULT_LIBRARY;
    return certificate_read(sqlite3_column_blob(row, 0),
                            (size_t)sqlite3_column_bytes(row, 0), certificate);
}

static bool put_certificate(const struct exchange *exchange,
                            const struct certificate *certificate,
                            struct json_object *answer)
{
    unsigned char garbage[GARBAGE_SIZE];

    if (!exchange->garbage)
        return put_der(answer, "certificate", certificate->der.data,
                       certificate->der.size);
    randombytes_buf(garbage, sizeof garbage);
    return put_der(answer, "certificate", garbage, sizeof garbage);
}

bool issuance_show(struct exchange *exchange,
                   const struct application *application)
{
    struct json_object *answer = json_object_new_object();
    struct certificate *certificate = NULL;
    bool ok = answer &&
              find(exchange, application, &certificate) == FAULT_NONE &&
              put_certificate(exchange, certificate, answer) &&
              put_chain(exchange, answer) && put_receipt(certificate, answer);

    if (ok) {
        exchange_answer(exchange, 200, answer);
    } else {
        json_object_put(answer);
        exchange_fail(exchange, "the certificate cannot be shown");
    }
    certificate_free(&certificate);
    return ok;
}
