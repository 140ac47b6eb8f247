/* Countries: some of each kind, and all that the system's table has. */
#include "client/request/country.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TABLE "/usr/share/zoneinfo/iso3166.tab"

static void there_are_these_and_no_others(void **state)
{
    static const struct {
        const char *code;
        bool exists;
    } rows[] = {
        {"RU", true},   {"BY", true},   {"AD", true},  {"ZW", true},
        {"AB", true},   {"OS", true},   {"ZZ", false}, {"XX", false},
        {"ru", false},  {"R", false},   {"", false},   {"RUS", false},
        {"U ", false},  {" R", false},  {"D ", false}, {"SU", false},
        {"EU", false},  {"UK", false},  {"AA", false}, {"  ", false},
        {"S Z", false}, {"Р У", false}, {"РУ", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (country_exists(rows[i].code, strlen(rows[i].code)) !=
            rows[i].exists)
            fail_msg("%s", rows[i].code);
    assert_false(country_exists("\0\0", 2));
}

/* By the file of another project, both ways. */
static void they_are_those_of_the_system(void **state)
{
    FILE *file = fopen(TABLE, "r");
    size_t listed = 0, known = 0;
    char line[256];

    (void)state;
    if (file == NULL) {
        print_message("skipped: no %s\n", TABLE);
        skip();
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '#')
            continue;
        listed++;
        if (!country_exists(line, 2))
            fail_msg("missing: %s", line);
    }
    fclose(file);
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            known += country_exists((const char[]){a, b}, 2);
    assert_int_equal(known, listed + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_these_and_no_others),
        cmocka_unit_test(they_are_those_of_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
