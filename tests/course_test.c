#include "client/batch/run/course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NOW = 1751328000, DAY = 24 * 60 * 60 };

static void each_outcome_has_its_way(void **state)
{
    static const struct {
        enum outcome outcome;
        enum course_way way;
    } rows[] = {
        {OUTCOME_RENEWED, COURSE_ENDS},
        {OUTCOME_ALREADY_RENEWED, COURSE_ENDS},
        {OUTCOME_REJECTED, COURSE_ENDS},
        {OUTCOME_PAYMENT_REQUIRED, COURSE_ENDS},
        {OUTCOME_CODE_NOT_RECEIVED, COURSE_ENDS},
        {OUTCOME_PASSWORD_WRONG, COURSE_ENDS},
        {OUTCOME_PIN_WRONG, COURSE_ENDS}, /* never tried again */
        {OUTCOME_PIN_BLOCKED, COURSE_ENDS},
        {OUTCOME_FULL, COURSE_ENDS},
        {OUTCOME_SERVER_UNTRUSTED, COURSE_ENDS}, /* its server is left */
        {OUTCOME_MEMORY, COURSE_ENDS},
        {OUTCOME_UNREACHABLE, COURSE_PASSES},
        {OUTCOME_SERVER_BUSY, COURSE_PASSES},
        {OUTCOME_TELEPHONE_BUSY, COURSE_TURNS},
        {OUTCOME_NO_TOKEN, COURSE_NEEDS},
        {OUTCOME_TOKEN_GONE, COURSE_NEEDS},
        {OUTCOME_STATE_UNWRITABLE, COURSE_STOPS},
        {OUTCOME_INTERRUPTED, COURSE_STOPS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(course_way(rows[i].outcome), rows[i].way);
}

static void a_row_goes_on_when_it_may(void **state)
{
    static const struct {
        enum outcome outcome;
        long not_before; /* from now; 0: none */
        long most, wait;
    } rows[] = {
        {OUTCOME_WAITING, 10, 1800, 10},
        {OUTCOME_WAITING, 0, 1800, 0},
        {OUTCOME_WAITING, -5, 1800, 0},
        {OUTCOME_WAITING, 10, 9, -1},
        {OUTCOME_WAITING, 10, 10, 10},
        {OUTCOME_WAITING, 10, 0, -1},
        {OUTCOME_WAITING, 2 * DAY, 1800, 0}, /* a clock was wrong */
        {OUTCOME_SERVER_BUSY, 40, 1800, 40},
        {OUTCOME_SERVER_BUSY, 2, 0, 2}, /* a little peace in any case */
        {OUTCOME_SERVER_BUSY, 60, 0, 60},
        {OUTCOME_SERVER_BUSY, 61, 0, -1},
        {OUTCOME_SERVER_BUSY, 61, 61, 61},
        {OUTCOME_SERVER_BUSY, 0, 0, -1},
        {OUTCOME_SERVER_BUSY, 0, 1800, 5},
        {OUTCOME_UNREACHABLE, 0, 1800, 5},
        {OUTCOME_UNREACHABLE, 0, 4, -1},
        {OUTCOME_NO_TOKEN, 0, 1800, 3},
        {OUTCOME_NO_TOKEN, 0, 2, -1},
        {OUTCOME_TELEPHONE_BUSY, 0, 0, 0},
        {OUTCOME_TELEPHONE_BUSY, 40, 0, 0}, /* that was for another call */
        {OUTCOME_REJECTED, 40, 1800, -1},
        {OUTCOME_RENEWED, 0, 1800, -1},
        {OUTCOME_INTERRUPTED, 40, 1800, -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct course course = {0};
        const struct job_result result = {
            .outcome = rows[i].outcome,
            .not_before = rows[i].not_before != 0
                              ? (time_t)(NOW + rows[i].not_before)
                              : 0};

        if (course_wait(&course, &result, NOW, rows[i].most) != rows[i].wait)
            fail_msg("row %zu", i);
    }
}

/* Five times, each twice as late; a wait that the server wants in between
 * begins the count anew. */
static void what_may_pass_is_tried_so_often(void **state)
{
    static const long waits[] = {5, 10, 20, 40, 80, -1, -1};
    const struct job_result lost = {.outcome = OUTCOME_UNREACHABLE};
    const struct job_result waiting = {.outcome = OUTCOME_WAITING,
                                       .not_before = NOW + 1};
    struct course course = {0};

    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        assert_int_equal(course_wait(&course, &lost, NOW, 1800), waits[i]);
    assert_int_equal(course_wait(&course, &waiting, NOW, 1800), 1);
    assert_int_equal(course_wait(&course, &lost, NOW, 1800), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_outcome_has_its_way),
        cmocka_unit_test(a_row_goes_on_when_it_may),
        cmocka_unit_test(what_may_pass_is_tried_so_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
