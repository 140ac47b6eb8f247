#include "client/view/requisite_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum requisite kind;
    const char *text;
    const char *says; /* a part of the sentence; NULL: it will do */
} rows[] = {
    {REQUISITE_INN, "6663003127", NULL},
    {REQUISITE_INN, "666300312", "Entered: 9."},
    {REQUISITE_INN_ORGANIZATION, "6663003128", "one of its digits is wrong"},
    {REQUISITE_INN_PERSON, "006663003127", "older certificates"},
    {REQUISITE_INN_PERSON, "50010О732259", "in place 6 (О)"},
    {REQUISITE_INN_PERSON, "5001\xE2\x80\x8F", "in place 5 (\xEF\xBF\xBD)"},
    {REQUISITE_INN_PERSON, "5001\x1B[2J", "in place 5 (\xEF\xBF\xBD)"},
    {REQUISITE_INN_PERSON, "5001\xFF", "in place 5 (\xEF\xBF\xBD)"},
    {REQUISITE_SNILS, "", "It has not been entered."},
    {REQUISITE_SNILS, "112-233-445 96", "SNILS do not fit"},
    {REQUISITE_OGRN, "304500116000157", "OGRNIP. Entered: 15."},
    {REQUISITE_OGRNIP, "1026605606620", "Entered: 13."},
    {REQUISITE_KPP, "77a001001", "places 5 and 6"},
    {REQUISITE_KPP, "000001001", "tax office"},
    {REQUISITE_PHONE, "+375291234567", "+7"},
    {REQUISITE_PHONE, "345-67-89", "Entered: 7."},
    {REQUISITE_PHONE, "8912345678", "11 digits. Entered: 10."},
    {REQUISITE_MOBILE, "74950000001", "with a 9."},
    {REQUISITE_EMAIL, "ivanov", "one sign @"},
    {REQUISITE_EMAIL, "иванов@example.com", "in place 1 (и)"},
    {REQUISITE_EMAIL, "ivanov@localhost", "after the @"},
    {REQUISITE_BIRTH_DATE, "31.02.1980", "calendar"},
    {REQUISITE_BIRTH_DATE, "31.12.80", "like 31.12.1980"},
};

static void check_sentences(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct requisite_asked asked = {.kind = rows[i].kind};
        const char *why = requisite_text_refuse(rows[i].text, &asked);

        print_message("%s: %s\n", rows[i].text, why != NULL ? why : "");
        assert_int_equal(why == NULL, rows[i].says == NULL);
        if (why != NULL)
            assert_non_null(strstr(why, rows[i].says));
    }
}

static void check_empty(void **state)
{
    struct requisite_asked asked = {.kind = REQUISITE_EMAIL,
                                    .may_be_empty = true};

    (void)state;
    assert_null(requisite_text_refuse("", &asked));
    assert_string_equal(asked.kept, "");
    assert_non_null(requisite_text_refuse(" ", &asked));
}

/* Whatever is wrong, there is a sentence for it, and one that ends. */
static void check_all(void **state)
{
    (void)state;
    for (int kind = 0; kind < REQUISITE_COUNT; kind++) {
        assert_true(requisite_text_label((enum requisite)kind)[0] != '\0');
        for (int flaw = 1; flaw < REQUISITE_FLAWS; flaw++) {
            const struct requisite_finding finding = {(enum requisite_flaw)flaw,
                                                      0, 1};
            const struct text_line line =
                requisite_text_flaw((enum requisite)kind, "1", 1, &finding);
            const size_t size = strlen(line.text);

            if (flaw == REQUISITE_CHARACTER || flaw == REQUISITE_LENGTH)
                assert_true(size > 0);
            if (size > 0)
                assert_int_equal(line.text[size - 1], '.');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_sentences),
        cmocka_unit_test(check_empty),
        cmocka_unit_test(check_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
