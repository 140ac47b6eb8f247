#include "client/batch/run/fetching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What the command came to, row after row: + gave a code, - failed. */
static void it_is_over_after_three_failures_in_a_row(void **state)
{
    static const struct {
        const char *rows;
        bool over;
    } cases[] = {
        {"", false},
        {"-", false},
        {"--", false},
        {"+--", false},
        {"--+--+--+", false},
        {"-+-+-+-+-+-", false},
        {"---", true},
        {"+---", true},
        {"--+---", true},
        {"-----", true},
        /* A code that was on its way then changes nothing. */
        {"---+", true},
        {"---+++-", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetching fetching = {.over = false};

        for (const char *at = cases[i].rows; *at != '\0'; at++)
            fetching_note(&fetching, *at == '+');
        assert_int_equal(fetching_is_over(&fetching), cases[i].over);
    }
}

static void it_is_said_why(void **state)
{
    char why[512], little[10];

    (void)state;
    fetching_why(why, sizeof(why));
    assert_non_null(strstr(why, "failed three times in a row"));
    fetching_why(little, sizeof(little));
    assert_string_equal(little, "The comma");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_over_after_three_failures_in_a_row),
        cmocka_unit_test(it_is_said_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
