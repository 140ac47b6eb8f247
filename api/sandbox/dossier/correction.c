#include "api/sandbox/dossier/correction.h"

#include "api/document.h"
#include "api/sandbox/desk/holding.h"
#include "api/sandbox/desk/statement.h"
#include "api/sandbox/dossier/dossier.h"
#include "api/sandbox/http/body.h"
#include "keygen/requisite/requisite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct exchange *exchange)
{
    exchange_fail(exchange, store_error(exchange->sandbox->store));
    return false;
}

static bool refuse(struct exchange *exchange, const char *code,
                   const char *part, const char *word)
{
    char target[64];

    snprintf(target, sizeof target, "%s.%.50s", part, word);
    exchange_refuse(exchange, code, target, NULL);
    return false;
}

static bool is_mode(const struct application *application, const char *mode)
{
    return strcmp(application->mode, mode) == 0;
}

/* --- data ---------------------------------------------------------------- */

/* A value that is the same as before changes nothing. */
static const char *find_forbidden(const struct application *application,
                                  struct json_object *changes)
{
    json_object_object_foreach(changes, word, value)
    {
        struct json_object *old = NULL;

        json_object_object_get_ex(application->data, word, &old);
        if (!dossier_editable(application, word) &&
            !(old && json_object_equal(old, value)))
            return word;
    }
    return NULL;
}

static const char *snils_of(const struct application *application)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(application->data, "snils", &value);
    return value ? json_object_get_string(value) : "";
}

/* A number that nobody has is a slip of the pen, and no other owner. */
static bool is_number(const char *snils)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX];

    return requisite_check(REQUISITE_SNILS, snils, strlen(snils), 0, kept,
                           &finding);
}

/* Whether the number has become one of somebody else than the owner of the
 * old certificate. */
static bool is_another(struct exchange *exchange,
                       const struct application *application,
                       const char *before)
{
    const char *after = snils_of(application);
    struct holding holding = {0};
    bool another = false;

    if (strcmp(before, after) == 0 || !is_number(after))
        return false;
    if (holding_load(exchange, application->thumbprint, &holding) == 1) {
        const char *old = holding.certificate->subject.value[NAME_SNILS];

        another = old == NULL || strcmp(old, after) != 0;
    }
    holding_free(&holding);
    return another;
}

/* Another person: what was known is not of him, and his documents are not
 * here. */
static bool forget_owner(struct exchange *exchange,
                         const struct application *application)
{
    static const char *const kinds[] = {"passport", "snils"};
    const struct esia nothing = {{NULL}};
    bool ok = dossier_write(exchange, application->id, &nothing);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ok = ok && dossier_note(exchange, application->id, kinds[i], "wanted",
                                NULL, NULL, 0);
    return ok || fail(exchange);
}

/* An empty text takes a value away. */
static bool merge_data(struct exchange *exchange,
                       struct application *application)
{
    struct json_object *changes = NULL;
    const char *forbidden;
    char before[STORE_ID];

    json_object_object_get_ex(exchange->body, "data", &changes);
    if (!changes)
        return true;
    forbidden = find_forbidden(application, changes);
    if (forbidden)
        return refuse(exchange, "forbidden", "data", forbidden);
    snprintf(before, sizeof before, "%s", snils_of(application));
    json_object_object_foreach(changes, word, value)
    {
        if (json_object_get_string_len(value) == 0)
            json_object_object_del(application->data, word);
        else if (!exchange_put(application->data, word, json_object_get(value)))
            return fail(exchange);
    }
    return !is_another(exchange, application, before) ||
           forget_owner(exchange, application);
}

static bool merge_esia(struct exchange *exchange,
                       const struct application *application)
{
    struct json_object *changes = NULL;
    struct esia esia;
    bool ok;

    json_object_object_get_ex(exchange->body, "esia", &changes);
    if (!changes)
        return true;
    ok = dossier_read(exchange, application->id, &esia);
    json_object_object_foreach(changes, word, value)
    {
        ok = ok &&
             esia_set(&esia, (enum esia_field)esia_find(word),
                      json_object_get_string(value),
                      (size_t)json_object_get_string_len(value)) == FAULT_NONE;
    }
    ok = ok && dossier_write(exchange, application->id, &esia);
    esia_free(&esia);
    return ok || fail(exchange);
}

bool correction_data(struct exchange *exchange, struct application *application,
                     const struct action_work *work, enum phase next)
{
    (void)work;
    if (!merge_data(exchange, application) ||
        !merge_esia(exchange, application))
        return false;
    if (!dossier_good(exchange, application)) {
        if (exchange->status != 0)
            return false;
        application_enter(exchange, application, PHASE_VALIDATION_ERROR, NULL);
        return true;
    }
    if (is_mode(application, "paper"))
        next = PHASE_PAPER_STATEMENT;
    application_enter(exchange, application, next, NULL);
    return statement_write(exchange, application) || fail(exchange);
}

/* --- scans --------------------------------------------------------------- */

static bool keep(struct exchange *exchange,
                 const struct application *application)
{
    const char *type = document_type(exchange->upload, exchange->upload_size);

    if (type)
        return dossier_note(exchange, application->id,
                            body_text(exchange, "kind"), "received", type,
                            exchange->upload, exchange->upload_size) ||
               fail(exchange);
    exchange_refuse(exchange, "documentUnreadable", "content",
                    "Это не PDF, не JPEG и не PNG.");
    return false;
}

/* The statement that was signed by hand is what a paper application waits
 * for; in express mode nothing is handed in. */
bool correction_document(struct exchange *exchange,
                         struct application *application,
                         const struct action_work *work, enum phase next)
{
    bool statement = strcmp(body_text(exchange, "kind"), "statement") == 0;

    (void)work;
    if (is_mode(application, "express")) {
        exchange_refuse(exchange, "forbidden", "kind", NULL);
        return false;
    }
    if (statement && application->phase != PHASE_PAPER_STATEMENT) {
        exchange_refuse(exchange, "wrongState", "kind", NULL);
        return false;
    }
    if (!keep(exchange, application))
        return false;
    if (statement)
        next = PHASE_SUBMITTED;
    if (next != application->phase)
        application_enter(exchange, application, next, NULL);
    return true;
}
