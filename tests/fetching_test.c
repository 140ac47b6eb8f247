#include "client/batch/run/fetching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct options by_command = {.code_command = "code"};

/* What comes to pass, row after row: + the right code for signing in, - none,
 * x a wrong one, e one that is over; C the right code to confirm, c none; o
 * what says nothing of codes. */
static void play(struct fetching *fetching, const char *rows)
{
    static const struct {
        char sign;
        enum queue_use use;
        enum outcome outcome;
    } signs[] = {
        {'+', QUEUE_SIGN_IN, OUTCOME_DONE},
        {'-', QUEUE_SIGN_IN, OUTCOME_CODE_COMMAND},
        {'x', QUEUE_SIGN_IN, OUTCOME_CODE_INVALID},
        {'e', QUEUE_SIGN_IN, OUTCOME_CODE_EXPIRED},
        {'C', QUEUE_CONFIRM, OUTCOME_DONE},
        {'c', QUEUE_CONFIRM, OUTCOME_CODE_NOT_RECEIVED},
        {'o', QUEUE_CONFIRM, OUTCOME_UNREACHABLE},
        {'o', QUEUE_SIGN_IN, OUTCOME_INTERRUPTED},
    };

    for (; *rows != '\0'; rows++)
        for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
            if (signs[i].sign == *rows && signs[i].outcome == OUTCOME_DONE)
                fetching_right(fetching, signs[i].use);
            else if (signs[i].sign == *rows)
                fetching_ended(fetching, signs[i].use, signs[i].outcome);
}

static void it_is_over_after_three_failures_in_a_row(void **state)
{
    static const struct {
        const char *rows;
        enum outcome over;
    } cases[] = {
        {"", OUTCOME_DONE},
        {"-", OUTCOME_DONE},
        {"-x", OUTCOME_DONE},
        {"+--", OUTCOME_DONE},
        {"--+-x+--+", OUTCOME_DONE},
        {"-+-+-+-+-+-", OUTCOME_DONE},
        {"---", OUTCOME_CODE_COMMAND},
        {"xxx", OUTCOME_CODE_INVALID},
        {"+x--", OUTCOME_CODE_COMMAND},
        {"--+--x", OUTCOME_CODE_INVALID},
        {"---xx", OUTCOME_CODE_COMMAND},
        /* A code that was on its way then changes nothing. */
        {"---+", OUTCOME_CODE_COMMAND},
        {"---+++x", OUTCOME_CODE_COMMAND},
        {"oooooo", OUTCOME_DONE},
        {"-o-o-", OUTCOME_CODE_COMMAND},
        {"xee", OUTCOME_CODE_EXPIRED},
        /* Each use by itself. */
        {"+c+c+c", OUTCOME_CODE_NOT_RECEIVED},
        {"+c+cC+c+c", OUTCOME_DONE},
        {"--cc", OUTCOME_DONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct queue *queue = queue_new(1, 1);
        struct fetching fetching;

        assert_non_null(queue);
        assert_int_equal(fetching_init(&fetching, queue, &by_command), 0);
        play(&fetching, cases[i].rows);
        assert_int_equal(fetching_over(&fetching), cases[i].over);
        fetching_free(&fetching);
        queue_free(&queue);
    }
}

/* How many of ten rows may have their telephones at once. */
static size_t at_once(struct queue *queue)
{
    size_t most = 0;

    for (size_t row = 0; row < 10; row++)
        most += queue_reserve(queue, row, QUEUE_SIGN_IN,
                              (struct telephone){1000 + row, 4});
    for (size_t row = 0; row < 10; row++)
        queue_reserve(queue, row, QUEUE_SIGN_IN, (struct telephone){0, 0});
    return most;
}

static void no_more_are_sent_codes_than_may_fail(void **state)
{
    static const struct options by_folder = {.codes = "folder"}, by_person;
    static const struct {
        const struct options *options;
        const char *rows;
        size_t at_once;
    } cases[] = {
        {&by_command, "", 3},        {&by_folder, "", 3},
        {&by_person, "", 10},        {&by_command, "-", 2},
        {&by_command, "--", 1},      {&by_command, "-x", 1},
        {&by_command, "+", 10},      {&by_command, "--+", 10},
        {&by_command, "+++-", 2},    {&by_command, "+--", 1},
        {&by_command, "-+-+-+", 10}, {&by_command, "+c", 2},
        {&by_command, "+c+c", 1},    {&by_command, "+cC", 10},
        {&by_command, "-oo", 2},     {&by_person, "--", 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct queue *queue = queue_new(10, 1);
        struct fetching fetching;
        size_t row;

        assert_non_null(queue);
        for (row = 0; row < 10; row++)
            queue_add(queue, row, 0);
        for (size_t taken = 0; taken < 10; taken++)
            assert_true(queue_take(queue, true, &row));
        assert_int_equal(fetching_init(&fetching, queue, cases[i].options), 0);
        play(&fetching, cases[i].rows);
        assert_int_equal(at_once(queue), cases[i].at_once);
        fetching_free(&fetching);
        queue_free(&queue);
    }
}

static void it_is_said_why(void **state)
{
    char why[512], little[10];

    (void)state;
    fetching_why(why, sizeof(why));
    assert_non_null(strstr(why, "no right code"));
    fetching_why(little, sizeof(little));
    assert_string_equal(little, "Three tim");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_over_after_three_failures_in_a_row),
        cmocka_unit_test(no_more_are_sent_codes_than_may_fail),
        cmocka_unit_test(it_is_said_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
