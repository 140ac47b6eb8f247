#include "client/batch/run/telephone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_number_is_its_digits(void **state)
{
    static const struct {
        const char *text;
        uint64_t number;
        unsigned digits;
    } rows[] = {
        {NULL, 0, 0},
        {"", 0, 0},
        {"abc", 0, 0},
        {"+", 0, 0},
        {"0", 0, 1},
        {"0001", 1, 4},
        {"79120000001", 79120000001U, 11},
        {"+7 (912) 000-00-01", 79120000001U, 11},
        {"00000", 0, 5},
        {"123456789012345", 123456789012345U, 15},
        {"9123456789012345", 123456789012345U, 15},
        {"99999999999999999999999999999999999999990000000000000001", 1, 15},
        {"7\xd9\xa1", 7, 1}, /* digits of another script */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct telephone telephone = telephone_of(rows[i].text);

        assert_int_equal(telephone.number, rows[i].number);
        assert_int_equal(telephone.digits, rows[i].digits);
    }
}

static void those_that_may_be_one_meet(void **state)
{
    static const struct {
        const char *one, *other;
        bool meet, ends_meet;
    } rows[] = {
        {"79120000001", "79120000001", true, true},
        {"79120000001", "79130000001", false, true},
        {"79120000001", "79120000002", false, false},
        {"79120000001", "0001", true, true},
        {"79120000001", "0002", false, false},
        {"79120000001", "1001", false, false},
        {"0001", "0001", true, true},
        {"0001", "1000", false, false},
        {"0000", "79120000000", true, true},
        {"9120000001", "79120000001", true, true},
        {"79120010001", "0001", true, true},
        {"79120010001", "79120000001", false, true},
        {"1", "0001", true, true},
        {"", "79120000001", false, false},
        {"", "", false, false},
        {"", "0000", false, false},
        {NULL, "0", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct telephone one = telephone_of(rows[i].one);
        const struct telephone other = telephone_of(rows[i].other);

        assert_int_equal(telephone_meets(one, other), rows[i].meet);
        assert_int_equal(telephone_meets(other, one), rows[i].meet);
        assert_int_equal(
            telephone_meets(telephone_end(one), telephone_end(other)),
            rows[i].ends_meet);
        assert_int_equal(telephone_meets(telephone_end(one), other),
                         rows[i].ends_meet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_its_digits),
        cmocka_unit_test(those_that_may_be_one_meet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
