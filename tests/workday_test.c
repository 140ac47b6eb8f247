#include "client/workday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static time_t moment(const char *text)
{
    struct tm tm = {.tm_isdst = -1};

    assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
    return mktime(&tm);
}

static const char *shown(time_t time)
{
    static char text[32];
    struct tm tm;

    strftime(text, sizeof text, "%Y-%m-%d %H:%M", localtime_r(&time, &tm));
    return text;
}

/* rule_74 */
static void the_term_ends_with_a_working_day(void **state)
{
    static const struct {
        const char *since;
        unsigned days;
        const char *end;
    } rows[] = {
        {"2026-11-23 00:00", 3, "2026-11-27 00:00"}, /* Monday to Thursday */
        {"2026-11-23 23:59", 3, "2026-11-27 00:00"},
        {"2026-11-24 12:00", 3, "2026-11-28 00:00"}, /* to Friday */
        {"2026-11-25 12:00", 3, "2026-12-01 00:00"}, /* over the week-end */
        {"2026-11-27 12:00", 3, "2026-12-03 00:00"},
        {"2026-11-28 12:00", 3, "2026-12-03 00:00"}, /* from a Saturday */
        {"2026-11-29 12:00", 3, "2026-12-03 00:00"}, /* from a Sunday */
        {"2026-11-30 00:00", 3, "2026-12-04 00:00"},
        {"2026-11-27 12:00", 1, "2026-12-01 00:00"},
        {"2026-11-27 12:00", 0, "2026-11-28 00:00"},
        {"2026-12-30 12:00", 3, "2027-01-13 00:00"}, /* over the new year */
        {"2027-01-01 12:00", 1, "2027-01-12 00:00"},
        {"2026-02-20 12:00", 1, "2026-02-25 00:00"}, /* 23 Feb. is Monday */
        {"2027-03-05 12:00", 1, "2027-03-10 00:00"}, /* 8 March too */
        {"2026-04-30 12:00", 1, "2026-05-05 00:00"}, /* 1 May is Friday */
        {"2029-05-08 12:00", 1, "2029-05-11 00:00"},
        {"2026-06-11 12:00", 1, "2026-06-16 00:00"},
        {"2026-11-03 12:00", 1, "2026-11-06 00:00"},
        {"2028-02-28 12:00", 1, "2028-03-01 00:00"}, /* a leap year */
        /* the clock is changed */
        {"2027-03-26 12:00", 1, "2027-03-30 00:00"},
        {"2027-10-29 12:00", 1, "2027-11-02 00:00"},
        /* the working days around each holiday */
        {"2028-12-31 12:00", 1, "2029-01-10 00:00"},
        {"2029-01-05 12:00", 1, "2029-01-10 00:00"},
        {"2029-01-08 12:00", 1, "2029-01-10 00:00"},
        {"2029-02-21 12:00", 1, "2029-02-23 00:00"},
        {"2028-02-22 12:00", 1, "2028-02-25 00:00"},
        {"2029-03-06 12:00", 1, "2029-03-08 00:00"},
        {"2029-03-07 12:00", 1, "2029-03-10 00:00"},
        {"2029-04-29 12:00", 1, "2029-05-01 00:00"},
        {"2029-04-30 12:00", 1, "2029-05-03 00:00"},
        {"2029-05-07 12:00", 1, "2029-05-09 00:00"},
        {"2029-06-10 12:00", 1, "2029-06-12 00:00"},
        {"2029-06-11 12:00", 1, "2029-06-14 00:00"},
        {"2027-11-02 12:00", 1, "2027-11-04 00:00"},
        {"2027-11-03 12:00", 1, "2027-11-06 00:00"},
        {"2029-12-30 12:00", 1, "2030-01-01 00:00"},
    };
    static const char *const zones[] = {"UTC", "Europe/Moscow",
                                        "Asia/Kamchatka", "Europe/Berlin"};

    (void)state;
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
        assert_int_equal(setenv("TZ", zones[z], 1), 0);
        tzset();
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            assert_string_equal(
                shown(workday_after(moment(rows[i].since), rows[i].days)),
                rows[i].end);
    }
}

/* A journal can have any number in it. */
static void beyond_the_calendar_there_is_no_term(void **state)
{
    static const int64_t moments[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1};

    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        assert_true(workday_after(moments[i], 3) == moments[i]);
    assert_true(workday_after(0, 3) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_term_ends_with_a_working_day),
        cmocka_unit_test(beyond_the_calendar_there_is_no_term),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
