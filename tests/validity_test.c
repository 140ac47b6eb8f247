#include "token/container/validity.h"

#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

#define OID "06082A8503020225030A"

/* "20250606132158Z", as in a genuine container. */
#define GENUINE "301F" OID "0413 3011 810F 32303235303630363133323135385A"

static const struct row {
    const char *what, *list;
    bool good;
    time_t time;
} rows[] = {
    {"nothing", "", true, 0},
    {"genuine", GENUINE, true, 1749216118},
    {"others before and behind",
     "3008 0603550401 0401FF" GENUINE "300B 0603550402 0101FF 0401FF", true,
     1749216118},
    {"critical",
     "3022" OID "0101FF 0413 3011 810F"
     "32303235303630363133323135385A",
     true, 1749216118},
    {"a beginning alone",
     "301F" OID "0413 3011 800F 32303235303630363133323135385A", true, 0},
    {"neither", "300E" OID "0402 3000", true, 0},
    {"parts of a second",
     "3021" OID "0415 3013 8111 32303235303630363133323135382E355A", true,
     1749216118},
    {"not a sequence", "0400", false, 0},
    {"a value that is no sequence", "300E" OID "0402 0400", false, 0},
    {"something behind the period",
     "3021" OID "0415 3011 810F 32303235303630363133323135385A 0500", false, 0},
    {"something behind the value",
     "3021" OID "0413 3011 810F 32303235303630363133323135385A 0500", false, 0},
    {"no Z", "301E" OID "0412 3010 810E 3230323530363036313332313538", false,
     0},
    {"an offset",
     "3023" OID "0417 3015 8113"
     "32303235303630363133323135382B30333030",
     false, 0},
    {"a letter", "301F" OID "0413 3011 810F 32303235303630363133323161385A",
     false, 0},
    {"month 13", "301F" OID "0413 3011 810F 32303235313330363133323135385A",
     false, 0},
    {"month 0", "301F" OID "0413 3011 810F 32303235303030363133323135385A",
     false, 0},
    {"hour 24", "301F" OID "0413 3011 810F 32303235303630363234323135385A",
     false, 0},
    {"empty time", "3010" OID "0404 3002 8100", false, 0},
    {"cut off", "301F" OID "0413 3011 810F 3230", false, 0},
};

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes list;
        struct der window;
        time_t time = 1;

        print_message("# %s\n", rows[i].what);
        bytes_init(&list, 1000);
        hex_put(&list, rows[i].list);
        window = (struct der){list.data, list.size};
        assert_int_equal(validity_read(&window, &time), rows[i].good);
        if (rows[i].good)
            assert_int_equal(time, rows[i].time);
        bytes_free(&list);
    }
}

static void test_put(void **state)
{
    static const time_t times[] = {1, 1749216118, 4102444800, 253402300799};
    struct bytes out, expected;

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct der in, list;
        time_t time;

        bytes_init(&out, 1000);
        validity_put(&out, times[i]);
        assert_false(out.failed);
        in = (struct der){out.data, out.size};
        assert_true(der_read(&in, 0xAC, &list));
        assert_true(validity_read(&list, &time));
        assert_int_equal(time, times[i]);
        bytes_free(&out);
    }
    bytes_init(&out, 1000);
    bytes_init(&expected, 1000);
    hex_put(&expected, "AC21" GENUINE);
    validity_put(&out, 1749216118);
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, out.size);
    validity_put(&out, 253402300800); /* year 10000 */
    assert_true(out.failed);
    bytes_free(&out);
    bytes_free(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
