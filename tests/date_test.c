#include "api/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *text;
    long long at; /* -1: no such time */
} rfc3339[] =
    {
        {"1970-01-01T00:00:00Z", 0},
        {"2025-03-01T09:30:00Z", 1740821400},
        {"2025-03-01T09:30:00.5Z", 1740821400},
        {"2025-03-01T09:30:00.999999999Z", 1740821400},
        {"2024-02-29T23:59:59Z", 1709251199},
        {"2000-02-29T00:00:00Z", 951782400},
        {"2016-12-31T23:59:60Z", 1483228799},
        {"2038-01-19T03:14:08Z", 2147483648},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"1969-12-31T23:59:59Z", -1},
        {"0000-01-01T00:00:00Z", -1},
        {"2025-02-29T00:00:00Z", -1},
        {"2100-02-29T00:00:00Z", -1},
        {"2025-04-31T00:00:00Z", -1},
        {"2025-00-01T00:00:00Z", -1},
        {"2025-13-01T00:00:00Z", -1},
        {"2025-01-00T00:00:00Z", -1},
        {"2025-01-32T00:00:00Z", -1},
        {"2025-01-01T24:00:00Z", -1},
        {"2025-01-01T00:60:00Z", -1},
        {"2025-01-01T00:00:60Z", -1},
        {"2025-01-01T23:59:61Z", -1},
        {"2025-01-01T23:58:60Z", -1},
        {"2025-03-01T09:30:00.Z", -1},
        {"2025-03-01T09:30:00.1234567890Z", -1},
        {"2025-03-01T09:30:00,5Z", -1},
        {"2025-03-01T09:30:00", -1},
        {"2025-03-01T09:30:00z", -1},
        {"2025-03-01t09:30:00Z", -1},
        {"2025-03-01 09:30:00Z", -1},
        {"2025-03-01T09:30Z", -1},
        {"2025-03-01T09:30:00+00:00", -1},
        {"2025-03-01T12:30:00+03:00", -1},
        {"2025-03-01T09:30:00ZZ", -1},
        {" 2025-03-01T09:30:00Z", -1},
        {"2025-03-01T09:30:00Z ", -1},
        {"2025-03-1T09:30:00Z", -1},
        {"25-03-01T09:30:00Z", -1},
        {"12025-03-01T09:30:00Z", -1},
        {"-025-03-01T09:30:00Z", -1},
        {"2025-03-01", -1},
        {"20250301T093000Z", -1},
        {"", -1},
        {"Z", -1},
},
  imf[] = {
      {"Sat, 01 Mar 2025 09:30:00 GMT", 1740821400},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
      {"Sun, 01 Mar 2025 09:30:00 GMT", -1}, /* it was a Saturday */
      {"Foo, 01 Mar 2025 09:30:00 GMT", -1},
      {"sat, 01 mar 2025 09:30:00 gmt", -1},
      {"Sat, 01 Mrz 2025 09:30:00 GMT", -1},
      {"Sat, 1 Mar 2025 09:30:00 GMT", -1},
      {"Sat, 01 Mar 2025 09:30:00 UTC", -1},
      {"Sat, 01 Mar 2025 09:30:00 +0000", -1},
      {"Sat, 01 Mar 2025 09:30:00", -1},
      {"Sat, 01 Mar 2025 9:30:00 GMT", -1},
      {"Sat, 01 Mar 2025 25:30:00 GMT", -1},
      {"Sat, 01 Mar 2025 09:61:00 GMT", -1},
      {"Sat, 30 Feb 2025 09:30:00 GMT", -1},
      {"Sat, 00 Mar 2025 09:30:00 GMT", -1},
      {"Sat, 01 Mar 25 09:30:00 GMT", -1},
      {"Sat, 01 Mar 2025 09:30:00 GMT ", -1},
      {" Sat, 01 Mar 2025 09:30:00 GMT", -1},
      {"Sunday, 06-Nov-94 08:49:37 GMT", -1}, /* RFC 850 */
      {"Sun Nov  6 08:49:37 1994", -1},       /* asctime */
      {"1740821400", -1},
      {"", -1},
};

static void reads_rfc3339(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc3339 / sizeof *rfc3339; i++) {
        time_t at = -1;
        int result = date_rfc3339(rfc3339[i].text, &at);

        if (result != (rfc3339[i].at < 0 ? -1 : 0) ||
            (result == 0 && at != rfc3339[i].at))
            fail_msg("\"%s\": %d, %lld", rfc3339[i].text, result,
                     (long long)at);
    }
}

static void reads_imf(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof imf / sizeof *imf; i++) {
        time_t at = -1;
        int result = date_imf(imf[i].text, &at);

        if (result != (imf[i].at < 0 ? -1 : 0) ||
            (result == 0 && at != imf[i].at))
            fail_msg("\"%s\": %d, %lld", imf[i].text, result, (long long)at);
    }
}

/* UTC whatever the time zone of the person. */
static void knows_no_zone(void **state)
{
    time_t at;

    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Kamchatka", 1), 0);
    tzset();
    assert_int_equal(date_rfc3339("2025-03-01T09:30:00Z", &at), 0);
    assert_int_equal(at, 1740821400);
    assert_int_equal(date_imf("Sat, 01 Mar 2025 09:30:00 GMT", &at), 0);
    assert_int_equal(at, 1740821400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rfc3339),
        cmocka_unit_test(reads_imf),
        cmocka_unit_test(knows_no_zone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
