#include "client/screen/terminal.h"

#include "client/screen/prompt.h"
#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct prompt_line any_line = {.question = "What"};
static struct prompt_secret any_secret = {.question = "What"};
static struct prompt_code any_code = {.question = "What"};

static const struct {
    int (*body)(struct screen *, void *);
    void *data;
    const char *shown;
} kinds[] = {
    {asking_line, &any_line, "What: "},
    {asking_secret, &any_secret, "What: "},
    {asking_code, &any_code, "Code: "},
};

/* The program dies of the signal in the end, so that a shell sees it. */
static void test_signals(void **state)
{
    static const struct {
        const char *typed;
        int sent, died_of;
    } rows[] = {
        {"ab\x03", 0, SIGINT}, {"ab\x1C", 0, SIGQUIT}, {"ab", SIGTERM, SIGTERM},
        {"", SIGHUP, SIGHUP},  {"", SIGINT, SIGINT},   {"", SIGABRT, SIGABRT},

    };
    static struct pty pty;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        for (size_t kind = 0; kind < 3; kind++) {
            pty_start(&pty, kinds[kind].body, kinds[kind].data);
            assert_true(pty_expect(&pty, kinds[kind].shown));
            assert_true(kind == 0 || !pty_is_restored(&pty));
            pty_type(&pty, rows[i].typed);
            if (rows[i].sent != 0)
                kill(pty.child, rows[i].sent);
            assert_int_equal(pty_wait(&pty), 128 + rows[i].died_of);
            assert_true(pty_is_restored(&pty));
            pty_end(&pty);
        }
    }
}

static void test_hang_up(void **state)
{
    static struct pty pty;

    (void)state;
    for (size_t kind = 0; kind < 3; kind++) {
        pty_start(&pty, kinds[kind].body, kinds[kind].data);
        assert_true(pty_expect(&pty, kinds[kind].shown));
        pty_hang_up(&pty);
        assert_int_equal(pty_wait(&pty), 128 + SIGHUP);
    }
}

/* Without a SIGHUP it sees the error of the terminal. */
static int ask_deaf(struct screen *screen, void *data)
{
    size_t kind = *(const size_t *)data;

    signal(SIGHUP, SIG_IGN);
    return kinds[kind].body(screen, kinds[kind].data);
}

static void test_hang_up_unheard(void **state)
{
    static struct pty pty;
    static size_t kind;

    (void)state;
    for (kind = 0; kind < 3; kind++) {
        pty_start(&pty, ask_deaf, &kind);
        assert_true(pty_expect(&pty, kinds[kind].shown));
        pty_hang_up(&pty);
        assert_int_equal(pty_wait(&pty), PROMPT_SIGNAL);
    }
}

static void test_time_limit(void **state)
{
    static struct prompt_line line = {.question = "What", .seconds = 1};
    static struct prompt_secret secret = {.question = "What", .seconds = 1};
    static struct prompt_code code = {.question = "What", .seconds = 1};
    static const struct asking_row row = {"12", PROMPT_LATE, "", NULL};
    static const struct asking_row none = {"12", PROMPT_LATE, "-", NULL};

    (void)state;
    asking_try(&row, "What: ", asking_line, &line);
    asking_try(&none, "What: ", asking_secret, &secret);
    asking_try(&none, "What", asking_code, &code);
}

static void test_nobody(void **state)
{
    const struct screen_settings settings = {.never_ask = true};
    struct screen *screen = screen_new(&settings);
    const char *const items[] = {"a"};
    char answer[8], *secret = NULL;
    size_t chosen = 0;
    bool yes = true;

    (void)state;
    assert_non_null(screen);
    assert_false(screen_interactive(screen));
    assert_int_equal(prompt_line(screen, &any_line, answer, sizeof(answer)),
                     PROMPT_NOBODY);
    assert_int_equal(prompt_yes(screen, "What", 0, &yes), PROMPT_NOBODY);
    assert_int_equal(prompt_choose(screen, "What", items, 1, &chosen),
                     PROMPT_NOBODY);
    assert_int_equal(prompt_secret(screen, &any_secret, &secret),
                     PROMPT_NOBODY);
    assert_null(secret);
    assert_int_equal(prompt_code(screen, &any_code, &secret), PROMPT_NOBODY);
    assert_null(secret);
    screen_free(&screen);
}

static void test_strip(void **state)
{
    static const struct {
        const char *typed, *left;
    } rows[] = {
        {"", ""},
        {"abc", "abc"},
        {"a\tb я", "a\tb я"},
        {"\033[200~abc\033[201~", "abc"},
        {"a\033[1;5Cb", "ab"},
        {"a\033OAb", "ab"},
        {"a\033xb", "ab"},
        {"a\033яb", "aяb"},
        {"a\033\033[Ab", "a[Ab"},
        {"a\033", "a"},
        {"a\033[", "a"},
        {"a\033[12;", "a"},
        {"a\033O", "a"},
        {"a\033[\nb", "ab"},
        {"\x01\x07\x7F\r\n", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char line[64];
        size_t size = strlen(rows[i].typed);

        memcpy(line, rows[i].typed, size);
        size = terminal_strip(line, size);
        assert_int_equal(size, strlen(rows[i].left));
        assert_memory_equal(line, rows[i].left, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_hang_up_unheard),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_strip),
    };

    return cmocka_run_group_tests(tests, asking_start, NULL);
}
