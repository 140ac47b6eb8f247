#include "client/report/board.h"
#include "tests/support/pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 20, BEGUN = 1767225600 };

static struct plan *plan;
static struct ledger ledger;

static int set_up(void **state)
{
    static const struct plan_defaults values = {
        .value = {
            [PLAN_CONTAINER] = "/k", [PLAN_TO] = "/n", [PLAN_PHONE] = "1"}};

    (void)state;
    plan = plan_new();
    for (size_t i = 0; i < ROWS; i++)
        plan_add(plan, i + 2, &values);
    assert_true(ledger_init(&ledger, plan));
    ledger_take(&ledger, &(struct event){.kind = EVENT_BEGIN,
                                         .when = BEGUN,
                                         .rows = ROWS,
                                         .jobs = 8});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ledger_free(&ledger);
    plan_free(&plan);
    return 0;
}

/* So many rows were renewed, one each second. */
static void renewed(size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        for (enum row_state state = ROW_RUNNING; state <= ROW_DONE; state++)
            ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                                 .when = BEGUN + (time_t)i,
                                                 .row = i,
                                                 .state = state,
                                                 .outcome = OUTCOME_RENEWED});
}

static int show(struct screen *screen, void *data)
{
    const time_t *now = data;

    board_show(screen, &ledger, *now);
    return 0;
}

static bool shows(time_t after, const char *text)
{
    static struct pty pty;
    time_t now = BEGUN + after;
    bool found;

    pty_start_wide(&pty, 100, show, &now);
    found = pty_expect(&pty, text);
    assert_int_equal(pty_wait(&pty), 0);
    pty_end(&pty);
    return found;
}

static void what_is_left_is_told(void **state)
{
    (void)state;
    assert_true(
        shows(0, "0 of 20, 0:00:00, how long it takes is not known yet"));
    renewed(15);
    assert_true(shows(14, "15 of 20, 0:00:14, about 5 seconds left"));
}

/* Not "about 0 seconds". */
static void the_last_moment_is_no_number(void **state)
{
    (void)state;
    renewed(ROWS);
    assert_int_equal(ledger_left(&ledger, BEGUN + 19), 0);
    assert_true(shows(19, "20 of 20, 0:00:19, nearly done"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_last_moment_is_no_number, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
