#include "client/batch/run/moments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROWS = 1000 };

static void the_earliest_comes_first(void **state)
{
    struct moments *moments = moments_new(4);
    const int64_t at[] = {40, 10, 30, 20};

    (void)state;
    assert_non_null(moments);
    assert_null(moments_first(moments));
    for (uint32_t i = 0; i < 4; i++)
        moments_add(moments, at[i], i, i == 3);
    for (int64_t i = 1; i <= 4; i++) {
        const struct moment *first = moments_first(moments);

        assert_int_equal(first->at, 10 * i);
        assert_int_equal(first->looks, i == 2);
        assert_int_equal(moments_take(moments).at, 10 * i);
    }
    assert_null(moments_first(moments));
    moments_free(&moments);
    assert_null(moments);
}

static void of_one_moment_they_come_as_they_came(void **state)
{
    struct moments *moments = moments_new(ROWS);

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++)
        moments_add(moments, i % 3, i, false);
    for (int64_t at = 0; at < 3; at++)
        for (uint32_t row = (uint32_t)at; row < ROWS; row += 3)
            assert_int_equal(moments_take(moments).row, row);
    assert_null(moments_first(moments));
    moments_free(&moments);
}

/* What is added and taken in turn is always in order. */
static void they_come_and_go(void **state)
{
    struct moments *moments = moments_new(ROWS);
    int64_t last = INT64_MIN;
    uint32_t random = 1;

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++) {
        random = random * 1103515245 + 12345;
        moments_add(moments, (int64_t)(random >> 16) - 32768, i, false);
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        const struct moment one = moments_take(moments);

        assert_true(one.at >= last);
        last = one.at;
        if (i % 2 == 0) { /* and once more, later */
            random = random * 1103515245 + 12345;
            moments_add(moments, last + (random >> 16), one.row, false);
        }
    }
    assert_non_null(moments_first(moments));
    moments_free(&moments);
}

static void there_are_none(void **state)
{
    struct moments *moments = moments_new(0);

    (void)state;
    assert_null(moments_first(moments));
    moments_free(&moments);
    assert_null(moments_new(SIZE_MAX / 2));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_comes_first),
        cmocka_unit_test(of_one_moment_they_come_as_they_came),
        cmocka_unit_test(they_come_and_go),
        cmocka_unit_test(there_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
