#include "api/sandbox/dossier/finding.h"

#include "keygen/requisite/requisite.h"

#include <stdio.h>
#include <string.h>

enum { TARGET_SIZE = 64 };

static const char *const sentences[] = {
    [ESIA_EMPTY] = "Не заполнено.",
    [ESIA_TOO_LONG] = "Слишком длинно.",
    [ESIA_ALPHABET] = "Есть недопустимые символы.",
    [ESIA_WORD] = "Такого значения нет.",
    [ESIA_NO_DATE] = "Такой даты нет.",
    [ESIA_FUTURE] = "Эта дата ещё не наступила.",
    [ESIA_AGE] = "Проверьте год рождения.",
    [ESIA_BEFORE] = "Паспорт выдан раньше, чем владельцу исполнилось 14 лет.",
    [ESIA_FOUR_DIGITS] = "Серия паспорта состоит из 4 цифр.",
    [ESIA_SIX_DIGITS] = "Номер паспорта задан не полностью.",
    [ESIA_CODE] = "Код подразделения состоит из 6 цифр: 000-000.",
    [ESIA_COUNTRY] = "Код страны состоит из трёх латинских букв.",
    [ESIA_UNWANTED] = "Для этого документа не заполняется.",
};

static bool add(struct json_object *errors, const char *code, const char *part,
                const char *word, const char *message)
{
    struct json_object *one = json_object_new_object();
    char target[TARGET_SIZE];

    snprintf(target, sizeof target, "%s.%s", part, word);
    if (one && json_object_array_add(errors, one) == 0)
        return exchange_put_text(one, "code", code) &&
               exchange_put_text(one, "target", target) &&
               exchange_put_text(one, "message", message);
    json_object_put(one);
    return false;
}

/* The numbers of people and organisations, as certificates may have them. */
static const struct {
    enum name_attribute attribute;
    enum requisite kind;
} numbers[] = {
    {NAME_INN, REQUISITE_INN},       {NAME_INNLE, REQUISITE_INN_ORGANIZATION},
    {NAME_SNILS, REQUISITE_SNILS},   {NAME_OGRN, REQUISITE_OGRN},
    {NAME_OGRNIP, REQUISITE_OGRNIP}, {NAME_EMAIL, REQUISITE_EMAIL},
};

/* What is wrong with a value, or NULL. */
static const char *judge(enum name_attribute attribute, const char *value,
                         size_t size)
{
    struct requisite_finding finding = {REQUISITE_GOOD, 0, 0};
    struct name name = {{NULL}};
    const enum fault fault = name_set(&name, attribute, value, size);
    char kept[REQUISITE_MAX];

    name_free(&name);
    if (fault != FAULT_NONE)
        return "Слишком длинно, или есть недопустимые символы.";
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].attribute == attribute)
            (void)requisite_check(numbers[i].kind, value, size, 0, kept,
                                  &finding);
    return finding.flaw == REQUISITE_GOOD ? NULL
           : finding.flaw == REQUISITE_CHECK
               ? "Контрольное число не сходится: в одной из цифр ошибка."
               : "Такого номера или адреса не бывает. Сверьте с документом.";
}

bool finding_data(const struct application *application,
                  struct json_object *errors)
{
    bool good = true;

    json_object_object_foreach(application->data, word, value)
    {
        const int attribute = name_find(word);
        const char *wrong =
            attribute < 0 ? NULL
                          : judge((enum name_attribute)attribute,
                                  json_object_get_string(value),
                                  (size_t)json_object_get_string_len(value));

        if (wrong != NULL) {
            good = false;
            if (errors)
                add(errors, "invalid", "data", word, wrong);
        }
    }
    return good;
}

bool finding_esia(const struct esia *esia, time_t now,
                  struct json_object *errors)
{
    for (int i = 0; i < ESIA_COUNT; i++) {
        enum esia_problem problem = esia_check(esia, (enum esia_field)i, now);

        if (problem != ESIA_GOOD &&
            !add(errors, problem == ESIA_EMPTY ? "missing" : "invalid", "esia",
                 esia_word((enum esia_field)i), sentences[problem]))
            return false;
    }
    return true;
}

bool finding_unconfirmed(struct json_object *errors)
{
    return json_object_array_length(errors) > 0 ||
           add(errors, "notConfirmed", "esia", esia_word(ESIA_NUMBER),
               "СМЭВ не подтвердила документ. Проверьте его серию и номер "
               "или приложите скан.");
}

bool finding_missing(const struct esia *esia, time_t now,
                     struct json_object *missing)
{
    for (int i = 0; i < ESIA_COUNT; i++) {
        struct json_object *word;
        char target[TARGET_SIZE];

        if (esia_check(esia, (enum esia_field)i, now) != ESIA_EMPTY)
            continue;
        snprintf(target, sizeof target, "esia.%s",
                 esia_word((enum esia_field)i));
        word = json_object_new_string(target);
        if (!word || json_object_array_add(missing, word) != 0) {
            json_object_put(word);
            return false;
        }
    }
    return true;
}
