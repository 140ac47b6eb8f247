#include "client/dossier/field.h"

#include "keygen/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1764201600 /* 2025-11-27 */ };

static char born[] = "1980-02-29", ours[] = "passport", theirs[] = "other";
static struct esia passport = {
    .value = {[ESIA_BIRTH_DATE] = born, [ESIA_DOCUMENT] = ours}};
static struct esia other = {
    .value = {[ESIA_BIRTH_DATE] = born, [ESIA_DOCUMENT] = theirs}};

static void every_word_is_of_the_contract(void **state)
{
    const struct field *field;

    (void)state;
    for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
        const char *name = strchr(field->word, '.') + 1;

        assert_ptr_equal(field_find(field->word), field);
        assert_ptr_equal(field_find(name), field);
        assert_true(field_label(field)[0] != '\0');
        assert_true((field->attribute >= 0) != (field->esia >= 0));
        if (field->attribute >= 0)
            assert_int_equal(name_find(name), field->attribute);
        else
            assert_int_equal(esia_find(name), field->esia);
    }
    assert_null(field_find("organizationName"));
    assert_null(field_find(""));
}

/* As people write them; kept as they are sent. */
static void good_values_are_kept_in_their_form(void **state)
{
    static const struct {
        const char *word, *typed, *kept;
        struct esia *with;
    } rows[] = {
        {"birthDate", "31.12.1980", "1980-12-31", &passport},
        {"birthDate", " 1980-12-31", "1980-12-31", &passport},
        {"documentSeries", "65 10", "6510", &passport},
        {"documentSeries", "65-10", "6510", &passport},
        {"documentNumber", "123 456", "123456", &passport},
        {"documentIssuerCode", "660001", "660-001", &passport},
        {"documentIssuerCode", "660 001", "660-001", &passport},
        {"documentIssuerCode", "660-001", "660-001", &passport},
        {"documentIssued", "31.03.2010", "2010-03-31", &passport},
        {"documentNumber", "AB 12-34", "AB 12-34", &other},
        {"documentSeries", "", "", &other},
        {"citizenship", "blr", "BLR", &other},
        {"birthPlace", "гор. Минск", "гор. Минск", NULL},
        {"sex", "male", "male", NULL},
        {"snils", "112-233-445 95", "11223344595", NULL},
        {"inn", "500100732259", "500100732259", NULL},
        {"emailAddress", "a.b@example.com", "a.b@example.com", NULL},
        {"title", "Главный бухгалтер", "Главный бухгалтер", NULL},
        {"title", "", "", NULL},
        {"emailAddress", "", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char kept[FIELD_VALUE_MAX] = "?";
        const char *why = field_refuse(field_find(rows[i].word), rows[i].typed,
                                       rows[i].with, NOW, kept);

        if (why != NULL)
            fail_msg("%s %s: %s", rows[i].word, rows[i].typed, why);
        assert_string_equal(kept, rows[i].kept);
    }
}

static const char *const bad_everywhere[] = {
    "a\nb",
    "a\tb",
    "\033[31mred",
    "\x7F",
    "\xFF\xFE",
    "\xC3\x28",
    "\xED\xA0\x80",
    "\xE2\x80\xAE"
    "abc",
    "\xE2\x80\x8B",
    "\xEF\xBB\xBFx",
    "\xC2\x85",
};

/* Control characters, marks of direction, what is no UTF-8, and what is too
 * long: no field takes them. */
static void no_field_takes_what_is_no_text(void **state)
{
    static char endless[3000];
    const struct field *field;

    (void)state;
    memset(endless, '1', sizeof endless - 1);
    for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
        char kept[FIELD_VALUE_MAX];
        size_t count = sizeof bad_everywhere / sizeof *bad_everywhere;

        for (size_t j = 0; j < count; j++)
            if (field_refuse(field, bad_everywhere[j], &passport, NOW, kept) ==
                    NULL ||
                field_refuse(field, bad_everywhere[j], &other, NOW, kept) ==
                    NULL)
                fail_msg("%s takes %zu", field->word, j);
        assert_non_null(field_refuse(field, endless, &passport, NOW, kept));
        endless[600] = '\0';
        assert_non_null(field_refuse(field, endless, &passport, NOW, kept));
        endless[600] = '1';
    }
}

/* 1 January 1980 was a day. */
static void a_day_that_was_is_not_said_to_be_none(void **state)
{
    static const char *const days[] = {"1.1.1980", "01/01/1980", "1980.01.01"};
    char kept[FIELD_VALUE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
        assert_string_equal(field_refuse(field_find("birthDate"), days[i],
                                         &passport, NOW, kept),
                            "A date is written like 31.12.1980.");
}

/* rule_27, rule_28, rule_29, rule_30 */
static void wrong_values_are_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *word, *typed, *said;
        struct esia *with;
    } rows[] = {
        {"birthDate", "", "not been entered", &passport},
        {"birthDate", "30.02.1980", "no such day", &passport},
        {"birthDate", "31/12/1980", "A date is written like", &passport},
        {"birthDate", "1.1.1980", "A date is written like", &passport},
        {"birthDate", "01.01.2020", "14 years", &passport},
        {"birthDate", "01.01.1890", "1900", &passport},
        {"birthDate", "01.01.2030", "not come yet", &passport},
        {"birthPlace", "", "not been entered", NULL},
        {"birthPlace", "   ", "not been entered", NULL},
        {"sex", "x", "no such value", NULL},
        {"documentType", "id", "no such value", NULL},
        {"documentSeries", "651", "4 digits", &passport},
        {"documentSeries", "", "not been entered", &passport},
        {"documentNumber", "12345", "6 digits", &passport},
        {"documentNumber", "", "not been entered", &other},
        {"documentIssued", "01.01.1990", "age of 14", &passport},
        {"documentIssuerCode", "6600", "660-001", &passport},
        {"documentIssuerCode", "000-000", "660-001", &passport},
        {"citizenship", "Belarus", "three Latin letters", &other},
        {"citizenship", "БЛР", "three Latin letters", &other},
        {"snils", "112-233-445 96", "check digits", NULL},
        {"snils", "", "not been entered", NULL},
        {"inn", "500100732258", "check digits", NULL},
        {"inn", "7707083893", "12 digits", NULL},
        {"emailAddress", "nobody", "@", NULL},
        {"emailAddress", "имя@example.com", "Latin", NULL},
        {"surname", "", "not been entered", NULL},
        {"commonName", "", "not been entered", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char kept[FIELD_VALUE_MAX];
        const char *why = field_refuse(field_find(rows[i].word), rows[i].typed,
                                       rows[i].with, NOW, kept);

        if (why == NULL || strstr(why, rows[i].said) == NULL)
            fail_msg("%s \"%s\": %s", rows[i].word, rows[i].typed,
                     why != NULL ? why : "taken");
    }
}

static void values_are_shown_as_people_read_them(void **state)
{
    char shown[FIELD_VALUE_MAX];

    (void)state;
    assert_string_equal(
        field_show(field_find("birthDate"), "1980-12-31", shown, sizeof shown),
        "31.12.1980");
    assert_string_equal(
        field_show(field_find("snils"), "11223344595", shown, sizeof shown),
        "112-233-445 95");
    assert_string_equal(
        field_show(field_find("snils"), "1\0332233445", shown, sizeof shown),
        "1\xEF\xBF\xBD"
        "2233445");
    assert_string_equal(
        field_show(field_find("inn"), "500100732259", shown, sizeof shown),
        "500100732259");
    assert_string_equal(
        field_show(field_find("documentType"), "passport", shown, sizeof shown),
        "passport of the Russian Federation");
    assert_string_equal(
        field_show(field_find("title"), "a\033[2Jb", shown, sizeof shown),
        "a\xEF\xBF\xBD[2Jb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_of_the_contract),
        cmocka_unit_test(good_values_are_kept_in_their_form),
        cmocka_unit_test(no_field_takes_what_is_no_text),
        cmocka_unit_test(a_day_that_was_is_not_said_to_be_none),
        cmocka_unit_test(wrong_values_are_refused_with_a_sentence),
        cmocka_unit_test(values_are_shown_as_people_read_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
