#include "client/report/board.h"
#include "tests/support/pty.h"
#include "tests/support/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 20 };

static int set_up(void **state)
{
    (void)state;
    return tally_begin(ROWS);
}

/* So many rows were renewed, one each second. */
static void renewed(size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        for (enum row_state state = ROW_RUNNING; state <= ROW_DONE; state++)
            tally_row(i, state, OUTCOME_RENEWED, (time_t)i);
}

static int show(struct screen *screen, void *data)
{
    const int64_t *at = data;

    board_show(screen, &ledger, *at);
    return 0;
}

static bool shows(time_t after, const char *text)
{
    static struct pty pty;
    int64_t at = TALLY_AT(after);
    bool found;

    pty_start_wide(&pty, 100, show, &at);
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

/* Nothing gets on then, and the person may be able to help that. */
static void a_server_that_is_not_reached_is_told(void **state)
{
    static const struct {
        enum row_state state;
        enum outcome outcome;
        bool lost;
    } rows[] = {
        {ROW_RUNNING, OUTCOME_DONE, false},
        {ROW_WAITING, OUTCOME_UNREACHABLE, true},
        {ROW_RUNNING, OUTCOME_DONE, true},
        {ROW_NEEDS, OUTCOME_NO_TOKEN, true},
        {ROW_WAITING, OUTCOME_WAITING, false},
        {ROW_WAITING, OUTCOME_TIMEOUT, true},
        {ROW_FAILED, OUTCOME_PASSWORD_WRONG, true},
        {ROW_DONE, OUTCOME_RENEWED, false},
        {ROW_FAILED, OUTCOME_UNREACHABLE, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        tally_row(i, rows[i].state, rows[i].outcome, (time_t)i);
        assert_true(shows((time_t)i, rows[i].lost
                                         ? "no server is reached: trying again"
                                         : "not known yet"));
    }
}

/* Not "about 0 seconds". */
static void the_last_moment_is_no_number(void **state)
{
    (void)state;
    renewed(ROWS);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(19)), 0);
    assert_true(shows(19, "20 of 20, 0:00:19, nearly done"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_is_told, set_up,
                                        tally_end),
        cmocka_unit_test_setup_teardown(a_server_that_is_not_reached_is_told,
                                        set_up, tally_end),
        cmocka_unit_test_setup_teardown(the_last_moment_is_no_number, set_up,
                                        tally_end),
    };

    return cmocka_run_group_tests_name("board", tests, NULL, NULL);
}
