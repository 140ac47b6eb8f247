#include "api/sandbox/dossier/dossier.h"

#include "api/sandbox/dossier/finding.h"

#include <string.h>

/* Who is registered without more is known from a former application. */
static const char known[] =
    "{\"birthDate\":\"1980-02-29\",\"birthPlace\":\"гор. Екатеринбург\","
    "\"sex\":\"female\",\"documentType\":\"passport\","
    "\"documentSeries\":\"6510\",\"documentNumber\":\"123456\","
    "\"documentIssued\":\"2010-03-31\","
    "\"documentIssuer\":\"ОУФМС России по Свердловской области\","
    "\"documentIssuerCode\":\"660-001\"}";

static bool read_object(const char *text, struct esia *esia)
{
    struct json_object *object = json_tokener_parse(text);
    bool ok = object != NULL;

    for (int i = 0; ok && i < ESIA_COUNT; i++) {
        struct json_object *value = NULL;

        if (json_object_object_get_ex(object, esia_word((enum esia_field)i),
                                      &value))
            ok = esia_set(
                     esia, (enum esia_field)i, json_object_get_string(value),
                     (size_t)json_object_get_string_len(value)) == FAULT_NONE;
    }
    json_object_put(object);
    return ok;
}

static struct json_object *make_object(const struct esia *esia)
{
    struct json_object *object = json_object_new_object();

    for (int i = 0; object && i < ESIA_COUNT; i++)
        if (esia->value[i] &&
            !exchange_put_text(object, esia_word((enum esia_field)i),
                               esia->value[i])) {
            json_object_put(object);
            return NULL;
        }
    return object;
}

/* What is known of a certificate's owner. */
static bool recall(struct exchange *exchange, const char *thumbprint,
                   struct esia *esia)
{
    sqlite3_stmt *row;
    int found = store_row(exchange->sandbox->store,
                          "SELECT esia FROM holders WHERE thumbprint = ?1",
                          VALUES(value_text(thumbprint)), &row);

    *esia = (struct esia){{NULL}};
    if (found < 0)
        return false;
    return read_object(
        found == 1 ? (const char *)sqlite3_column_text(row, 0) : known, esia);
}

bool dossier_known(struct exchange *exchange, const char *thumbprint)
{
    struct esia esia;
    bool complete = recall(exchange, thumbprint, &esia) &&
                    esia_complete(&esia, exchange->now);

    esia_free(&esia);
    return complete;
}

bool dossier_read(struct exchange *exchange, const char *form,
                  struct esia *esia)
{
    sqlite3_stmt *row;

    *esia = (struct esia){{NULL}};
    return store_row(exchange->sandbox->store,
                     "SELECT esia FROM dossiers WHERE form = ?1",
                     VALUES(value_text(form)), &row) == 1 &&
           read_object((const char *)sqlite3_column_text(row, 0), esia);
}

bool dossier_write(struct exchange *exchange, const char *form,
                   const struct esia *esia)
{
    struct json_object *object = make_object(esia);
    bool ok =
        object &&
        store_change(exchange->sandbox->store,
                     "INSERT OR REPLACE INTO dossiers VALUES (?1, ?2)",
                     VALUES(value_text(form),
                            value_text(json_object_to_json_string(object))),
                     NULL);

    json_object_put(object);
    return ok;
}

bool dossier_note(struct exchange *exchange, const char *form, const char *kind,
                  const char *state, const char *type, const void *content,
                  size_t size)
{
    return store_change(
        exchange->sandbox->store,
        "INSERT OR REPLACE INTO papers (form, kind, state, type, content,"
        " received) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        VALUES(value_text(form), value_text(kind), value_text(state),
               value_text(type), value_bytes(content, size),
               value_number(exchange->now)),
        NULL);
}

bool dossier_open(struct exchange *exchange,
                  const struct application *application)
{
    struct esia esia;
    bool ok = recall(exchange, application->thumbprint, &esia) &&
              dossier_write(exchange, application->id, &esia) &&
              dossier_note(exchange, application->id, "passport", "former",
                           NULL, NULL, 0) &&
              dossier_note(exchange, application->id, "snils", "former", NULL,
                           NULL, 0);

    esia_free(&esia);
    return ok;
}

/* --- what may be edited -------------------------------------------------- */

enum { NORMAL = 1, PAPER = 2 };

/* Who the owner is changes on paper alone; his organisation is the service
 * centre's. */
static const struct {
    const char *word;
    int modes;
} words[] = {
    {"emailAddress", NORMAL | PAPER},
    {"title", NORMAL | PAPER},
    {"organizationalUnitName", NORMAL | PAPER},
    {"stateOrProvinceName", NORMAL | PAPER},
    {"localityName", NORMAL | PAPER},
    {"streetAddress", NORMAL | PAPER},
    {"commonName", PAPER},
    {"surname", PAPER},
    {"givenName", PAPER},
    {"snils", PAPER},
    {"inn", PAPER},
};

enum { WORDS = sizeof words / sizeof *words };

static int mode_of(const struct application *application)
{
    if (strcmp(application->mode, "paper") == 0)
        return PAPER;
    return strcmp(application->mode, "normal") == 0 ? NORMAL : 0;
}

bool dossier_editable(const struct application *application, const char *word)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(words[i].word, word) == 0)
            return (words[i].modes & mode_of(application)) != 0;
    return false;
}

static bool is_unconfirmed(const struct application *application)
{
    return application->phase == PHASE_CREATED ||
           application->phase == PHASE_VALIDATION_ERROR;
}

static bool add_text(struct json_object *list, const char *text)
{
    struct json_object *value = json_object_new_string(text);

    if (value && json_object_array_add(list, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool put_editable(const struct application *application,
                         struct json_object *form)
{
    struct json_object *list = json_object_new_array();

    if (!exchange_put(form, "editable", list))
        return false;
    for (size_t i = 0; is_unconfirmed(application) && i < WORDS; i++)
        if (dossier_editable(application, words[i].word) &&
            !add_text(list, words[i].word))
            return false;
    return true;
}

/* --- the documents ------------------------------------------------------- */

static bool add_document(sqlite3_stmt *row, struct json_object *list)
{
    struct json_object *one = json_object_new_object();

    if (one && json_object_array_add(list, one) == 0)
        return exchange_put_text(one, "kind",
                                 (const char *)sqlite3_column_text(row, 0)) &&
               exchange_put_text(one, "state",
                                 (const char *)sqlite3_column_text(row, 1)) &&
               exchange_put_time(one, "receivedAt",
                                 sqlite3_column_int64(row, 2));
    json_object_put(one);
    return false;
}

static bool put_documents(struct exchange *exchange,
                          const struct application *application,
                          struct json_object *form)
{
    struct json_object *list = json_object_new_array();
    sqlite3_stmt *row;
    int step = SQLITE_ERROR;

    if (!exchange_put(form, "documents", list))
        return false;
    row = store_query(exchange->sandbox->store,
                      "SELECT kind, state, received FROM papers"
                      " WHERE form = ?1 ORDER BY kind",
                      VALUES(value_text(application->id)));
    while (row && (step = sqlite3_step(row)) == SQLITE_ROW)
        if (!add_document(row, list))
            return false;
    return step == SQLITE_DONE;
}

/* 1: there is one in this state, 0: none, -1: the store failed. */
static int any_paper(const struct exchange *exchange,
                     const struct application *application, const char *state)
{
    sqlite3_stmt *row;

    return store_row(exchange->sandbox->store,
                     "SELECT 1 FROM papers WHERE form = ?1 AND state = ?2",
                     VALUES(value_text(application->id), value_text(state)),
                     &row);
}

/* --- all of it ----------------------------------------------------------- */

bool dossier_good(struct exchange *exchange,
                  const struct application *application)
{
    struct esia esia;
    int papers = any_paper(exchange, application, "wanted");
    bool ok = papers >= 0 && dossier_read(exchange, application->id, &esia);

    if (!ok) {
        exchange_fail(exchange, store_error(exchange->sandbox->store));
        return false;
    }
    ok = papers == 0 && esia_complete(&esia, exchange->now) &&
         finding_data(application, NULL);
    esia_free(&esia);
    return ok;
}

/* Scans that were asked for and have all come answer for what СМЭВ did not
 * confirm. */
static bool put_unconfirmed(const struct exchange *exchange,
                            const struct application *application,
                            struct json_object *errors)
{
    const int wanted = any_paper(exchange, application, "wanted");
    const int received = any_paper(exchange, application, "received");

    if (wanted < 0 || received < 0)
        return false;
    return (wanted == 0 && received == 1) || finding_unconfirmed(errors);
}

static bool put_findings(const struct exchange *exchange,
                         const struct application *application,
                         const struct esia *esia, struct json_object *form)
{
    struct json_object *missing = json_object_new_array();
    struct json_object *errors = json_object_new_array();
    bool ok = exchange_put(form, "missing", missing);

    ok = exchange_put(form, "errors", errors) && ok;
    if (!ok || !is_unconfirmed(application))
        return ok;
    if (!finding_missing(esia, exchange->now, missing))
        return false;
    if (application->phase != PHASE_VALIDATION_ERROR)
        return true;
    finding_data(application, errors);
    return finding_esia(esia, exchange->now, errors) &&
           put_unconfirmed(exchange, application, errors);
}

bool dossier_put(struct exchange *exchange,
                 const struct application *application,
                 struct json_object *form)
{
    struct json_object *object = NULL;
    struct esia esia;
    bool ok = dossier_read(exchange, application->id, &esia);

    if (ok)
        object = make_object(&esia);
    ok = ok && exchange_put(form, "esia", object) &&
         put_findings(exchange, application, &esia, form) &&
         put_editable(application, form) &&
         put_documents(exchange, application, form);
    esia_free(&esia);
    return ok;
}
