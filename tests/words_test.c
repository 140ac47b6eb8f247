#include "client/program/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static void test_split(void **state)
{
    static const struct {
        const char *command;
        const char *argv[6];
    } rows[] = {
        {"code", {"code"}},
        {"  code\t-v  ", {"code", "-v"}},
        {"code 'a b' c", {"code", "a b", "c"}},
        {"code \"a b\" c", {"code", "a b", "c"}},
        {"a'b c'd", {"ab cd"}},
        {"a'b'\"c\"d", {"abcd"}},
        {"''", {""}},
        {"a \"\" b", {"a", "", "b"}},
        {"a\\ b c", {"a b", "c"}},
        {"\\'a", {"'a"}},
        {"'a\\'", {"a\\"}},
        {"\"a\\\"b\"", {"a\"b"}},
        {"\"a\\\\b\"", {"a\\b"}},
        {"\"a\\b\"", {"a\\b"}},
        {"'\"'", {"\""}},
        {"\"'\"", {"'"}},
        {"a $HOME `id` *;|&>x", {"a", "$HOME", "`id`", "*;|&>x"}},
        {"/opt/код --номер=1", {"/opt/код", "--номер=1"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct words words;
        size_t count = 0;

        assert_int_equal(words_split(rows[i].command, &words), WORDS_OK);
        for (; rows[i].argv[count] != NULL; count++)
            assert_string_equal(words.argv[count], rows[i].argv[count]);
        assert_int_equal(words.count, count);
        assert_null(words.argv[count]);
        words_free(&words);
        assert_null(words.argv);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *command;
        enum words_result result;
    } rows[] = {
        {"", WORDS_NONE},
        {" \t ", WORDS_NONE},
        {"'", WORDS_QUOTE},
        {"a \"b", WORDS_QUOTE},
        {"a 'b\"", WORDS_QUOTE},
        {"\"a\\\"", WORDS_QUOTE},
        {"\"a\\", WORDS_QUOTE},
        {"\\", WORDS_BACKSLASH},
        {"a b\\", WORDS_BACKSLASH},
        {"a\nb", WORDS_CONTROL},
        {"'a\033b'", WORDS_CONTROL},
        {"a\x7F", WORDS_CONTROL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct words words;

        assert_int_equal(words_split(rows[i].command, &words), rows[i].result);
        assert_null(words.argv);
        assert_int_equal(words.count, 0);
        words_free(&words);
    }
}

static void test_bounds(void **state)
{
    char command[WORDS_BYTES + 2] = "";
    struct words words;

    (void)state;
    memset(command, 'a', WORDS_BYTES);
    assert_int_equal(words_split(command, &words), WORDS_OK);
    assert_int_equal(strlen(words.argv[0]), WORDS_BYTES);
    words_free(&words);
    command[WORDS_BYTES] = 'a';
    assert_int_equal(words_split(command, &words), WORDS_TOO_LONG);

    memset(command, 0, sizeof(command));
    for (size_t i = 0; i < WORDS_MAX; i++)
        memcpy(command + 2 * i, "a ", 2);
    assert_int_equal(words_split(command, &words), WORDS_OK);
    assert_int_equal(words.count, WORDS_MAX);
    assert_null(words.argv[WORDS_MAX]);
    words_free(&words);
    command[2 * (size_t)WORDS_MAX] = 'b';
    assert_int_equal(words_split(command, &words), WORDS_TOO_MANY);
}

static void test_quote(void **state)
{
    static const char *const rows[] = {"", "a", "a b", "'", "it's 'x'\\\" $z"};
    char inner[128], command[160];
    struct words words;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        words_quote(inner, sizeof(inner), rows[i]);
        snprintf(command, sizeof(command), "x '%s'", inner);
        assert_int_equal(words_split(command, &words), WORDS_OK);
        assert_int_equal(words.count, 2);
        assert_string_equal(words.argv[1], rows[i]);
        words_free(&words);
    }
    assert_string_equal(words_quote(inner, 5, "a'b"), "a");
    assert_string_equal(words_quote(inner, 6, "a'b"), "a'\\''");
    assert_string_equal(words_quote(inner, 1, "a"), "");
}

static void test_every_failure_has_a_sentence(void **state)
{
    (void)state;
    for (int i = WORDS_OK; i <= WORDS_MEMORY; i++)
        assert_true(strlen(words_sentence((enum words_result)i)) > 10);
    assert_string_equal(words_sentence((enum words_result)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_every_failure_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
