#include "client/making/whereabouts.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct whereabouts places;
static char *dir;

static int begin(void **state)
{
    (void)state;
    dir = scratch_new();
    setenv("XDG_DATA_HOME", dir, 1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    whereabouts_free(&places);
    scratch_remove(&dir);
    return 0;
}

/* rule_56 */
static void this_computer_is_always_there(void **state)
{
    (void)state;
    assert_int_equal(whereabouts_find(&places, NULL), FAULT_NONE);
    assert_in_range(places.count, 1, WHEREABOUTS_MAX);
    assert_string_equal(places.found[places.count - 1].location, "local:");
    assert_string_equal(places.found[places.count - 1].label, "this computer");
}

/* rule_60 */
static void where_the_former_key_is_comes_first(void **state)
{
    char former[600];

    (void)state;
    snprintf(former, sizeof former, "file:%s/abcd1234.000", dir);
    assert_int_equal(whereabouts_find(&places, former), FAULT_NONE);
    assert_int_equal(strncmp(places.found[0].location, "file:", 5), 0);
    assert_non_null(strstr(places.found[0].location, dir));
    assert_non_null(strstr(places.found[0].label, dir));
}

/* A drive that was taken out is no place, and damaged words are none. */
static void one_that_is_not_there_is_left_out(void **state)
{
    static const char *const formers[] = {
        "file:/nowhere/at/all/a.000", "", "nowhere:x", "rutoken:", "file:",
        "file:/\033[2J/a.000"};

    (void)state;
    for (size_t i = 0; i < sizeof formers / sizeof *formers; i++) {
        assert_int_equal(whereabouts_find(&places, formers[i]), FAULT_NONE);
        for (size_t j = 0; j < places.count; j++)
            assert_null(strstr(places.found[j].label, "former"));
        whereabouts_free(&places);
    }
}

int main(void)
{
#define PLACES(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        PLACES(this_computer_is_always_there),
        PLACES(where_the_former_key_is_comes_first),
        PLACES(one_that_is_not_there_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
