#include "client/screen/prompt.h"

#include "client/text.h"
#include "keygen/secret.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Shown where the test looks for it, with the answer between < and >. */
static int answered(enum prompt_end end, const char *answer)
{
    dprintf(STDOUT_FILENO, "\nanswer<%s>\n", answer != NULL ? answer : "-");
    return (int)end;
}

struct row {
    const char *typed;
    enum prompt_end end;
    const char *answer, *shown; /* shown: a sentence before, or NULL */
};

/* Line by line, each when the question is there. */
static void type_lines(struct pty *pty, const char *typed, const char *question)
{
    char line[128];

    while (*typed != '\0') {
        size_t size = strcspn(typed, "\n");

        size += typed[size] == '\n';
        assert_true(size < sizeof(line));
        memcpy(line, typed, size);
        line[size] = '\0';
        if (!pty_expect(pty, question))
            print_error("not asked for %s:\n%s\n", line, pty->shown);
        pty_type(pty, line);
        typed += size;
    }
}

/* Each row in a terminal of its own, which must be as it was afterwards. */
static void try_row(const struct row *row, const char *question,
                    int (*body)(struct screen *, void *), void *data)
{
    static struct pty pty;
    char answer[128];
    int end;

    pty_start(&pty, body, data);
    type_lines(&pty, row->typed, question);
    snprintf(answer, sizeof(answer), "answer<%s>", row->answer);
    if (!pty_expect(&pty, answer))
        print_error("%s:\n%s\n", row->typed, pty.shown);
    end = pty_wait(&pty);
    assert_int_equal(end, row->end);
    assert_true(pty_is_restored(&pty));
    assert_non_null(strstr(pty.shown, answer));
    assert_true(row->shown == NULL || strstr(pty.shown, row->shown) != NULL);
    pty_end(&pty);
}

/* --- lines --- */

static const char *check_digits(const char *answer, void *data)
{
    (void)data;
    return answer[strspn(answer, "0123456789")] == '\0' ? NULL
                                                        : "Digits, please.";
}

static int ask_line(struct screen *screen, void *data)
{
    char answer[16];
    enum prompt_end end = prompt_line(screen, data, answer, sizeof(answer));

    return answered(end, answer);
}

static void test_line(void **state)
{
    static const struct row rows[] = {
        {"abc\n", PROMPT_OK, "abc", NULL},
        {"  a b \t\n", PROMPT_OK, "a b", NULL},
        {"Ромашка\n", PROMPT_OK, "Ромашка", NULL},
        {"Ря\x7F\x7F"
         "abc\n",
         PROMPT_OK, "abc", NULL},
        {"\033[200~abc\033[201~\n", PROMPT_OK, "abc", NULL},
        {"a\033[A\033[1;5Cb\033OHc\n", PROMPT_OK, "abc", NULL},
        {"a\x07\x01"
         "b\n",
         PROMPT_OK, "ab", NULL},
        {"123456789012345\n", PROMPT_OK, "123456789012345", NULL},
        {"1234567890123456\nabc\n", PROMPT_OK, "abc", "too long"},
        {"\xFF\xFE\nabc\n", PROMPT_OK, "abc", "not text"},
        {"\n \nabc\n", PROMPT_OK, "abc", "type an answer"},
        {"\n\n\n\n\n\n\n\n\n\n", PROMPT_CANCELLED, "", "type an answer"},
        {"cancel\n", PROMPT_CANCELLED, "cancel", NULL},
        {"Cancel\n", PROMPT_CANCELLED, "Cancel", NULL},
        {"\x04", PROMPT_CANCELLED, "", NULL},
        {"abc\x04\x04", PROMPT_OK, "abc", NULL},
    };
    static struct prompt_line line = {.question = "What"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_row(&rows[i], "What: ", ask_line, &line);
}

static void test_line_with_a_check(void **state)
{
    static const struct row rows[] = {
        {"12\n", PROMPT_OK, "12", NULL},
        {"\n", PROMPT_OK, "7", NULL},
        {"abc\n12\n", PROMPT_OK, "12", "Digits, please."},
        {"cancel\n", PROMPT_CANCELLED, "cancel", NULL},
        {"a\na\na\na\na\na\na\na\na\na\n", PROMPT_CANCELLED, "a", NULL},
    };
    static struct prompt_line line = {
        .question = "How many", .preset = "7", .check = check_digits};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_row(&rows[i], "How many [7]: ", ask_line, &line);
}

static void test_line_that_may_be_empty(void **state)
{
    static const struct row row = {"\n", PROMPT_OK, "", NULL};
    static struct prompt_line line = {.question = "Label",
                                      .may_be_empty = true};

    (void)state;
    try_row(&row, "Label: ", ask_line, &line);
}

/* A line of a paste must not answer the next question. */
static int ask_twice(struct screen *screen, void *data)
{
    char answer[16];

    if (prompt_line(screen, data, answer, sizeof(answer)) != PROMPT_OK)
        return 70;
    return ask_line(screen, data);
}

static void test_pasted_lines_answer_one_question(void **state)
{
    static struct prompt_line line = {.question = "What"};
    static struct pty pty;

    (void)state;
    pty_start(&pty, ask_twice, &line);
    assert_true(pty_expect(&pty, "What: "));
    pty_type(&pty, "one\ntwo\nthree\n");
    assert_true(pty_expect(&pty, "What: "));
    pty_listen(&pty, 100);
    assert_null(strstr(pty.shown, "answer<"));
    pty_type(&pty, "four\n");
    assert_true(pty_expect(&pty, "answer<four>"));
    assert_int_equal(pty_wait(&pty), PROMPT_OK);
    pty_end(&pty);
}

/* --- yes and no, one of several --- */

static int ask_yes(struct screen *screen, void *data)
{
    bool yes = *(const bool *)data;
    enum prompt_end end = prompt_yes(screen, "Go on?", 0, &yes);

    return answered(end, yes ? "yes" : "no");
}

static void test_yes(void **state)
{
    static const struct row yes_rows[] = {
        {"\n", PROMPT_OK, "yes", NULL},
        {"n\n", PROMPT_OK, "no", NULL},
        {"NO\n", PROMPT_OK, "no", NULL},
        {"maybe\nn\n", PROMPT_OK, "no", "yes or no"},
        {"\x04", PROMPT_CANCELLED, "yes", NULL},
    };
    static const struct row no_rows[] = {
        {"\n", PROMPT_OK, "no", NULL},
        {"y\n", PROMPT_OK, "yes", NULL},
        {"Yes\n", PROMPT_OK, "yes", NULL},
        {"yy\n1\n\n", PROMPT_OK, "no", "yes or no"},
        {"cancel\n", PROMPT_CANCELLED, "no", NULL},
    };
    static bool yes = true, no = false;

    (void)state;
    for (size_t i = 0; i < sizeof(yes_rows) / sizeof(*yes_rows); i++)
        try_row(&yes_rows[i], "Go on? [Y/n]: ", ask_yes, &yes);
    for (size_t i = 0; i < sizeof(no_rows) / sizeof(*no_rows); i++)
        try_row(&no_rows[i], "Go on? [y/N]: ", ask_yes, &no);
}

static int ask_choice(struct screen *screen, void *data)
{
    static const char *const items[] = {"Rutoken \033[31mred", "Flash", "Disk"};
    size_t chosen = *(const size_t *)data;
    enum prompt_end end = prompt_choose(screen, "Where", items, 3, &chosen);
    char answer[8];

    snprintf(answer, sizeof(answer), "%zu", chosen);
    return answered(end, answer);
}

static void test_choice(void **state)
{
    static const struct row rows[] = {
        {"2\n", PROMPT_OK, "1", NULL},
        {"003\n", PROMPT_OK, "2", NULL},
        {"0\n4\n-1\n1x\n99999999999999999999\n\n1\n", PROMPT_OK, "0",
         "one of the numbers"},
        {"\x04", PROMPT_CANCELLED, "9", NULL},
    };
    static const struct row preset = {"\n", PROMPT_OK, "1", NULL};
    static size_t none = 9, second = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_row(&rows[i], "Where: ", ask_choice, &none);
    try_row(&preset, "Where [2]: ", ask_choice, &second);
}

/* --- secrets --- */

static int ask_secret(struct screen *screen, void *data)
{
    char *secret = NULL, answer[512];
    enum prompt_end end = prompt_secret(screen, data, &secret);

    snprintf(answer, sizeof(answer), "%s", secret != NULL ? secret : "-");
    secret_free(&secret);
    return answered(end, answer);
}

static void test_secret(void **state)
{
    static const struct row rows[] = {
        {"12345678\n", PROMPT_OK, "12345678", NULL},
        {" a b \n", PROMPT_OK, " a b ", NULL},
        {"\033[200~12345\033[201~\n", PROMPT_OK, "12345", NULL},
        {"123\033[A\n12345\n", PROMPT_OK, "12345", NULL},
        {"\n12345\n", PROMPT_OK, "12345", NULL},
        {"12345678901234567\n12345\n", PROMPT_OK, "12345", NULL},
        {"cancel\n", PROMPT_OK, "cancel", NULL}, /* a password as any other */
        {"12я\x7F"
         "345\n",
         PROMPT_OK, "12345", NULL},
        {"\x04", PROMPT_CANCELLED, "-", NULL},
    };
    static struct prompt_secret secret = {.question = "PIN", .max = 16};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        static struct pty pty;
        char answer[64];

        pty_start(&pty, ask_secret, &secret);
        type_lines(&pty, rows[i].typed, "PIN: ");
        snprintf(answer, sizeof(answer), "answer<%s>", rows[i].answer);
        assert_true(pty_expect(&pty, answer));
        assert_int_equal(pty_wait(&pty), rows[i].end);
        assert_true(pty_is_restored(&pty));
        /* Shown by the test itself only. */
        *strstr(pty.shown, "answer<") = '\0';
        assert_null(strstr(pty.shown, "12"));
        assert_null(strstr(pty.shown, "a b"));
        pty_end(&pty);
    }
}

static void test_secret_that_may_be_empty(void **state)
{
    static const struct row row = {"\n", PROMPT_OK, "", NULL};
    static struct prompt_secret secret = {.question = "Password",
                                          .may_be_empty = true};

    (void)state;
    try_row(&row, "Password: ", ask_secret, &secret);
}

static void test_new_secret_is_asked_twice(void **state)
{
    static struct prompt_secret secret = {.question = "New PIN",
                                          .again = "Once more"};
    static struct pty pty;

    (void)state;
    pty_start(&pty, ask_secret, &secret);
    assert_true(pty_expect(&pty, "New PIN: "));
    pty_type(&pty, "first\n");
    assert_true(pty_expect(&pty, "Once more: "));
    pty_type(&pty, "second\n");
    assert_true(pty_expect(&pty, "different"));
    assert_true(pty_expect(&pty, "New PIN: "));
    pty_type(&pty, "third\n");
    assert_true(pty_expect(&pty, "Once more: "));
    pty_type(&pty, "third\n");
    assert_true(pty_expect(&pty, "answer<third>"));
    assert_int_equal(pty_wait(&pty), PROMPT_OK);
    assert_true(pty_is_restored(&pty));
    pty_end(&pty);
}

static void test_russian_keyboard_is_noticed(void **state)
{
    static struct prompt_secret secret = {.question = "PIN"};
    static struct pty pty;

    (void)state;
    pty_start(&pty, ask_secret, &secret);
    assert_true(pty_expect(&pty, "PIN: "));
    pty_type(&pty, "зшт\n");
    assert_true(pty_expect(&pty, "[y/N]: "));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "PIN: "));
    pty_type(&pty, "пароль\n");
    assert_true(pty_expect(&pty, "[y/N]: "));
    pty_type(&pty, "y\n");
    assert_true(pty_expect(&pty, "answer<пароль>"));
    assert_int_equal(pty_wait(&pty), PROMPT_OK);
    pty_end(&pty);
}

/* --- every way out --- */

static int ask_code(struct screen *screen, void *data)
{
    char *code = NULL, answer[16];
    enum prompt_end end = prompt_code(screen, data, &code);

    snprintf(answer, sizeof(answer), "%s", code != NULL ? code : "-");
    secret_free(&code);
    return answered(end, answer);
}

static struct prompt_line any_line = {.question = "What"};
static struct prompt_secret any_secret = {.question = "What"};
static struct prompt_code any_code = {.question = "What"};

static const struct {
    int (*body)(struct screen *, void *);
    void *data;
    const char *shown;
} kinds[] = {
    {ask_line, &any_line, "What: "},
    {ask_secret, &any_secret, "What: "},
    {ask_code, &any_code, "Code: "},
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
        assert_int_equal(pty_wait(&pty), PROMPT_FAILED);
    }
}

static void test_time_limit(void **state)
{
    static struct prompt_line line = {.question = "What", .seconds = 1};
    static struct prompt_secret secret = {.question = "What", .seconds = 1};
    static struct prompt_code code = {.question = "What", .seconds = 1};
    static const struct row row = {"12", PROMPT_LATE, "", NULL};
    static const struct row none = {"12", PROMPT_LATE, "-", NULL};

    (void)state;
    try_row(&row, "What: ", ask_line, &line);
    try_row(&none, "What: ", ask_secret, &secret);
    try_row(&none, "What", ask_code, &code);
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

/* --- SMS codes --- */

static void test_code(void **state)
{
    static const struct row rows[] = {
        {"123456\n", PROMPT_OK, "123456", NULL},
        {"123456\r", PROMPT_OK, "123456", NULL},
        {"012 345\n", PROMPT_OK, "012345", NULL},
        {"123-456\n", PROMPT_OK, "123456", NULL},
        {"123459\x7F"
         "6\n",
         PROMPT_OK, "123456", NULL},
        {"\x08\x7F"
         "123456\n",
         PROMPT_OK, "123456", NULL},
        {"999\x15"
         "123456\n",
         PROMPT_OK, "123456", NULL},
        {"1\033[A23\033OP4\033[200~56\033[201~\n", PROMPT_OK, "123456", NULL},
        {"12345\n123456\n", PROMPT_OK, "123456", "six digits"},
        {"1234567\n123456\n", PROMPT_OK, "123456", "six digits"},
        {"12345678901234567890\n123456\n", PROMPT_OK, "123456", "six digits"},
        {"12345a\n123456\n", PROMPT_OK, "123456", "six digits"},
        {"\xD1\x8F"
         "123456\n",
         PROMPT_OK, "123456", NULL},
        {"\n123456\n", PROMPT_OK, "123456", "No more codes"},
        {"\x04", PROMPT_CANCELLED, "-", NULL},
        {"12\x04"
         "3456\n",
         PROMPT_OK, "123456", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_row(&rows[i], "Code: ", ask_code, &any_code);
}

static void test_code_asked_again(void **state)
{
    static struct prompt_code code = {
        .question = "Code from the SMS to …12-34",
        .seconds = 300,
        .resend = 1,
        .resends = 2,
    };
    static struct pty pty;

    (void)state;
    pty_start(&pty, ask_code, &code);
    assert_true(pty_expect(&pty, "Code from the SMS to …12-34"));
    assert_true(pty_expect(&pty, "another SMS"));
    assert_true(pty_expect(&pty, "Code (5 minutes left): "));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "can be asked for in 1 second."));
    pty_listen(&pty, 1100);
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "answer<->"));
    assert_int_equal(pty_wait(&pty), PROMPT_RESEND);
    assert_true(pty_is_restored(&pty));
    pty_end(&pty);
}

/* What was typed is written again behind the time. */
static void test_code_counts_down(void **state)
{
    static struct prompt_code code = {.question = "What", .seconds = 3};
    static struct pty pty;

    (void)state;
    pty_start(&pty, ask_code, &code);
    assert_true(pty_expect(&pty, "\rCode (3 seconds left): "));
    pty_type(&pty, "12");
    assert_true(pty_expect(&pty, "12"));
    assert_true(pty_expect(&pty, "\rCode (2 seconds left): 12"));
    assert_true(pty_expect(&pty, "\rCode (1 second left): 12"));
    assert_true(pty_expect(&pty, "answer<->"));
    assert_int_equal(pty_wait(&pty), PROMPT_LATE);
    assert_true(pty_is_restored(&pty));
    pty_end(&pty);
}

static int ask_in_russian(struct screen *screen, void *data)
{
    setenv("LANG", "ru_RU.UTF-8", 1);
    text_start();
    return ask_yes(screen, data);
}

static void test_russian(void **state)
{
    static const struct row rows[] = {
        {"да\n", PROMPT_OK, "yes", NULL},
        {"Д\n", PROMPT_OK, "yes", NULL},
        {"y\n", PROMPT_OK, "yes", NULL},
        {"Н\n", PROMPT_OK, "no", NULL},
        {"нет\n", PROMPT_OK, "no", NULL},
        {"\n", PROMPT_OK, "no", NULL},
        {"отмена\n", PROMPT_CANCELLED, "no", NULL},
        {"даяя\x7F\x7F\n", PROMPT_OK, "yes", NULL},
    };
    static bool no = false;
    bool speaks;

    (void)state;
    setenv("LANG", "ru_RU.UTF-8", 1);
    text_start();
    speaks = strcmp(_("yes"), "да") == 0;
    setenv("LANG", "C", 1);
    text_start();
    if (!speaks) {
        print_message("The messages are not built: make all\n");
        skip();
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        try_row(&rows[i], "Go on? [д/Н]: ", ask_in_russian, &no);
}

static int start(void **state)
{
    (void)state;
    unsetenv("LC_ALL");
    unsetenv("LANGUAGE");
    setenv("LANG", "C", 1);
    text_start();
    return secret_prepare_process();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_line_with_a_check),
        cmocka_unit_test(test_line_that_may_be_empty),
        cmocka_unit_test(test_pasted_lines_answer_one_question),
        cmocka_unit_test(test_yes),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_secret_that_may_be_empty),
        cmocka_unit_test(test_new_secret_is_asked_twice),
        cmocka_unit_test(test_russian_keyboard_is_noticed),
        cmocka_unit_test(test_signals),
        cmocka_unit_test(test_hang_up),
        cmocka_unit_test(test_hang_up_unheard),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_code_asked_again),
        cmocka_unit_test(test_code_counts_down),
        cmocka_unit_test(test_russian),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
