#include "api/sandbox/desk/statement.h"

#include "api/sandbox/desk/consent.h"
#include "api/wording.h"
#include "keygen/bytes.h"
#include "keygen/requisite/requisite.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STATEMENT_MAX = 64 * 1024 };

static void put(struct bytes *text, const char *part)
{
    bytes_put(text, part, strlen(part));
}

static void put_line(struct bytes *text, const char *label, const char *value)
{
    put(text, label);
    put(text, ": ");
    put(text, value);
    put(text, "\n");
}

/* As it is read on the card, where it is one that has a card. */
static const char *written(const char *word, const char *value,
                           char out[REQUISITE_MAX])
{
    return strcmp(word, requisite_word(REQUISITE_SNILS)) == 0
               ? requisite_written(REQUISITE_SNILS, value, out)
               : value;
}

static void put_data(struct bytes *text, struct json_object *data)
{
    for (size_t i = 0; i < WORDING_DATA; i++) {
        const char *word = wording_data[i].word;
        struct json_object *value = NULL;
        char card[REQUISITE_MAX];

        if (json_object_object_get_ex(data, word, &value))
            put_line(text, wording_data[i].label,
                     written(word, json_object_get_string(value), card));
    }
}

/* "28.11.2026 14:05 МСК": Moscow is three hours ahead all the year. */
static void put_time(struct bytes *text, time_t now)
{
    const time_t there = now + 3 * 60 * 60;
    char when[WORDING_TIME] = "";
    struct tm tm;

    if (gmtime_r(&there, &tm))
        strftime(when, sizeof when, "%d.%m.%Y %H:%M МСК", &tm);
    put_line(text, wording_time, when);
}

static void compose(const struct exchange *exchange,
                    const struct application *application, struct bytes *text)
{
    put(text, wording_title);
    put(text, "\n\n");
    put_line(text, wording_form, application->id);
    put_time(text, exchange->now);
    put_line(text, wording_thumbprint, application->thumbprint);
    put(text, "\n");
    put(text, wording_request);
    put(text, "\n\n");
    put_data(text, application->data);
    put(text, "\n");
    put(text, consent_texts[CONSENT_STATEMENT].text);
    put(text, ".\n");
    bytes_put_byte(text, 0);
}

bool statement_write(struct exchange *exchange,
                     const struct application *application)
{
    struct bytes text;
    bool ok = false;

    bytes_init(&text, STATEMENT_MAX);
    compose(exchange, application, &text);
    if (!text.failed)
        ok = store_change(exchange->sandbox->store,
                          "UPDATE forms SET statement = ?2 WHERE id = ?1",
                          VALUES(value_text(application->id),
                                 value_text((const char *)text.data)),
                          NULL);
    bytes_free(&text);
    return ok;
}

char *statement_read(struct exchange *exchange, const char *form)
{
    sqlite3_stmt *row;

    if (store_row(exchange->sandbox->store,
                  "SELECT statement FROM forms WHERE id = ?1"
                  " AND statement IS NOT NULL",
                  VALUES(value_text(form)), &row) != 1)
        return NULL;
    return strdup((const char *)sqlite3_column_text(row, 0));
}
