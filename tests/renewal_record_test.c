#include "client/renewal/renewal_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void fields_are_set_and_cleared(void **state)
{
    struct record record = {.failed = false};

    (void)state;
    for (int i = 0; i < RECORD_FIELDS; i++) {
        assert_null(record_get(&record, (enum record_field)i));
        record_set(&record, (enum record_field)i,
                   record_column((enum record_field)i));
    }
    for (int i = 0; i < RECORD_FIELDS; i++)
        assert_string_equal(record_get(&record, (enum record_field)i),
                            record_column((enum record_field)i));
    record_set(&record, RECORD_PHONE, record_get(&record, RECORD_PHONE));
    assert_string_equal(record_get(&record, RECORD_PHONE), "phone");
    record_set(&record, RECORD_PHONE, NULL);
    assert_null(record_get(&record, RECORD_PHONE));
    record_free(&record);
    for (int i = 0; i < RECORD_FIELDS; i++)
        assert_null(record_get(&record, (enum record_field)i));
}

static void columns_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < RECORD_FIELDS; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(record_column((enum record_field)i),
                                    record_column((enum record_field)j));
}

/* A time that is none is no time: nobody computes with it. */
static void times_are_bounded(void **state)
{
    static const struct {
        const char *text;
        time_t time;
    } rows[] = {
        {"0", 0},
        {"1751328000", 1751328000},
        {"253402300799", 253402300799},
        {"253402300800", 0},
        {"9223372036854775807", 0},
        {"99999999999999999999999", 0},
        {"-1", 0},
        {"-9223372036854775808", 0},
        {"", 0},
        {"tomorrow", 0},
    };
    struct record record = {.failed = false};

    (void)state;
    assert_int_equal(record_time(&record, RECORD_CREATED), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        record_set(&record, RECORD_CREATED, rows[i].text);
        assert_true(record_time(&record, RECORD_CREATED) == rows[i].time);
    }
    record_set_time(&record, RECORD_CREATED, 1751328000);
    assert_string_equal(record_get(&record, RECORD_CREATED), "1751328000");
    record_free(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_set_and_cleared),
        cmocka_unit_test(columns_are_unique),
        cmocka_unit_test(times_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
