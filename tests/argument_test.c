#include "api/sandbox/argument.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct wish {
    const char *word;
    long number;
    struct argument_list list;
    bool help;
};

static const struct argument rows[] = {
    {"word", ARGUMENT_TEXT, offsetof(struct wish, word), "W", "w", 0, 0},
    {"number", ARGUMENT_NUMBER, offsetof(struct wish, number), "N", "n", -1,
     10},
    {"list", ARGUMENT_LIST, offsetof(struct wish, list), "L", "l", 0, 0},
    {"help", ARGUMENT_HELP, offsetof(struct wish, help), NULL, "h", 0, 0},
};

enum { ROWS = sizeof rows / sizeof *rows, WORDS = 24 };

/* The words of a line, parsed; at most one may be left over. */
static int parse(const char *line, struct wish *wish, char ***rest)
{
    static char copy[256];
    static char *words[WORDS];
    int count = 0;

    *wish = (struct wish){.number = 7};
    assert_true(strlen(line) < sizeof copy);
    memcpy(copy, line, strlen(line) + 1);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        assert_true(count < WORDS);
        words[count++] = word;
    }
    return argument_parse(rows, ROWS, count, words, wish, rest, 1);
}

static void good_lines(void **state)
{
    struct wish wish;
    char **rest;

    (void)state;
    assert_int_equal(parse("x", &wish, &rest), 0);
    assert_null(wish.word);
    assert_int_equal(wish.number, 7);
    assert_int_equal(
        parse("x --word a --number -1 --list b --list c rest", &wish, &rest),
        1);
    assert_string_equal(wish.word, "a");
    assert_int_equal(wish.number, -1);
    assert_int_equal(wish.list.count, 2);
    assert_string_equal(wish.list.text[1], "c");
    assert_string_equal(rest[0], "rest");
    assert_false(wish.help);
    assert_int_equal(parse("x --help --number=10", &wish, &rest), 0);
    assert_true(wish.help);
    assert_int_equal(wish.number, 10);
    assert_int_equal(parse("x -- --word", &wish, &rest), 1);
    assert_string_equal(rest[0], "--word");
}

static void bad_lines(void **state)
{
    static const char *const lines[] = {
        "x --nothing",
        "x -w a",
        "x --word",
        "x --help=yes",
        "x --number 11",
        "x --number -2",
        "x --number 1x",
        "x --number x",
        "x --number=",
        "x --number 99999999999999999999999",
        "x a b",
        "x --list a --list a --list a --list a --list a --list a --list a "
        "--list a --list a",
    };
    struct wish wish;
    char **rest;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (parse(lines[i], &wish, &rest) != -1)
            fail_msg("taken: %s", lines[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lines),
        cmocka_unit_test(bad_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
