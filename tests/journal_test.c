#include "client/renewal/journal.h"

#include "tests/support/ledger.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { READERS = 5, KILLS = 25 };

/* --- rows ---------------------------------------------------------------- */

static void a_row_comes_back_as_it_was(void **state)
{
    static const char awkward[] = "'; DROP TABLE renewal; -- «ё» \n\t\"%s";
    struct journal *journal = ledger_open();
    struct record record = {.failed = false}, again = {.failed = false};

    (void)state;
    for (int i = 0; i < RECORD_FIELDS; i++)
        if (i % 3 != 0)
            record_set(&record, (enum record_field)i, awkward);
    record_set(&record, RECORD_ID, ledger_id(1));
    record_set(&record, RECORD_FORM, "");
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    journal_close(&journal);
    assert_null(journal);
    journal = ledger_open();
    assert_int_equal(journal_load(journal, ledger_id(1), &again), OUTCOME_DONE);
    for (int i = 0; i < RECORD_FIELDS; i++) {
        const char *one = record_get(&record, (enum record_field)i);
        const char *other = record_get(&again, (enum record_field)i);

        assert_int_equal(one == NULL, other == NULL);
        if (one != NULL)
            assert_string_equal(one, other);
    }
    record_free(&record);
    record_free(&again);
    journal_close(&journal);
}

static void saving_again_replaces(void **state)
{
    struct journal *journal = ledger_open();

    (void)state;
    ledger_check_replacing(journal, 1);
    journal_close(&journal);
}

static void what_is_not_whole_is_not_saved(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    record_set(&record, RECORD_STEP, "signIn"); /* and no id */
    assert_int_equal(journal_save(journal, &record), OUTCOME_STATE_DAMAGED);
    record_set(&record, RECORD_ID, ledger_id(1));
    record.failed = true;
    assert_int_equal(journal_save(journal, &record), OUTCOME_MEMORY);
    assert_int_equal(journal_load(journal, ledger_id(1), &record),
                     OUTCOME_RENEWAL_UNKNOWN);
    record_free(&record);
    journal_close(&journal);
}

static void a_row_is_found_by_the_beginning_of_its_id(void **state)
{
    static const struct {
        const char *id;
        enum outcome outcome;
    } rows[] = {
        {"0000a00100000000000000000000abcd", OUTCOME_DONE},
        {"0000a001", OUTCOME_DONE},
        {"0000b", OUTCOME_DONE},
        {"0000", OUTCOME_RENEWAL_UNKNOWN}, /* of three */
        {"0000a", OUTCOME_RENEWAL_UNKNOWN},
        {"000", OUTCOME_RENEWAL_UNKNOWN}, /* too short to be meant */
        {"", OUTCOME_RENEWAL_UNKNOWN},
        {"ffff", OUTCOME_RENEWAL_UNKNOWN},
        {"0000a00100000000000000000000abcd0", OUTCOME_RENEWAL_UNKNOWN},
        {"____", OUTCOME_RENEWAL_UNKNOWN},
        {"%%%%", OUTCOME_RENEWAL_UNKNOWN},
        {"' OR 1=1 --", OUTCOME_RENEWAL_UNKNOWN},
        {"0000B", OUTCOME_RENEWAL_UNKNOWN},
    };
    struct journal *journal = ledger_open();

    (void)state;
    ledger_put(journal, 0xA001, "signIn", "aa");
    ledger_put(journal, 0xA002, "signIn", "bb");
    ledger_put(journal, 0xB001, "done", "cc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct record record = {.failed = false};

        if (journal_load(journal, rows[i].id, &record) != rows[i].outcome)
            fail_msg("%s", rows[i].id);
        if (rows[i].outcome != OUTCOME_DONE)
            assert_null(record_get(&record, RECORD_ID));
        record_free(&record);
    }
    journal_close(&journal);
}

static void open_and_done_are_told_apart(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    ledger_put(journal, 1, "done", "aa");
    ledger_put(journal, 2, "ended", "aa");
    ledger_put(journal, 3, "ended", "bb");
    ledger_put(journal, 4, "confirm", "cc");
    ledger_put(journal, 5, "done", "dd");
    ledger_put(journal, 6, "done", "dd");
    assert_int_equal(journal_find_open(journal, "aa", &record),
                     OUTCOME_NOTHING_OPEN);
    assert_int_equal(journal_find_done(journal, "aa", &record), OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_ID), ledger_id(1));
    assert_int_equal(journal_find_done(journal, "bb", &record),
                     OUTCOME_NOTHING_OPEN);
    assert_int_equal(journal_find_done(journal, "cc", &record),
                     OUTCOME_NOTHING_OPEN);
    assert_int_equal(journal_find_open(journal, "cc", &record), OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_ID), ledger_id(4));
    assert_int_equal(journal_find_done(journal, "dd", &record), OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_ID), ledger_id(6));
    record_free(&record);
    journal_close(&journal);
}

static void put_there(struct journal *journal, unsigned number,
                      const char *step, const char *where)
{
    struct record record = {.failed = false};

    ledger_put(journal, number, step, "aa");
    assert_int_equal(journal_load(journal, ledger_id(number), &record),
                     OUTCOME_DONE);
    record_set(&record, RECORD_OLD_CONTAINER, where);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
}

static void the_last_of_a_place_is_found(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    put_there(journal, 3, "signIn", "file:/a");
    put_there(journal, 1, "done", "file:/a");
    put_there(journal, 2, "ended", "file:/a");
    put_there(journal, 4, "done", "file:/b");
    assert_int_equal(journal_find_last_at(journal, "file:/a", &record),
                     OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_ID), ledger_id(3));
    assert_int_equal(journal_find_last_at(journal, "file:/b", &record),
                     OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_ID), ledger_id(4));
    assert_int_equal(journal_find_last_at(journal, "file:/c", &record),
                     OUTCOME_NOTHING_OPEN);
    record_free(&record);
    journal_close(&journal);
}

/* The second connection is another kep. */
static void what_is_held_stays_as_it_was(void **state)
{
    struct journal *journal = ledger_open(), *other = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    journal_hold(NULL, true);
    ledger_put(other, 1, "submit", "aa");
    journal_hold(journal, true);
    journal_hold(journal, true);
    assert_int_equal(journal_find_last(journal, "aa", &record), OUTCOME_DONE);
    ledger_put(other, 2, "submit", "bb");
    assert_int_equal(journal_find_last(journal, "bb", &record),
                     OUTCOME_NOTHING_OPEN);
    journal_hold(journal, false);
    journal_hold(journal, false);
    assert_int_equal(journal_find_last(journal, "bb", &record), OUTCOME_DONE);
    /* What is saved is not kept back until then. */
    journal_hold(journal, true);
    assert_int_equal(journal_find_last(journal, "cc", &record),
                     OUTCOME_NOTHING_OPEN);
    ledger_put(other, 3, "submit", "cc");
    ledger_put(journal, 4, "submit", "dd");
    assert_int_equal(journal_find_last(other, "dd", &record), OUTCOME_DONE);
    assert_int_equal(journal_find_last(journal, "cc", &record), OUTCOME_DONE);
    record_free(&record);
    journal_close(&other);
    journal_close(&journal);
}

static void put_at(struct journal *journal, unsigned number, const char *step,
                   const char *created, const char *updated)
{
    struct record record = {.failed = false};

    record_set(&record, RECORD_ID, ledger_id(number));
    record_set(&record, RECORD_STEP, step);
    record_set(&record, RECORD_OLD_THUMBPRINT, "aa");
    record_set(&record, RECORD_CREATED, created);
    record_set(&record, RECORD_UPDATED, updated);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
}

/* Each in turn says more than those before it. */
static void the_open_one_says_more_than_one_that_is_over(void **state)
{
    static const struct {
        unsigned number, last;
        const char *step, *created, *updated;
    } rows[] = {
        {1, 1, "ended", "1700000100", "1700000900"},
        {2, 1, "ended", "1700000200", "1700000800"},
        {3, 3, "ended", "1700000050", "1700000950"},
        {4, 4, "done", "1700000001", "1700000002"},
        {5, 4, "done", "1700000003", "1700000001"},
        {6, 6, "done", "1700000000", "1700000003"},
        {7, 7, "submit", "1700000001", "1700000001"},
        {8, 8, "signIn", "1700000002", "1700000000"},
        {9, 8, "awaitIssue", "1700000000", "1700000999"},
    };
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    assert_int_equal(journal_find_last(journal, "aa", &record),
                     OUTCOME_NOTHING_OPEN);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_at(journal, rows[i].number, rows[i].step, rows[i].created,
               rows[i].updated);
        assert_int_equal(journal_find_last(journal, "aa", &record),
                         OUTCOME_DONE);
        assert_string_equal(record_get(&record, RECORD_ID),
                            ledger_id(rows[i].last));
    }
    record_free(&record);
    journal_close(&journal);
}

struct walk {
    struct journal *journal;
    char seen[8][33];
    size_t count;
    enum outcome outcomes[8];
};

/* It changes the row, as a run does. */
static enum outcome visit(void *context, struct record *record)
{
    struct walk *walk = context;
    size_t i = walk->count++;

    snprintf(walk->seen[i], sizeof walk->seen[i], "%s",
             record_get(record, RECORD_ID));
    record_set(record, RECORD_STEP, i == 0 ? "done" : "review");
    assert_int_equal(journal_save(walk->journal, record), OUTCOME_DONE);
    return walk->outcomes[i];
}

static void the_open_ones_are_visited_oldest_first(void **state)
{
    struct walk walk = {
        .journal = ledger_open(),
        .outcomes = {OUTCOME_UNREACHABLE, OUTCOME_REJECTED, OUTCOME_RENEWED}};

    (void)state;
    ledger_put(walk.journal, 3, "signIn", "cc");
    ledger_put(walk.journal, 1, "confirm", "aa");
    ledger_put(walk.journal, 2, "submit", "bb");
    ledger_put(walk.journal, 4, "done", "dd");
    ledger_put(walk.journal, 5, "ended", "ee");
    assert_int_equal(journal_each_open(walk.journal, visit, &walk),
                     OUTCOME_REJECTED);
    assert_int_equal(walk.count, 3);
    for (unsigned i = 0; i < 3; i++)
        assert_string_equal(walk.seen[i], ledger_id(i + 1));
    walk.count = 0;
    assert_int_equal(journal_each_open(walk.journal, visit, &walk),
                     OUTCOME_REJECTED);
    assert_int_equal(walk.count, 2);
    journal_close(&walk.journal);
}

static void nothing_open_is_no_failure(void **state)
{
    struct walk walk = {.journal = ledger_open()};

    (void)state;
    ledger_put(walk.journal, 1, "done", "aa");
    assert_int_equal(journal_each_open(walk.journal, visit, &walk),
                     OUTCOME_DONE);
    assert_int_equal(walk.count, 0);
    journal_close(&walk.journal);
}

/* --- several at once, and death ------------------------------------------ */

static int read_often(void)
{
    struct journal *journal = NULL;
    int wrong = journal_open(ledger_path(), &journal) != OUTCOME_DONE;

    for (int i = 0; !wrong && i < 50; i++) {
        struct record record = {.failed = false};

        wrong = journal_load(journal, ledger_id(1), &record) != OUTCOME_DONE ||
                record_get(&record, RECORD_STEP) == NULL;
        record_free(&record);
    }
    journal_close(&journal);
    return wrong;
}

static void readers_do_not_disturb_a_writer(void **state)
{
    struct journal *journal = ledger_open();
    pid_t children[READERS];

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    journal_close(&journal);
    for (int i = 0; i < READERS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(read_often());
    }
    journal = ledger_open();
    for (int i = 0; i < 50; i++)
        ledger_put(journal, 1, i % 2 == 0 ? "review" : "signIn", "aa");
    journal_close(&journal);
    for (int i = 0; i < READERS; i++) {
        int status = -1;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
}

/* Each field of a row is of the same saving. */
static void write_for_ever(void)
{
    struct journal *journal = ledger_open();

    for (unsigned i = 0;; i++) {
        struct record record = {.failed = false};

        for (int field = 0; field < RECORD_FIELDS; field++)
            record_set_time(&record, (enum record_field)field, (time_t)i);
        record_set(&record, RECORD_ID, ledger_id(i % 4));
        (void)!journal_save(journal, &record);
        record_free(&record);
    }
}

static void check_rows(void)
{
    struct journal *journal = ledger_open();

    for (unsigned i = 0; i < 4; i++) {
        struct record record = {.failed = false};
        enum outcome outcome = journal_load(journal, ledger_id(i), &record);

        assert_true(outcome == OUTCOME_DONE ||
                    outcome == OUTCOME_RENEWAL_UNKNOWN);
        for (int field = 1; outcome == OUTCOME_DONE && field < RECORD_FIELDS;
             field++)
            assert_string_equal(record_get(&record, (enum record_field)field),
                                record_get(&record, RECORD_STEP));
        record_free(&record);
    }
    journal_close(&journal);
}

static void killed_in_the_middle_each_row_is_old_or_new(void **state)
{
    (void)state;
    for (int i = 0; i < KILLS; i++) {
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0)
            write_for_ever();
        usleep(2000 + 700 * (unsigned)i);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        check_rows();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(a_row_comes_back_as_it_was),
        LEDGER(saving_again_replaces),
        LEDGER(what_is_not_whole_is_not_saved),
        LEDGER(a_row_is_found_by_the_beginning_of_its_id),
        LEDGER(open_and_done_are_told_apart),
        LEDGER(the_last_of_a_place_is_found),
        LEDGER(the_open_one_says_more_than_one_that_is_over),
        LEDGER(what_is_held_stays_as_it_was),
        LEDGER(the_open_ones_are_visited_oldest_first),
        LEDGER(nothing_open_is_no_failure),
        LEDGER(readers_do_not_disturb_a_writer),
        LEDGER(killed_in_the_middle_each_row_is_old_or_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
