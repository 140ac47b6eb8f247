#include "keygen/elsewhere.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* A value of a name is its own; this one lives until the fourth after it. */
static char *some(const char *text)
{
    static char kept[4][64];
    static unsigned next;
    char *value = kept[next++ % 4];

    if (text == NULL)
        return NULL;
    snprintf(value, sizeof kept[0], "%s", text);
    return value;
}

/* rule_6 */
static void region_and_issuer_together_decide(void **state)
{
    static const struct {
        const char *state, *issuer, *organization;
        bool elsewhere;
    } rows[] = {
        {"78 г. Санкт-Петербург", "ФГУП ЦентрИнформ", NULL, true},
        {"47 Ленинградская область", "УЦ", "ФГУП \"ЦЕНТРИНФОРМ\"", true},
        {"78 Санкт-Петербург", "центринформ", NULL, true},
        {"78 Санкт-Петербург", "УЦ Контур", "СКБ Контур", false},
        {"66 Свердловская область", "ФГУП ЦентрИнформ", NULL, false},
        {"077 Москва", "ФГУП ЦентрИнформ", NULL, false},
        {"Санкт-Петербург", "ФГУП ЦентрИнформ", NULL, false},
        {"781 Санкт-Петербург", "ФГУП ЦентрИнформ", NULL, false},
        {"7", "ФГУП ЦентрИнформ", NULL, false},
        {"", "ФГУП ЦентрИнформ", NULL, false},
        {NULL, "ФГУП ЦентрИнформ", NULL, false},
        {"78 Санкт-Петербург", NULL, NULL, false},
        {"78 Санкт-Петербург", "ЦентрИнфор", "", false},
        {"78 Санкт-Петербург", "\xFF\xFEЦентрИнформ", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct name subject = {
            .value = {[NAME_STATE] = some(rows[i].state)}};
        const struct name issuer = {
            .value = {[NAME_COMMON_NAME] = some(rows[i].issuer),
                      [NAME_ORGANIZATION] = some(rows[i].organization)}};

        if (elsewhere_renewed(&subject, &issuer) != rows[i].elsewhere)
            fail_msg("row %zu", i);
    }
}

static void regions_are_two_digits(void **state)
{
    static const struct {
        const char *state;
        int region;
    } rows[] = {{"66 Свердловская", 66},
                {"01", 1},
                {"6 а", -1},
                {"123", -1},
                {"", -1},
                {NULL, -1}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct name subject = {
            .value = {[NAME_STATE] = some(rows[i].state)}};

        assert_int_equal(elsewhere_region(&subject), rows[i].region);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(region_and_issuer_together_decide),
        cmocka_unit_test(regions_are_two_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
