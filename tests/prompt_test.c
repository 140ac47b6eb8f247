#include "client/screen/prompt.h"

#include "client/text.h"
#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- lines --- */

static const char *check_digits(const char *answer, void *data)
{
    (void)data;
    return answer[strspn(answer, "0123456789")] == '\0' ? NULL
                                                        : "Digits, please.";
}

static void test_line(void **state)
{
    static const struct asking_row rows[] = {
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
        asking_try(&rows[i], "What: ", asking_line, &line);
}

static void test_line_with_a_check(void **state)
{
    static const struct asking_row rows[] = {
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
        asking_try(&rows[i], "How many [7]: ", asking_line, &line);
}

/* With a question before it. */
static int asking_line_behind(struct screen *screen, void *data)
{
    screen_way(screen)->open = 1;
    return asking_line(screen, data);
}

/* The word for the question before is none where there is no such question,
 * and no check stands in its way. */
static void test_back(void **state)
{
    static const struct asking_row with[] = {
        {"back\n", PROMPT_BACK, "back", NULL},
        {" Back \n", PROMPT_BACK, "Back", NULL},
        {"a\nback\n", PROMPT_BACK, "back", "Digits, please."},
        {"cancel\n", PROMPT_CANCELLED, "cancel", NULL},
        {"12\n", PROMPT_OK, "12", NULL},
    };
    static const struct asking_row without[] = {
        {"back\n12\n", PROMPT_OK, "12", "no way back from here"}};
    static struct prompt_line line = {.question = "How many",
                                      .check = check_digits};

    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(*with); i++)
        asking_try(&with[i], "How many: ", asking_line_behind, &line);
    asking_try(&without[0], "How many: ", asking_line, &line);
}

/* As terminals put a file that is dragged into them. */
static void test_path(void **state)
{
    static const struct asking_row rows[] = {
        {"'/a b' \n", PROMPT_OK, "/a b", NULL},
        {"'/it'\\''s'\n", PROMPT_OK, "/it's", NULL},
        {"\"/a b\"\n", PROMPT_OK, "/a b", NULL},
        {"/a b\n", PROMPT_OK, "/a b", NULL},
        {"/a\\ b\n", PROMPT_OK, "/a\\ b", NULL},
        {"'/a\n", PROMPT_OK, "'/a", NULL},
        {"'/a' '/b'\n", PROMPT_OK, "'/a' '/b'", NULL},
    };
    static struct prompt_line line = {.question = "File", .is_path = true};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        asking_try(&rows[i], "File: ", asking_line, &line);
    line.is_path = false; /* of any other text quotes are a part */
    asking_try(&(struct asking_row){"'a'\n", PROMPT_OK, "'a'", NULL},
               "File: ", asking_line, &line);
}

static void test_line_that_may_be_empty(void **state)
{
    static const struct asking_row row = {"\n", PROMPT_OK, "", NULL};
    static struct prompt_line line = {.question = "Label",
                                      .may_be_empty = true};

    (void)state;
    asking_try(&row, "Label: ", asking_line, &line);
}

/* A line of a paste must not answer the next question. */
static int ask_twice(struct screen *screen, void *data)
{
    char answer[16];

    if (prompt_line(screen, data, answer, sizeof(answer)) != PROMPT_OK)
        return 70;
    return asking_line(screen, data);
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

    return asking_answered(end, yes ? "yes" : "no");
}

static void test_yes(void **state)
{
    static const struct asking_row yes_rows[] = {
        {"\n", PROMPT_OK, "yes", NULL},
        {"n\n", PROMPT_OK, "no", NULL},
        {"NO\n", PROMPT_OK, "no", NULL},
        {"maybe\nn\n", PROMPT_OK, "no", "yes or no"},
        {"\x04", PROMPT_CANCELLED, "yes", NULL},
    };
    static const struct asking_row no_rows[] = {
        {"\n", PROMPT_OK, "no", NULL},
        {"y\n", PROMPT_OK, "yes", NULL},
        {"Yes\n", PROMPT_OK, "yes", NULL},
        {"yy\n1\n\n", PROMPT_OK, "no", "yes or no"},
        {"cancel\n", PROMPT_CANCELLED, "no", NULL},
    };
    static bool yes = true, no = false;

    (void)state;
    for (size_t i = 0; i < sizeof(yes_rows) / sizeof(*yes_rows); i++)
        asking_try(&yes_rows[i], "Go on? [Y/n]: ", ask_yes, &yes);
    for (size_t i = 0; i < sizeof(no_rows) / sizeof(*no_rows); i++)
        asking_try(&no_rows[i], "Go on? [y/N]: ", ask_yes, &no);
}

static int ask_choice(struct screen *screen, void *data)
{
    static const char *const items[] = {"Rutoken \033[31mred", "Flash", "Disk"};
    size_t chosen = *(const size_t *)data;
    enum prompt_end end = prompt_choose(screen, "Where", items, 3, &chosen);
    char answer[8];

    snprintf(answer, sizeof(answer), "%zu", chosen);
    return asking_answered(end, answer);
}

static void test_choice(void **state)
{
    static const struct asking_row rows[] = {
        {"2\n", PROMPT_OK, "1", NULL},
        {"003\n", PROMPT_OK, "2", NULL},
        {"0\n4\n-1\n1x\n99999999999999999999\n\n1\n", PROMPT_OK, "0",
         "one of the numbers"},
        {"\x04", PROMPT_CANCELLED, "9", NULL},
    };
    static const struct asking_row preset = {"\n", PROMPT_OK, "1", NULL};
    static size_t none = 9, second = 1;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        asking_try(&rows[i], "Where: ", ask_choice, &none);
    asking_try(&preset, "Where [2]: ", ask_choice, &second);
}

/* --- secrets --- */

static void test_secret(void **state)
{
    static const struct asking_row rows[] = {
        {"12345678\n", PROMPT_OK, "12345678", NULL},
        {" a b \n", PROMPT_OK, " a b ", NULL},
        {"\033[200~12345\033[201~\n", PROMPT_OK, "12345", NULL},
        {"123\033[A\n12345\n", PROMPT_OK, "12345", NULL},
        {"\n12345\n", PROMPT_OK, "12345", NULL},
        {"12345678901234567\n12345\n", PROMPT_OK, "12345", NULL},
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

        pty_start(&pty, asking_secret, &secret);
        asking_type(&pty, rows[i].typed, "PIN: ");
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
    static const struct asking_row row = {"\n", PROMPT_OK, "", NULL};
    static struct prompt_secret secret = {.question = "Password",
                                          .may_be_empty = true};

    (void)state;
    asking_try(&row, "Password: ", asking_secret, &secret);
}

static struct prompt_secret twice = {.question = "New PIN",
                                     .again = "Once more"};

static void test_new_secret_is_asked_twice(void **state)
{
    static const struct asking_turn turns[] = {
        {"New PIN: ", "first\n"},
        {"Once more: ", "second\n"},
        {"different", NULL},
        {"New PIN: ", "third\n"},
        {"Once more: ", "third\n"},
        {"answer<third>", NULL},
        {NULL, NULL},
    };

    (void)state;
    asking_talk(turns, PROMPT_OK, NULL, asking_secret, &twice);
}

/* Back to the first time, as often as one likes. */
static void test_the_second_time_leads_back(void **state)
{
    enum { TIMES = 20 };
    struct asking_turn turns[2 * TIMES + 4] = {{NULL, NULL}};
    size_t n = 0;

    (void)state;
    for (int i = 0; i < TIMES; i++) {
        turns[n++] = (struct asking_turn){"New PIN: ", "first\n"};
        turns[n++] = (struct asking_turn){"Once more: ", "Back\n"};
    }
    turns[n++] = (struct asking_turn){"New PIN: ", "third\n"};
    turns[n++] = (struct asking_turn){"Once more: ", "third\n"};
    turns[n++] = (struct asking_turn){"answer<third>", NULL};
    asking_talk(turns, PROMPT_OK, "different", asking_secret, &twice);
}

static void test_the_second_time_is_stopped(void **state)
{
    static const struct asking_turn turns[] = {
        {"New PIN: ", "first\n"}, {"Once more: ", "cancel\n"}, {NULL, NULL}};

    (void)state;
    asking_talk(turns, PROMPT_CANCELLED, "different", asking_secret, &twice);
}

/* A password that is the word itself. */
static void test_a_word_is_typed_twice(void **state)
{
    static const struct asking_turn rows[][5] = {
        {{"New PIN: ", "back\n"},
         {"[y/N]: ", "y\n"},
         {"Once more: ", "back\n"},
         {"answer<back>", NULL}},
        {{"New PIN: ", "cancel\n"},
         {"[y/N]: ", "y\n"},
         {"Once more: ", "cancel\n"},
         {"answer<cancel>", NULL}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        asking_talk(rows[i], PROMPT_OK, NULL, asking_secret, &twice);
}

static void test_russian_keyboard_is_noticed(void **state)
{
    static struct prompt_secret secret = {.question = "PIN"};
    static const struct asking_turn turns[] = {
        {"PIN: ", "зшт\n"}, {"[y/N]: ", "\n"},        {"PIN: ", "пароль\n"},
        {"[y/N]: ", "y\n"}, {"answer<пароль>", NULL}, {NULL, NULL},
    };

    (void)state;
    asking_talk(turns, PROMPT_OK, NULL, asking_secret, &secret);
}

/* What will not do anyway is refused, and nobody is asked whether it was
 * meant. */
static void test_a_refused_secret_is_not_asked_about(void **state)
{
    static struct prompt_secret secret = {.question = "PIN",
                                          .check = check_digits};
    static const struct asking_turn turns[] = {
        {"PIN: ", "пароль\n"}, {"Digits, please.", NULL},
        {"PIN: ", "123\n"},    {"answer<123>", NULL},
        {NULL, NULL},
    };

    (void)state;
    asking_talk(turns, PROMPT_OK, "[y/N]", asking_secret, &secret);
}

static int ask_in_russian(struct screen *screen, void *data)
{
    setenv("LANG", "ru_RU.UTF-8", 1);
    text_start();
    return ask_yes(screen, data);
}

static void test_russian(void **state)
{
    static const struct asking_row rows[] = {
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
        asking_try(&rows[i], "Go on? [д/Н]: ", ask_in_russian, &no);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_line_with_a_check),
        cmocka_unit_test(test_back),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_line_that_may_be_empty),
        cmocka_unit_test(test_pasted_lines_answer_one_question),
        cmocka_unit_test(test_yes),
        cmocka_unit_test(test_choice),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_secret_that_may_be_empty),
        cmocka_unit_test(test_new_secret_is_asked_twice),
        cmocka_unit_test(test_the_second_time_leads_back),
        cmocka_unit_test(test_the_second_time_is_stopped),
        cmocka_unit_test(test_a_word_is_typed_twice),
        cmocka_unit_test(test_russian_keyboard_is_noticed),
        cmocka_unit_test(test_a_refused_secret_is_not_asked_about),
        cmocka_unit_test(test_russian),
    };

    return cmocka_run_group_tests(tests, asking_start, NULL);
}
