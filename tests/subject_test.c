#include "client/request/subject.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- words --------------------------------------------------------------- */

static const struct {
    const char *word;
    int attribute;
} words[] = {
    {"CN", NAME_COMMON_NAME},
    {"cn", NAME_COMMON_NAME},
    {"commonName", NAME_COMMON_NAME},
    {"SN", NAME_SURNAME},
    {"G", NAME_GIVEN_NAME},
    {"GN", NAME_GIVEN_NAME},
    {"givenname", NAME_GIVEN_NAME},
    {"SNILS", NAME_SNILS},
    {"СНИЛС", NAME_SNILS},
    {"INN", NAME_INN},
    {"ИНН", NAME_INN},
    {"INNLE", NAME_INNLE},
    {"ИННЮЛ", NAME_INNLE},
    {"OGRN", NAME_OGRN},
    {"OGRNIP", NAME_OGRNIP},
    {"O", NAME_ORGANIZATION},
    {"OU", NAME_UNIT},
    {"T", NAME_TITLE},
    {"title", NAME_TITLE},
    {"L", NAME_LOCALITY},
    {"S", NAME_STATE},
    {"st", NAME_STATE},
    {"street", NAME_STREET},
    {"E", NAME_EMAIL},
    {"emailAddress", NAME_EMAIL},
    {"C", NAME_COUNTRY},
    {"", -1},
    {"C ", -1},
    {"CNN", -1},
    {"2.5.4.3", -1},
    {"serialNumber", -1},
    {"\xFF", -1},
};

static void check_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        assert_int_equal(subject_find(words[i].word, strlen(words[i].word)),
                         words[i].attribute);
    assert_int_equal(subject_find("CN=x", 2), NAME_COMMON_NAME);
}

/* --- whole subjects ------------------------------------------------------ */

/* Values as an old certificate may have them, whatever the rules say. */
static void put(struct certificate *certificate, enum name_attribute attribute,
                const char *value)
{
    free(certificate->subject.value[attribute]);
    certificate->subject.value[attribute] = strdup(value);
}

static void make_old(struct certificate *old)
{
    *old = (struct certificate){.algorithm = NULL};
    put(old, NAME_COMMON_NAME, "ООО Пример");
    put(old, NAME_ORGANIZATION, "ООО Пример");
    put(old, NAME_SURNAME, "Иванова");
    put(old, NAME_GIVEN_NAME, "Анна Петровна");
    put(old, NAME_SNILS, "112-233-445 95");
    put(old, NAME_OGRN, "1026605606620");
    put(old, NAME_INN, "006663003127");
}

static enum outcome make(const struct certificate *from,
                         const char *const *given, struct name *subject,
                         struct failure *failure)
{
    struct options_list list = {.count = 0};

    for (; *given != NULL; given++)
        list.value[list.count++] = *given;
    *failure = (struct failure){.outcome = OUTCOME_DONE};
    return subject_make(from, &list, subject, failure);
}

static void check_old_inn(void **state)
{
    static const char *const given[] = {"INN=500100732259", NULL};
    struct certificate old;
    struct failure failure;
    struct name subject;

    (void)state;
    make_old(&old);
    assert_int_equal(make(&old, given, &subject, &failure), OUTCOME_DONE);
    assert_string_equal(subject.value[NAME_INN], "500100732259");
    assert_string_equal(subject.value[NAME_INNLE], "6663003127");
    assert_string_equal(subject.value[NAME_SNILS], "11223344595");
    assert_string_equal(subject.value[NAME_COUNTRY], "RU");
    name_free(&subject);
    /* Where both are there, the new place is believed. */
    put(&old, NAME_INNLE, "7707083893");
    assert_int_equal(make(&old, given, &subject, &failure), OUTCOME_DONE);
    assert_string_equal(subject.value[NAME_INNLE], "7707083893");
    name_free(&subject);
    name_free(&old.subject);
}

static const struct {
    const char *given[8];
    enum outcome outcome;
    const char *detail;
} bad[] = {
    {{"SN"}, OUTCOME_SUBJECT_UNKNOWN, "--subject: SN"},
    {{"X=1"}, OUTCOME_SUBJECT_UNKNOWN, "X=1"},
    {{"=1"}, OUTCOME_SUBJECT_UNKNOWN, "=1"},
    {{"X\x1B[2J=1"}, OUTCOME_SUBJECT_UNKNOWN, "X\xEF\xBF\xBD[2J"},
    {{"SN=А", "sn=Б"}, OUTCOME_SUBJECT_WRONG, "twice"},
    {{"SN=А", "surname="}, OUTCOME_SUBJECT_WRONG, "twice"},
    {{"INN=500100732258"}, OUTCOME_SUBJECT_WRONG, "digits"},
    {{"INN=6663003127"}, OUTCOME_SUBJECT_WRONG, "12 digits"},
    {{"SN=А\nБ"}, OUTCOME_SUBJECT_WRONG, "place 2"},
    {{"SN=А\xFF"}, OUTCOME_SUBJECT_WRONG, "place 2"},
    {{"SN=\xE2\x80\xAE"
      "А"},
     OUTCOME_SUBJECT_WRONG,
     "place 1"},
    {{"C=RUS"}, OUTCOME_SUBJECT_WRONG, "RU"},
    {{"C=РФ"}, OUTCOME_SUBJECT_WRONG, "RU"},
    {{"SN="}, OUTCOME_SUBJECT_INCOMPLETE, "Surname"},
    {{"E=anna@example.com"}, OUTCOME_SUBJECT_INCOMPLETE, "INN"},
    {{"INN=500100732259", "O=", "OGRN="},
     OUTCOME_SUBJECT_INCOMPLETE,
     "Organisation, OGRN"},
};

static void check_bad(void **state)
{
    struct certificate old;
    struct failure failure;
    struct name subject;

    (void)state;
    make_old(&old);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(make(&old, bad[i].given, &subject, &failure),
                         bad[i].outcome);
        assert_int_equal(failure.outcome, bad[i].outcome);
        if (strstr(failure.detail, bad[i].detail) == NULL)
            fail_msg("%zu: %s", i, failure.detail);
        name_free(&subject);
    }
    name_free(&old.subject);
}

/* Control characters, marks of direction, what is no UTF-8, and what is too
 * long: no attribute takes them, as an option and as an answer. */
static void check_no_text(void **state)
{
    static char endless[1200];
    static const char *const values[] = {
        "\x1B[31m",
        "a\nb",
        "a\tb",
        "a\x01",
        "a\x7F",
        "\xE2\x80\xAE"
        "a",
        "\xE2\x80\x8B",
        "\xEF\xBB\xBF"
        "a",
        "\xC2\x85",
        "\xFF",
        "\xCF\xF0",
        endless,
    };

    (void)state;
    memset(endless, '1', sizeof endless - 1);
    for (int i = 0; i < NAME_COUNT; i++) {
        const char *word = name_rule((enum name_attribute)i)->word;

        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            struct subject_asked asked = {.attribute = (enum name_attribute)i,
                                          .may_be_empty = true};
            const char *list[] = {NULL, NULL};
            char text[1300];
            struct failure failure;
            struct name subject;

            snprintf(text, sizeof text, "%s=%s", word, values[j]);
            list[0] = text;
            if (make(NULL, list, &subject, &failure) != OUTCOME_SUBJECT_WRONG ||
                strpbrk(failure.detail, "\x1B\n\t") != NULL)
                fail_msg("%s takes %zu: %s", word, j, failure.detail);
            name_free(&subject);
            if (subject_refuse(values[j], &asked) == NULL)
                fail_msg("%s takes the answer %zu", word, j);
        }
    }
}

/* A person alone, an organisation alone, and neither. */
static void check_groups(void **state)
{
    static const struct {
        const char *given[8];
        enum outcome outcome;
        const char *common_name;
    } rows[] = {
        {{"SN=Ли", "G=Си", "SNILS=11223344595", "INN=500100732259"},
         OUTCOME_DONE,
         "Ли Си"},
        {{"SN=Ли", "G=Си", "SNILS=11223344595", "INN=500100732259", "CN=Ли"},
         OUTCOME_DONE,
         "Ли"},
        {{"O=ООО", "INNLE=6663003127", "OGRN=1026605606620"},
         OUTCOME_DONE,
         "ООО"},
        {{"O=ООО", "INNLE=006663003127", "OGRN=1026605606620"},
         OUTCOME_DONE,
         "ООО"},
        {{"O=ООО", "INNLE=6663003127", "OGRN=1026605606620", "SN=Ли"},
         OUTCOME_SUBJECT_INCOMPLETE,
         NULL},
        {{"CN=Ли"}, OUTCOME_SUBJECT_INCOMPLETE, NULL},
        {{"E=a@example.com"}, OUTCOME_SUBJECT_INCOMPLETE, NULL},
    };
    struct failure failure;
    struct name subject;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(make(NULL, rows[i].given, &subject, &failure),
                         rows[i].outcome);
        if (rows[i].common_name != NULL)
            assert_string_equal(subject.value[NAME_COMMON_NAME],
                                rows[i].common_name);
        name_free(&subject);
    }
}

/* Names that are as long as they may be. */
static void check_long(void **state)
{
    char surname[8 + 2 * 128 + 1] = "SN=", given[8 + 2 * 128 + 1] = "G=";
    const char *const list[] = {surname, given, "SNILS=11223344595",
                                "INN=500100732259", NULL};
    struct failure failure;
    struct name subject;

    (void)state;
    for (int i = 0; i < 128; i++) {
        memcpy(surname + 3 + 2 * i, "Ж", 2);
        memcpy(given + 2 + 2 * i, "Ж", 2);
    }
    /* The common name of the two is one too long for its own rule. */
    assert_int_equal(make(NULL, list, &subject, &failure),
                     OUTCOME_SUBJECT_WRONG);
    assert_non_null(strstr(failure.detail, "255"));
    name_free(&subject);
    given[2 + 2 * 126] = '\0';
    assert_int_equal(make(NULL, list, &subject, &failure), OUTCOME_DONE);
    name_free(&subject);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_words), cmocka_unit_test(check_old_inn),
        cmocka_unit_test(check_bad),   cmocka_unit_test(check_groups),
        cmocka_unit_test(check_long),  cmocka_unit_test(check_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
