#include "keygen/requisite/esia.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1764201600 /* 2025-11-27 */ };

static const char *const passport[ESIA_COUNT] = {
    "1980-02-29", "гор. Минск", "female", "passport", "6510",
    "123456",     "2010-03-31", "ОУФМС",  "660-001",  NULL};
static const char *const foreign[ESIA_COUNT] = {
    "1980-02-29", "Минск",      "male", "other", NULL,
    "AB 12-34",   "2019-01-31", "МВД",  NULL,    "BLR"};

static void set(struct esia *esia, enum esia_field field, const char *value)
{
    assert_int_equal(
        esia_set(esia, field, value, value != NULL ? strlen(value) : 0),
        FAULT_NONE);
}

static struct esia make(const char *const values[ESIA_COUNT])
{
    struct esia esia = {{NULL}};

    for (int i = 0; i < ESIA_COUNT; i++)
        set(&esia, (enum esia_field)i, values[i]);
    return esia;
}

static void words_lead_back(void **state)
{
    (void)state;
    for (int i = 0; i < ESIA_COUNT; i++)
        assert_int_equal(esia_find(esia_word((enum esia_field)i)), i);
    assert_int_equal(esia_find("title"), -1);
    assert_int_equal(esia_find(""), -1);
}

/* rule_27, rule_28, rule_29, rule_30 */
static void a_whole_one_is_complete(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        const char *const *values = which == 0 ? passport : foreign;

        for (int i = -1; i < ESIA_COUNT; i++) {
            struct esia esia = make(values);
            bool lacks = i >= 0 && values[i] != NULL;

            if (lacks)
                set(&esia, (enum esia_field)i, NULL);
            assert_int_equal(esia_complete(&esia, NOW), !lacks);
            esia_free(&esia);
        }
    }
}

/* rule_30 */
static void the_document_says_what_else_is_wanted(void **state)
{
    struct esia ours = make(passport), theirs = make(foreign), none = {{NULL}};

    (void)state;
    assert_true(esia_wants(&ours, ESIA_ISSUER_CODE));
    assert_false(esia_wants(&ours, ESIA_CITIZENSHIP));
    assert_false(esia_wants(&theirs, ESIA_ISSUER_CODE));
    assert_true(esia_wants(&theirs, ESIA_CITIZENSHIP));
    assert_false(esia_wants(&none, ESIA_CITIZENSHIP));
    set(&ours, ESIA_CITIZENSHIP, "RUS");
    assert_int_equal(esia_check(&ours, ESIA_CITIZENSHIP, NOW), ESIA_UNWANTED);
    set(&theirs, ESIA_ISSUER_CODE, "660-001");
    assert_int_equal(esia_check(&theirs, ESIA_ISSUER_CODE, NOW), ESIA_UNWANTED);
    esia_free(&ours);
    esia_free(&theirs);
}

#define TEN "1234567890"
#define LONG256                                                                \
    TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN    \
        TEN TEN TEN TEN TEN TEN TEN "123456"

static const struct {
    enum esia_field field;
    const char *value;
    enum esia_problem problem;
    bool foreign;
} rows[] = {
    {ESIA_BIRTH_DATE, "29.02.1980", ESIA_NO_DATE, false},
    {ESIA_BIRTH_DATE, "1981-02-29", ESIA_NO_DATE, false},
    {ESIA_BIRTH_DATE, "1980-13-01", ESIA_NO_DATE, false},
    {ESIA_BIRTH_DATE, "1980-2-29", ESIA_NO_DATE, false},
    {ESIA_BIRTH_DATE, "1980-02-290", ESIA_TOO_LONG, false},
    {ESIA_BIRTH_DATE, "١٩٨٠-٠٢-٢٩", ESIA_NO_DATE, false},
    {ESIA_BIRTH_DATE, "1899-12-31", ESIA_AGE, false},
    {ESIA_BIRTH_DATE, "2011-11-28", ESIA_AGE, false},
    {ESIA_BIRTH_DATE, "2011-11-26", ESIA_GOOD, false},
    {ESIA_BIRTH_DATE, "2025-11-29", ESIA_FUTURE, false},
    {ESIA_BIRTH_PLACE, " ", ESIA_EMPTY, false},
    {ESIA_BIRTH_PLACE, "М", ESIA_GOOD, false},
    {ESIA_BIRTH_PLACE, LONG256, ESIA_TOO_LONG, false},
    {ESIA_BIRTH_PLACE, "a\nb", ESIA_ALPHABET, false},
    {ESIA_BIRTH_PLACE, "a\033[2J", ESIA_ALPHABET, false},
    {ESIA_BIRTH_PLACE, "\xE2\x80\xAEМинск", ESIA_ALPHABET, false},
    {ESIA_BIRTH_PLACE, "\xFF\xFE", ESIA_ALPHABET, false},
    {ESIA_SEX, "Male", ESIA_WORD, false},
    {ESIA_SEX, "м", ESIA_WORD, false},
    {ESIA_DOCUMENT, "Passport", ESIA_WORD, false},
    {ESIA_SERIES, "651", ESIA_FOUR_DIGITS, false},
    {ESIA_SERIES, "65 10", ESIA_FOUR_DIGITS, false},
    {ESIA_SERIES, "６５１０", ESIA_FOUR_DIGITS, false},
    {ESIA_SERIES, "AB", ESIA_GOOD, true},
    {ESIA_NUMBER, "12345", ESIA_SIX_DIGITS, false},
    {ESIA_NUMBER, "1234567", ESIA_SIX_DIGITS, false},
    {ESIA_NUMBER, "12345O", ESIA_SIX_DIGITS, false},
    {ESIA_NUMBER, "12345678901234567890123456", ESIA_TOO_LONG, true},
    {ESIA_ISSUED, "1994-02-27", ESIA_BEFORE, false},
    {ESIA_ISSUED, "1994-02-29", ESIA_NO_DATE, false},
    {ESIA_ISSUED, "1994-03-01", ESIA_GOOD, false},
    {ESIA_ISSUED, "1980-02-28", ESIA_BEFORE, true},
    {ESIA_ISSUED, "1980-02-29", ESIA_GOOD, true},
    {ESIA_ISSUED, "2030-01-01", ESIA_FUTURE, false},
    {ESIA_ISSUER_CODE, "660001", ESIA_CODE, false},
    {ESIA_ISSUER_CODE, "66-0001", ESIA_CODE, false},
    {ESIA_ISSUER_CODE, "000-000", ESIA_CODE, false},
    {ESIA_ISSUER_CODE, "660-0011", ESIA_CODE, false},
    {ESIA_CITIZENSHIP, "blr", ESIA_COUNTRY, true},
    {ESIA_CITIZENSHIP, "BL", ESIA_COUNTRY, true},
    {ESIA_CITIZENSHIP, "BLRU", ESIA_COUNTRY, true},
    {ESIA_CITIZENSHIP, "БЛР", ESIA_COUNTRY, true},
};

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct esia esia = make(rows[i].foreign ? foreign : passport);
        enum esia_problem problem;

        set(&esia, rows[i].field, rows[i].value);
        problem = esia_check(&esia, rows[i].field, NOW);
        if (problem != rows[i].problem)
            fail_msg("%s %s: %d", esia_word(rows[i].field), rows[i].value,
                     (int)problem);
        if (problem != ESIA_GOOD)
            assert_false(esia_complete(&esia, NOW));
        esia_free(&esia);
    }
}

static void a_nul_is_no_text(void **state)
{
    struct esia esia = {{NULL}};

    (void)state;
    assert_int_equal(esia_set(&esia, ESIA_BIRTH_PLACE, "a\0b", 3), FAULT_NAME);
    assert_null(esia.value[ESIA_BIRTH_PLACE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lead_back),
        cmocka_unit_test(a_whole_one_is_complete),
        cmocka_unit_test(the_document_says_what_else_is_wanted),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_nul_is_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
