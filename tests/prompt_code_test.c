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
        {"\n123456\n", PROMPT_OK, "123456", "technical support"},
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
        .resend = 4,
        .resends = 2,
    };
    static struct pty pty;

    (void)state;
    pty_start(&pty, asking_code, &code);
    assert_true(pty_expect(&pty, "Code from the SMS to …12-34"));
    assert_true(pty_expect(&pty, "another SMS"));
    assert_true(pty_expect(&pty, "Code (5 minutes left): "));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "Another code can be asked for in "));
    pty_listen(&pty, 4100);
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "answer<->"));
    assert_int_equal(pty_wait(&pty), PROMPT_RESEND);
    assert_true(pty_is_restored(&pty));
    pty_end(&pty);
}

/* The seconds of each time that was shown behind a place, in their order; a
 * machine that is busy may leave some of them out. The count. */
static size_t read_times(const char *shown, long *times, size_t most)
{
    static const char before[] = "\rCode (";
    size_t count = 0;

    while ((shown = strstr(shown, before)) != NULL && count < most) {
        shown += sizeof(before) - 1;
        times[count++] = strtol(shown, NULL, 10);
    }
    return count;
}

/* What was typed is written again behind the time. */
static void test_code_counts_down(void **state)
{
    static struct prompt_code code = {.question = "What", .seconds = 5};
    static struct pty pty;
    long times[64];
    size_t count;

    (void)state;
    pty_start(&pty, asking_code, &code);
    assert_true(pty_expect(&pty, "\rCode ("));
    pty_type(&pty, "12");
    assert_true(pty_expect(&pty, "left): 12"));
    assert_true(pty_expect(&pty, "left): 12"));
    assert_true(pty_expect(&pty, "answer<->"));
    assert_int_equal(pty_wait(&pty), PROMPT_LATE);
    assert_true(pty_is_restored(&pty));
    count = read_times(pty.shown, times, sizeof(times) / sizeof(*times));
    assert_true(count > 3 && times[0] <= 5);
    for (size_t i = 1; i < count; i++)
        assert_true(times[i] <= times[i - 1]);
    assert_true(times[count - 1] < times[0]);
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
