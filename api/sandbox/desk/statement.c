#include "api/sandbox/desk/statement.h"

#include "api/sandbox/desk/consent.h"
#include "keygen/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { STATEMENT_MAX = 64 * 1024 };

static const char *const labels[NAME_COUNT] = {
    [NAME_SURNAME] = "Фамилия",
    [NAME_GIVEN_NAME] = "Имя и отчество",
    [NAME_COMMON_NAME] = "Общее имя",
    [NAME_SNILS] = "СНИЛС",
    [NAME_INN] = "ИНН физического лица",
    [NAME_ORGANIZATION] = "Организация",
    [NAME_UNIT] = "Подразделение",
    [NAME_TITLE] = "Должность",
    [NAME_INNLE] = "ИНН организации",
    [NAME_OGRN] = "ОГРН",
    [NAME_OGRNIP] = "ОГРНИП",
    [NAME_COUNTRY] = "Страна",
    [NAME_STATE] = "Субъект Российской Федерации",
    [NAME_LOCALITY] = "Населённый пункт",
    [NAME_STREET] = "Адрес",
    [NAME_EMAIL] = "Электронная почта",
};

/* The person first, then the organisation, then the place. */
static const enum name_attribute order[NAME_COUNT] = {
    NAME_SURNAME, NAME_GIVEN_NAME, NAME_COMMON_NAME,  NAME_SNILS,
    NAME_INN,     NAME_EMAIL,      NAME_ORGANIZATION, NAME_UNIT,
    NAME_TITLE,   NAME_INNLE,      NAME_OGRN,         NAME_OGRNIP,
    NAME_COUNTRY, NAME_STATE,      NAME_LOCALITY,     NAME_STREET,
};

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

static void put_data(struct bytes *text, struct json_object *data)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct json_object *value = NULL;

        if (json_object_object_get_ex(data, name_rule(order[i])->word, &value))
            put_line(text, labels[order[i]], json_object_get_string(value));
    }
}

static void compose(const struct exchange *exchange,
                    const struct application *application, struct bytes *text)
{
    char when[EXCHANGE_TIME];

    exchange_time(exchange->now, when);
    put(text, "Заявление на изготовление квалифицированного сертификата ключа "
              "проверки электронной подписи\n\n");
    put_line(text, "Заявка", application->id);
    put_line(text, "Время составления", when);
    put_line(text, "Отпечаток обновляемого сертификата",
             application->thumbprint);
    put(text, "\nПрошу изготовить квалифицированный сертификат ключа проверки "
              "электронной подписи со следующими данными:\n\n");
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
