#include "client/report/ledger.h"

#include "tests/support/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 100, BEGUN = TALLY_BEGUN };

static int set_up(void **state)
{
    (void)state;
    return tally_begin(ROWS);
}

static void row(size_t number, enum row_state state, enum outcome outcome,
                time_t after)
{
    tally_row(number, state, outcome, after);
}

static size_t sum(void)
{
    size_t all = 0;

    for (enum row_state state = 0; state < ROW_STATES; state++)
        all += ledger.count[state];
    return all;
}

static void every_row_is_in_one_state(void **state)
{
    (void)state;
    assert_int_equal(ledger.count[ROW_QUEUED], ROWS);
    row(0, ROW_RUNNING, OUTCOME_DONE, 0);
    row(1, ROW_RUNNING, OUTCOME_DONE, 0);
    row(1, ROW_RUNNING, OUTCOME_DONE, 1);
    row(2, ROW_EXCLUDED, OUTCOME_NOT_DUE, 1);
    assert_int_equal(ledger.count[ROW_RUNNING], 2);
    row(0, ROW_WAITING, OUTCOME_DONE, 2);
    row(0, ROW_RUNNING, OUTCOME_DONE, 3);
    row(0, ROW_DONE, OUTCOME_RENEWED, 4);
    assert_int_equal(ledger.count[ROW_QUEUED], ROWS - 3);
    assert_int_equal(ledger.count[ROW_RUNNING], 1);
    assert_int_equal(ledger.count[ROW_DONE], 1);
    assert_int_equal(sum(), ROWS);
    assert_int_equal(ledger.over, 2);
    /* What is not of the plan is nobody's. */
    row(ROWS, ROW_DONE, OUTCOME_RENEWED, 5);
    row(3, ROW_STATES, OUTCOME_RENEWED, 5);
    assert_int_equal(sum(), ROWS);
    assert_int_equal(ledger_seconds(&ledger.row[0]), 4);
    assert_int_equal(ledger_seconds(&ledger.row[1]), -1);
    assert_int_equal(ledger_seconds(&ledger.row[2]), -1);
}

static void what_the_journal_knows_is_kept(void **state)
{
    struct record record = {.failed = false};

    (void)state;
    record_set(&record, RECORD_ID, "0123");
    record_set(&record, RECORD_NEW_CONTAINER, "file:/n/a.000");
    record_set_time(&record, RECORD_NEW_NOT_AFTER, BEGUN + 1000);
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN,
                                         .row = 7,
                                         .state = ROW_RUNNING,
                                         .record = &record});
    record_set(&record, RECORD_TRACE_ID, "t-1");
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN,
                                         .row = 7,
                                         .state = ROW_FAILED,
                                         .outcome = OUTCOME_REJECTED,
                                         .message = "No.",
                                         .record = &record});
    record_free(&record);
    assert_string_equal(ledger.row[7].renewal, "0123");
    assert_string_equal(ledger.row[7].trace_id, "t-1");
    assert_string_equal(ledger.row[7].new_container, "file:/n/a.000");
    assert_int_equal(ledger.row[7].new_not_after, BEGUN + 1000);
    assert_string_equal(ledger_message(&ledger.row[7]), "No.");
    assert_non_null(ledger_advice(&ledger.row[7]));
    assert_null(ledger_message(&ledger.row[8]));
    assert_false(ledger.failed);
}

static void wait_for(size_t number, bool over)
{
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN,
                                         .row = number,
                                         .state = ROW_WAITING,
                                         .over = over,
                                         .outcome = OUTCOME_WAITING,
                                         .message = "Not yet.",
                                         .until = BEGUN + 600});
}

/* Which is no failure: it goes on in the next one. */
static void a_row_may_wait_beyond_this_run(void **state)
{
    struct ledger_group groups[OUTCOME_COUNT];

    (void)state;
    wait_for(0, false);
    wait_for(1, true);
    assert_int_equal(ledger.count[ROW_WAITING], 2);
    assert_int_equal(ledger.count[ROW_FAILED], 0);
    assert_int_equal(ledger.over, 1);
    assert_null(ledger_message(&ledger.row[0]));
    assert_null(ledger_advice(&ledger.row[0]));
    assert_string_equal(ledger_message(&ledger.row[1]), "Not yet.");
    assert_non_null(ledger_advice(&ledger.row[1]));
    assert_int_equal(ledger_groups(&ledger, groups), 1);
    assert_int_equal(groups[0].count, 1);
    assert_int_equal(groups[0].state, ROW_WAITING);
    assert_int_equal(groups[0].outcome, OUTCOME_WAITING);
}

/* --- how long it takes --------------------------------------------------- */

static void begin_and_end(size_t number, time_t after)
{
    row(number, ROW_RUNNING, OUTCOME_DONE, after > 5 ? after - 5 : 0);
    row(number, ROW_DONE, OUTCOME_RENEWED, after);
}

static void nothing_is_promised_too_early(void **state)
{
    (void)state;
    assert_int_equal(ledger_left(&ledger, TALLY_AT(0)), -1);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(1000)), -1);
    /* What was over before it began says nothing. */
    for (size_t i = 0; i < 50; i++)
        row(i, ROW_EXCLUDED, OUTCOME_NOT_DUE, 1);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(1000)), -1);
    for (size_t i = 50; i < 55; i++)
        begin_and_end(i, 9);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(9)), -1);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(13)), -1);
    /* 4 more in 11 s, 45 to go */
    assert_int_equal(ledger_left(&ledger, TALLY_AT(20)), 123);
}

/* The centre takes ten minutes, and then all come. */
static void the_time_before_the_first_end_is_no_pace(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        row(i, ROW_RUNNING, OUTCOME_DONE, 0);
    for (size_t i = 0; i < 13; i++)
        row(i, ROW_DONE, OUTCOME_RENEWED, 600 + (time_t)i / 2);
    assert_in_range(ledger_left(&ledger, TALLY_AT(606)), 40, 50);
}

/* What is still to begin takes as long as what has ended did. */
static void what_is_not_begun_has_all_of_it_before_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS - 1; i++)
        row(i, ROW_RUNNING, OUTCOME_DONE, 0);
    for (size_t i = 0; i < 13; i++)
        row(i, ROW_DONE, OUTCOME_RENEWED, 600 + (time_t)i / 2);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(606)), 606);
}

static void the_pace_is_that_of_the_last_ends(void **state)
{
    (void)state;
    /* One a second, then slower and slower. */
    for (size_t i = 0; i < 80; i++)
        begin_and_end(i, (time_t)i + 1);
    assert_in_range(ledger_left(&ledger, TALLY_AT(80)), 20, 21);
    assert_true(ledger_left(&ledger, TALLY_AT(200)) > 50);
    assert_true(ledger_left(&ledger, TALLY_AT(2000)) > 500);
    for (size_t i = 80; i < ROWS; i++)
        begin_and_end(i, 2000);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(2000)), 0);
}

/* A hundred a second: what waited is done, and little is left of each. */
static void a_quick_pace_is_one(void **state)
{
    enum { MANY = 10000, ENDED = 100 };
    static const enum row_state ways[] = {ROW_RUNNING, ROW_DONE};

    tally_end(state);
    tally_begin(MANY);
    for (size_t i = 0; i < 2 * ENDED; i++)
        ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                             .when = BEGUN,
                                             .at = 5000 + 10 * (int64_t)(i / 2),
                                             .row = i / 2,
                                             .state = ways[i % 2]});
    assert_int_equal(ledger_left(&ledger, 5000 + 10 * (ENDED - 1)), 99);
}

/* The server's word for when it may be asked is the least there is. */
static void waits_are_reckoned_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < 99; i++)
        begin_and_end(i, 20);
    row(99, ROW_RUNNING, OUTCOME_DONE, 20);
    assert_in_range(ledger_left(&ledger, TALLY_AT(21)), 0, 2);
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN + 21,
                                         .at = TALLY_AT(21),
                                         .row = 99,
                                         .state = ROW_WAITING,
                                         .until = BEGUN + 621});
    assert_int_equal(ledger_left(&ledger, TALLY_AT(21)), 600);
    ledger_take(&ledger, &(struct event){.kind = EVENT_PAUSE,
                                         .when = BEGUN + 21,
                                         .at = TALLY_AT(21),
                                         .until = BEGUN + 1021});
    assert_int_equal(ledger_left(&ledger, TALLY_AT(21)), 1000);
}

/* Somebody sets it back by an hour, and then forward by a day. */
static void a_clock_that_is_set_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < 80; i++) {
        tally_set = i < 30 ? 0 : i < 70 ? -3600 : 86400;
        row(i, ROW_RUNNING, OUTCOME_DONE, (time_t)i);
        tally_set = i < 29 ? 0 : i < 69 ? -3600 : 86400;
        row(i, ROW_DONE, OUTCOME_RENEWED, (time_t)i + 1);
        assert_int_equal(ledger_seconds(&ledger.row[i]), 1);
    }
    assert_in_range(ledger_left(&ledger, TALLY_AT(80)), 20, 21);
    ledger_take(&ledger,
                &(struct event){.kind = EVENT_PAUSE,
                                .when = BEGUN + 80 + tally_set,
                                .at = TALLY_AT(80),
                                .until = BEGUN + 80 + tally_set + 600});
    assert_int_equal(ledger_left(&ledger, TALLY_AT(80)), 600);
    assert_int_equal(ledger_left(&ledger, TALLY_AT(90)), 590);
}

/* --- what it came to ----------------------------------------------------- */

static void the_worst_comes_first(void **state)
{
    struct ledger_group groups[OUTCOME_COUNT];

    (void)state;
    for (size_t i = 0; i < 60; i++)
        begin_and_end(i, 1);
    row(60, ROW_FAILED, OUTCOME_TIMEOUT, 1);
    row(61, ROW_FAILED, OUTCOME_TIMEOUT, 1);
    row(62, ROW_FAILED, OUTCOME_REJECTED, 1);
    wait_for(63, true);
    row(64, ROW_EXCLUDED, OUTCOME_EXPIRED, 1);
    row(65, ROW_EXCLUDED, OUTCOME_NOT_DUE, 1);
    row(66, ROW_DONE, OUTCOME_ALREADY_RENEWED, 1);
    assert_int_equal(ledger_groups(&ledger, groups), 7);
    assert_int_equal(groups[0].outcome, OUTCOME_REJECTED);
    assert_int_equal(groups[1].outcome, OUTCOME_TIMEOUT);
    assert_int_equal(groups[1].count, 2);
    assert_int_equal(groups[2].outcome, OUTCOME_WAITING);
    assert_int_equal(groups[3].outcome, OUTCOME_RENEWED);
    assert_int_equal(groups[3].count, 60);
    assert_int_equal(groups[4].outcome, OUTCOME_ALREADY_RENEWED);
    assert_int_equal(groups[5].outcome, OUTCOME_EXPIRED);
    assert_int_equal(groups[6].outcome, OUTCOME_NOT_DUE);
}

#define LEDGER(test) cmocka_unit_test_setup_teardown(test, set_up, tally_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(every_row_is_in_one_state),
        LEDGER(what_the_journal_knows_is_kept),
        LEDGER(a_row_may_wait_beyond_this_run),
        LEDGER(nothing_is_promised_too_early),
        LEDGER(the_time_before_the_first_end_is_no_pace),
        LEDGER(what_is_not_begun_has_all_of_it_before_it),
        LEDGER(the_pace_is_that_of_the_last_ends),
        LEDGER(a_quick_pace_is_one),
        LEDGER(waits_are_reckoned_in),
        LEDGER(a_clock_that_is_set_changes_nothing),
        LEDGER(the_worst_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
