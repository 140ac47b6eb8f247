#include "keygen/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROW(bytes) bytes, sizeof bytes - 1

/* Times of the good ones are those of "date -u -d … +%s". */
static const struct {
    const char *der;
    size_t size;
    long long when;
    bool good, canonical;
} rows[] = {
    {ROW("\x17\x0D"
         "231114221320Z"),
     1700000000, true, true},
    {ROW("\x17\x0D"
         "491231235959Z"),
     2524607999, true, true},
    {ROW("\x17\x0D"
         "500101000000Z"),
     -631152000, true, true},
    {ROW("\x17\x0D"
         "240229120000Z"),
     1709208000, true, true},
    {ROW("\x18\x0F"
         "20500101000000Z"),
     2524608000, true, true},
    {ROW("\x18\x0F"
         "99991231235959Z"),
     253402300799, true, true},
    {ROW("\x18\x0F"
         "20231114221320Z"),
     1700000000, true, false},
    {ROW("\x17\x0D"
         "230229120000Z"),
     0, false, false}, /* no leap year */
    {ROW("\x17\x0D"
         "231314221320Z"),
     0, false, false}, /* month 13 */
    {ROW("\x17\x0D"
         "230014221320Z"),
     0, false, false}, /* month 0 */
    {ROW("\x17\x0D"
         "231100221320Z"),
     0, false, false}, /* day 0 */
    {ROW("\x17\x0D"
         "231114241320Z"),
     0, false, false}, /* hour 24 */
    {ROW("\x17\x0D"
         "231114226020Z"),
     0, false, false}, /* minute 60 */
    {ROW("\x17\x0D"
         "231114221360Z"),
     0, false, false}, /* second 60 */
    {ROW("\x17\x0B"
         "2311142213Z"),
     0, false, false}, /* no seconds */
    {ROW("\x17\x11"
         "231114221320+0300"),
     0, false, false},
    {ROW("\x17\x0D"
         "231114221320z"),
     0, false, false},
    {ROW("\x17\x0D"
         "-31114221320Z"),
     0, false, false},
    {ROW("\x17\x0D"
         "23111422132 Z"),
     0, false, false},
    {ROW("\x18\x11"
         "20231114221320.5Z"),
     0, false, false},
    {ROW("\x18\x0D"
         "231114221320Z"),
     0, false, false}, /* no century */
    {ROW("\x17\x0F"
         "20231114221320Z"),
     0, false, false},
    {ROW("\x17\x00"), 0, false, false},
    {ROW("\x17\x0D"
         "231114221320"),
     0, false, false}, /* cut off */
    {ROW("\x17\x0D"
         "231114221320Zx"),
     0, false, false},
    {ROW("\x04\x0D"
         "231114221320Z"),
     0, false, false}, /* another tag */
    {ROW(""), 0, false, false},
};

static void test_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct der in = {(const uint8_t *)rows[i].der, rows[i].size};
        struct bytes out;
        time_t when = 0;

        print_message("# row %zu\n", i);
        assert_int_equal(moment_read(&in, &when), rows[i].good);
        if (!rows[i].canonical)
            continue;
        assert_true(when == (time_t)rows[i].when);
        bytes_init(&out, 32);
        moment_put(&out, when);
        assert_false(out.failed);
        assert_int_equal(out.size, rows[i].size);
        assert_memory_equal(out.data, rows[i].der, out.size);
        bytes_free(&out);
    }
}

static void test_out_of_range(void **state)
{
    static const long long moments[] = {-631152001, 253402300800, INT64_MAX,
                                        INT64_MIN};

    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        struct bytes out;

        bytes_init(&out, 32);
        moment_put(&out, (time_t)moments[i]);
        assert_true(out.failed);
        assert_int_equal(out.size, 0);
        bytes_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_out_of_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
