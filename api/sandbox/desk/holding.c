#include "api/sandbox/desk/holding.h"

#include "api/sandbox/dossier/dossier.h"
#include "keygen/elsewhere.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 24 * 3600 };

static const struct {
    const char *word, *sentence;
} obstacles[] = {
    {"notDueYet", "Обновлять этот сертификат ещё рано."},
    {"expired", "Срок действия сертификата истёк. Обратитесь в сервисный "
                "центр."},
    {"revoked", "Сертификат отозван. Обратитесь в сервисный центр."},
    {"keyPeriodOver", "Срок действия ключа истёк: подписать им заявление "
                      "нельзя. Обратитесь в сервисный центр."},
    {"subjectChanged", "Данные владельца или организации изменились. "
                       "Обратитесь в сервисный центр."},
    {"daughterOrganisation",
     "Сертификаты дочерних организаций здесь не обновляются. Обратитесь в "
     "сервисный центр."},
    {"formExistsAtServiceCentre",
     "Сервисный центр уже создал форму для запроса сертификата. Обратитесь "
     "к нему."},
    {"otherCentre", "Сертификат выдан другим удостоверяющим центром и "
                    "обновляется по другой инструкции."},
    {"kindChanged", "Сертификаты этого вида больше не выпускаются. "
                    "Обратитесь в сервисный центр."},
    {"unknownCertificate", "Такого сертификата у этого абонента нет."},
};

void holding_free(struct holding *holding)
{
    certificate_free(&holding->certificate);
}

#define COLUMNS                                                                \
    "SELECT der, revoked, due, unpaid, reason, mode, fate, coalesce((SELECT"   \
    " s.phone FROM statement_phones s WHERE s.thumbprint ="                    \
    " certificates.thumbprint), phone) FROM certificates "

/* Express only where everything is known that an application needs. */
static void choose_mode(struct exchange *exchange, struct holding *holding)
{
    const char *thumbprint = holding->certificate->thumbprint;

    if (!holding->mode[0])
        snprintf(holding->mode, sizeof holding->mode, "express");
    if (strcmp(holding->mode, "express") == 0 &&
        !dossier_known(exchange, thumbprint))
        snprintf(holding->mode, sizeof holding->mode, "normal");
}

static bool read_row(struct exchange *exchange, sqlite3_stmt *row,
                     struct holding *holding)
{
    *holding = (struct holding){0};
    if (certificate_read(sqlite3_column_blob(row, 0),
                         (size_t)sqlite3_column_bytes(row, 0),
                         &holding->certificate) != FAULT_NONE)
        return false;
    holding->revoked = sqlite3_column_int(row, 1) != 0;
    holding->due = sqlite3_column_int(row, 2) != 0;
    holding->unpaid = sqlite3_column_int(row, 3) != 0;
    if (store_text(row, 4, holding->reason, sizeof holding->reason) &&
        store_text(row, 5, holding->mode, sizeof holding->mode) &&
        store_text(row, 6, holding->fate, sizeof holding->fate) &&
        store_text(row, 7, holding->phone, sizeof holding->phone)) {
        choose_mode(exchange, holding);
        return true;
    }
    holding_free(holding);
    return false;
}

int holding_load(struct exchange *exchange, const char *thumbprint,
                 struct holding *holding)
{
    sqlite3_stmt *row;
    int found = store_row(
        exchange->sandbox->store,
        COLUMNS "WHERE phone = ?1 AND thumbprint = ?2",
        VALUES(value_text(exchange->phone), value_text(thumbprint)), &row);

    *holding = (struct holding){0};
    if (found == 1 && !read_row(exchange, row, holding))
        return -1;
    return found;
}

const char *holding_obstacle(const struct holding *holding, time_t now,
                             long window)
{
    const struct certificate *certificate = holding->certificate;

    bool paper = strcmp(holding->mode, "paper") == 0;

    if (holding->revoked)
        return "revoked";
    if (now > certificate->not_after)
        return paper ? NULL : "expired";
    if (now > certificate_signs_until(certificate))
        return paper ? NULL : "keyPeriodOver";
    if (elsewhere_renewed(&certificate->subject, &certificate->issuer))
        return "otherCentre";
    if (holding->reason[0])
        return paper && strcmp(holding->reason, "subjectChanged") == 0
                   ? NULL
                   : holding->reason;
    if (!holding->due &&
        (certificate_signs_until(certificate) - now) / DAY > window)
        return "notDueYet";
    return NULL;
}

const char *holding_sentence(const char *obstacle)
{
    for (size_t i = 0; i < sizeof obstacles / sizeof *obstacles; i++)
        if (strcmp(obstacles[i].word, obstacle) == 0)
            return obstacles[i].sentence;
    return NULL;
}

struct json_object *holding_words(const struct name *name)
{
    struct json_object *words = json_object_new_object();

    for (int i = 0; words && i < NAME_COUNT; i++) {
        if (name->value[i] &&
            !exchange_put_text(words, name_rule((enum name_attribute)i)->word,
                               name->value[i])) {
            json_object_put(words);
            return NULL;
        }
    }
    return words;
}

static bool put_renewal(const struct exchange *exchange,
                        const struct holding *holding,
                        struct json_object *object)
{
    const char *obstacle = holding_obstacle(holding, exchange->now,
                                            exchange->sandbox->settings.window);
    struct json_object *renewal = json_object_new_object();

    return renewal && exchange_put(object, "renewal", renewal) &&
           exchange_put(renewal, "available",
                        json_object_new_boolean(!obstacle)) &&
           (obstacle ? exchange_put_text(renewal, "reason", obstacle)
                     : exchange_put_text(renewal, "mode", holding->mode));
}

static const char *state(const struct holding *holding, time_t now)
{
    if (holding->revoked)
        return "Revoke";
    return now > holding->certificate->not_after ? "Expired" : "Valid";
}

static bool describe(const struct exchange *exchange,
                     const struct holding *holding, struct json_object *object)
{
    const struct certificate *certificate = holding->certificate;
    const char *issuer = certificate->issuer.value[NAME_COMMON_NAME];
    time_t key_end = certificate->key_not_after ? certificate->key_not_after
                                                : certificate->not_after;

    return exchange_put_text(object, "thumbprint", certificate->thumbprint) &&
           exchange_put_text(object, "serialNumber", certificate->serial) &&
           exchange_put_text(object, "issuer", issuer ? issuer : "") &&
           exchange_put(object, "subject",
                        holding_words(&certificate->subject)) &&
           exchange_put_time(object, "notBefore", certificate->not_before) &&
           exchange_put_time(object, "notAfter", certificate->not_after) &&
           exchange_put_time(object, "keyNotAfter", key_end) &&
           exchange_put_text(object, "state", state(holding, exchange->now)) &&
           put_renewal(exchange, holding, object);
}

static bool add_row(struct exchange *exchange, sqlite3_stmt *row,
                    struct json_object *list)
{
    struct json_object *object = json_object_new_object();
    struct holding holding = {0};
    bool ok = object && read_row(exchange, row, &holding) &&
              describe(exchange, &holding, object);

    holding_free(&holding);
    if (ok && json_object_array_add(list, object) == 0)
        return true;
    json_object_put(object);
    return false;
}

static bool collect(struct exchange *exchange, struct json_object *list)
{
    sqlite3_stmt *row =
        store_query(exchange->sandbox->store,
                    COLUMNS "WHERE phone = ?1 ORDER BY rowid DESC LIMIT 64",
                    VALUES(value_text(exchange->phone)));
    int step = SQLITE_ERROR;

    while (row && (step = sqlite3_step(row)) == SQLITE_ROW)
        if (!add_row(exchange, row, list))
            return false;
    return step == SQLITE_DONE;
}

static bool list_all(struct exchange *exchange, struct json_object *list)
{
    struct store *store = exchange->sandbox->store;
    bool ok;

    if (!store_begin(store))
        return false;
    ok = collect(exchange, list);
    return store_end(store, ok) && ok;
}

void holding_list(struct exchange *exchange)
{
    struct json_object *answer = json_object_new_object();
    struct json_object *list = json_object_new_array();

    if (answer && exchange_put(answer, "certificates", list) &&
        list_all(exchange, list)) {
        exchange_answer(exchange, 200, answer);
        return;
    }
    json_object_put(answer);
    exchange_fail(exchange, "certificates cannot be listed");
}
