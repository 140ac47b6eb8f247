#include "token/file/folder_name.h"

#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_name_valid(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } names[] = {
        {"abcd1234.000", true},   {"a.000", true},     {"0.999", true},
        {"abcd12345.000", false}, {".000", false},     {"abcd.00", false},
        {"abcd.0000", false},     {"Abcd.000", false}, {"abcd.00a", false},
        {"abcd", false},          {"", false},         {"a/b.000", false},
        {"../a.000", false},      {"a.000/", false},   {"a.000\n", false},
        {"le-09650.000", false},  {"a.b.000", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(folder_name_valid(names[i].name), names[i].valid);
}

static void test_choose(void **state)
{
    static const struct {
        const char *wanted;
        unsigned n;
        const char *chosen; /* NULL: an invented one */
    } rows[] = {
        {"abcd1234.000", 0, "abcd1234.000"},
        {"abcd1234.000", 1, "abcd1234.001"},
        {"abcd1234.007", 2, "abcd1234.002"},
        {"abcd1234.000", 999, "abcd1234.999"},
        {"abcd1234.000", 1000, NULL},
        {"0A00", 0, "0A00"},
        {"0A00", 1, NULL},
        {"a.0000", 1, NULL},
        {NULL, 0, NULL},
        {NULL, 5, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char folder[CONTAINER_FOLDER_MAX], other[CONTAINER_FOLDER_MAX];

        assert_int_equal(folder_name_choose("file:/x", rows[i].wanted, NULL,
                                            rows[i].n, folder),
                         FAULT_NONE);
        if (rows[i].chosen != NULL) {
            assert_string_equal(folder, rows[i].chosen);
            continue;
        }
        assert_true(folder_name_valid(folder));
        folder_name_invent(other);
        assert_true(folder_name_valid(other));
        assert_string_not_equal(folder, other);
    }
}

static void test_refused(void **state)
{
    char folder[CONTAINER_FOLDER_MAX], wanted[CONTAINER_FOLDER_MAX + 1];

    (void)state;
    assert_int_equal(
        folder_name_choose("file:/x", NULL, algorithm_by_word(NULL), 0, folder),
        FAULT_NOT_RESIDENT);
    memset(wanted, 'a', CONTAINER_FOLDER_MAX);
    wanted[CONTAINER_FOLDER_MAX] = '\0';
    assert_int_equal(folder_name_choose("file:/x", wanted, NULL, 0, folder),
                     FAULT_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_valid),
        cmocka_unit_test(test_choose),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
