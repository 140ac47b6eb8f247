#include "api/sandbox/desk/application.h"

#include "api/sandbox/dossier/dossier.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void application_free(struct application *application)
{
    json_object_put(application->data);
    application->data = NULL;
}

#define COLUMNS                                                                \
    "SELECT id, phone, external_id, thumbprint, mode, status, revision,"       \
    " data, created, changed, expires, unpaid, fate, reason, challenge,"       \
    " key_id, coalesce((SELECT s.phone FROM statement_phones s WHERE"          \
    " s.thumbprint = forms.thumbprint), phone) FROM forms "

static bool read_texts(sqlite3_stmt *row, struct application *application)
{
    const struct {
        int column;
        char *text;
        size_t size;
    } texts[] = {
        {0, application->id, sizeof application->id},
        {1, application->phone, sizeof application->phone},
        {2, application->external_id, sizeof application->external_id},
        {3, application->thumbprint, sizeof application->thumbprint},
        {4, application->mode, sizeof application->mode},
        {12, application->fate, sizeof application->fate},
        {13, application->reason, sizeof application->reason},
        {14, application->challenge, sizeof application->challenge},
        {15, application->key_id, sizeof application->key_id},
        {16, application->statement_phone, sizeof application->statement_phone},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!store_text(row, texts[i].column, texts[i].text, texts[i].size))
            return false;
    return true;
}

static bool read_row(sqlite3_stmt *row, struct application *application)
{
    char status[APPLICATION_WORD];

    if (!read_texts(row, application) ||
        !store_text(row, 5, status, sizeof status))
        return false;
    application->phase = phase_find(status);
    application->revision = sqlite3_column_int64(row, 6);
    application->created = sqlite3_column_int64(row, 8);
    application->changed = sqlite3_column_int64(row, 9);
    application->expires = sqlite3_column_int64(row, 10);
    application->unpaid = sqlite3_column_int(row, 11) != 0;
    application->data =
        json_tokener_parse((const char *)sqlite3_column_text(row, 7));
    return application->phase != PHASE_COUNT && application->data;
}

void application_enter(struct exchange *exchange,
                       struct application *application, enum phase phase,
                       const char *reason)
{
    application->phase = phase;
    application->changed = exchange->now;
    if (!reason)
        reason = phase_reason(phase);
    snprintf(application->reason, sizeof application->reason, "%s",
             reason ? reason : "");
}

/* What happens by itself, as far as it goes. */
static bool follow(struct exchange *exchange, struct application *application)
{
    bool moved = false;

    for (;;) {
        bool consumed;
        enum phase next = phase_next(
            &(const struct phase_moment){
                .phase = application->phase,
                .fate = application->fate,
                .express = strcmp(application->mode, "express") == 0,
                .unpaid = application->unpaid,
                .changed = application->changed,
                .expires = application->expires,
                .now = exchange->now,
                .review_after = exchange->sandbox->settings.review_after},
            &consumed);

        if (consumed && strcmp(application->fate, "wants-passport") == 0)
            dossier_note(exchange, application->id, "passport", "wanted", NULL,
                         NULL, 0);
        if (consumed)
            application->fate[0] = '\0';
        if (next == application->phase)
            return moved;
        application_enter(exchange, application, next, NULL);
        moved = true;
    }
}

static bool update(struct exchange *exchange, struct application *application)
{
    application->revision++;
    return store_change(
        exchange->sandbox->store,
        "UPDATE forms SET status = ?2, final = ?3, revision = ?4, data = ?5,"
        " changed = ?6, fate = ?7, reason = ?8, challenge = ?9, key_id = ?10"
        " WHERE id = ?1",
        VALUES(value_text(application->id),
               value_text(phase_word(application->phase)),
               value_number(phase_final(application->phase)),
               value_number(application->revision),
               value_text(json_object_to_json_string(application->data)),
               value_number(application->changed),
               value_text(application->fate), value_text(application->reason),
               value_text(application->challenge),
               value_text(application->key_id)),
        NULL);
}

bool application_save(struct exchange *exchange,
                      struct application *application)
{
    follow(exchange, application);
    return update(exchange, application);
}

static int load(struct exchange *exchange, const char *sql, const char *word,
                struct application *application)
{
    sqlite3_stmt *row;
    int found =
        store_row(exchange->sandbox->store, sql,
                  VALUES(value_text(exchange->phone), value_text(word)), &row);

    *application = (struct application){0};
    if (found != 1)
        return found;
    if (!read_row(row, application) ||
        (follow(exchange, application) && !update(exchange, application))) {
        application_free(application);
        return -1;
    }
    return 1;
}

int application_load(struct exchange *exchange, const char *id,
                     struct application *application)
{
    return load(exchange, COLUMNS "WHERE phone = ?1 AND id = ?2", id,
                application);
}

int application_load_external(struct exchange *exchange,
                              const char *external_id,
                              struct application *application)
{
    return load(exchange, COLUMNS "WHERE phone = ?1 AND external_id = ?2",
                external_id, application);
}

bool application_insert(struct exchange *exchange,
                        struct application *application)
{
    return store_change(
        exchange->sandbox->store,
        "INSERT INTO forms (id, phone, external_id, thumbprint, mode, status,"
        " final, revision, data, created, changed, expires, unpaid, fate)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14)",
        VALUES(
            value_text(application->id), value_text(application->phone),
            value_text(application->external_id),
            value_text(application->thumbprint), value_text(application->mode),
            value_text(phase_word(application->phase)), value_number(0),
            value_number(application->revision),
            value_text(json_object_to_json_string(application->data)),
            value_number(application->created),
            value_number(application->changed),
            value_number(application->expires),
            value_number(application->unpaid), value_text(application->fate)),
        NULL);
}

void application_etag(const struct application *application,
                      char etag[EXCHANGE_ETAG])
{
    snprintf(etag, EXCHANGE_ETAG, "%.8s-%" PRId64, application->id,
             application->revision);
}

enum fault application_name(const struct application *application,
                            struct name *name)
{
    enum fault fault = FAULT_NONE;

    *name = (struct name){0};
    json_object_object_foreach(application->data, word, value)
    {
        int attribute = name_find(word);

        if (fault == FAULT_NONE && attribute >= 0)
            fault = name_set(name, (enum name_attribute)attribute,
                             json_object_get_string(value),
                             (size_t)json_object_get_string_len(value));
    }
    if (fault != FAULT_NONE)
        name_free(name);
    return fault;
}

static const char *word_of(const struct application *application,
                           const char *word)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(application->data, word, &value);
    return value ? json_object_get_string(value) : "";
}

void application_owner(const struct application *application,
                       char owner[APPLICATION_OWNER])
{
    const char *surname = word_of(application, "surname");
    const char *given = word_of(application, "givenName");

    if (*surname)
        snprintf(owner, APPLICATION_OWNER, "%s%s%s", surname, *given ? " " : "",
                 given);
    else
        snprintf(owner, APPLICATION_OWNER, "%s",
                 word_of(application, "commonName"));
}
