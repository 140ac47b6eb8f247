#include "client/screen/prompt.h"

#include "tests/support/asking.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct prompt_code any_code = {.question = "What"};

static void test_code(void **state)
{
    static const struct asking_row rows[] = {
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
        asking_try(&rows[i], "Code: ", asking_code, &any_code);
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
    pty_start(&pty, asking_code, &code);
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
    pty_start(&pty, asking_code, &code);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code),
        cmocka_unit_test(test_code_asked_again),
        cmocka_unit_test(test_code_counts_down),
    };

    return cmocka_run_group_tests(tests, asking_start, NULL);
}
