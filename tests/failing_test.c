#include "client/renewal/failing.h"

#include "tests/support/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct options options;
static char problem[HOOK_PROBLEM];

/* A renewal that failed, as its run leaves it. */
static struct record failed(unsigned number)
{
    struct record record = {.failed = false};

    record_set(&record, RECORD_ID, ledger_id(number));
    record_set(&record, RECORD_STEP, "submit");
    record_set(&record, RECORD_OLD_THUMBPRINT, "aa");
    record_set(&record, RECORD_OUTCOME, "serverError");
    return record;
}

/* What the journal says of whether it was told. */
static void check_told(struct journal *journal, unsigned number,
                       const char *word)
{
    struct record record = {.failed = false};
    const char *told;

    assert_int_equal(journal_load(journal, ledger_id(number), &record),
                     OUTCOME_DONE);
    told = record_get(&record, RECORD_FAILED_TOLD);
    if (word == NULL)
        assert_null(told);
    else
        assert_string_equal(told, word);
    record_free(&record);
}

static bool tell(struct failing *failing, unsigned number, const char *command)
{
    struct record record = failed(number);
    bool told;

    options.failed_command = command;
    told = failing_tell(failing, &record, OUTCOME_SERVER_ERROR, NULL, problem);
    record_free(&record);
    return told;
}

static void what_is_told_and_what_is_not_is_noted(void **state)
{
    struct journal *journal = ledger_open();
    struct failing failing = {journal, &options, 0};

    (void)state;
    assert_true(tell(&failing, 1, "true"));
    assert_string_equal(problem, "");
    check_told(journal, 1, "serverError");
    assert_false(tell(&failing, 2, "false"));
    assert_non_null(strstr(problem, "--failed-command false: "));
    check_told(journal, 2, "!serverError");
    assert_false(tell(&failing, 3, "/nowhere/at/all"));
    check_told(journal, 3, "!serverError");
    /* Those that failed at once cost nothing: the next is tried. */
    assert_true(tell(&failing, 4, "true"));
    options.failed_command = "true";
    assert_int_equal(failing_retry(&failing, problem), 0);
    check_told(journal, 2, "serverError");
    check_told(journal, 3, "serverError");
    journal_close(&journal);
}

/* A net that comes and goes is told once for each way in which it is gone. */
static void what_alternates_is_told_once(void **state)
{
    static const enum outcome turns[] = {
        OUTCOME_SERVER_ERROR, OUTCOME_UNREACHABLE, OUTCOME_SERVER_ERROR,
        OUTCOME_TIMEOUT, OUTCOME_UNREACHABLE};
    struct journal *journal = ledger_open();
    struct failing failing = {journal, &options, 0};
    struct record record = failed(1);

    (void)state;
    for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
        /* Which were told before is not told to this one, which would fail. */
        options.failed_command = i == 2 || i == 4 ? "false" : "true";
        assert_true(failing_tell(&failing, &record, turns[i], NULL, problem));
    }
    check_told(journal, 1, "timeout unreachable serverError");
    options.failed_command = "false";
    assert_false(
        failing_tell(&failing, &record, OUTCOME_REJECTED, NULL, problem));
    check_told(journal, 1, "!rejected timeout unreachable serverError");
    assert_true(
        failing_tell(&failing, &record, OUTCOME_TIMEOUT, NULL, problem));
    /* It has passed meanwhile. */
    assert_int_equal(failing_retry(&failing, problem), 0);
    check_told(journal, 1, "timeout unreachable serverError");
    record_free(&record);
    journal_close(&journal);
}

static void after_five_minutes_for_nothing_none_is_run(void **state)
{
    struct journal *journal = ledger_open();
    struct failing failing = {journal, &options, HOOK_SECONDS};

    (void)state;
    assert_false(tell(&failing, 1, "true"));
    assert_string_equal(problem, "");
    check_told(journal, 1, "!serverError");
    assert_int_equal(failing_retry(&failing, problem), 1);
    check_told(journal, 1, "!serverError");
    failing.lost = HOOK_SECONDS - 1;
    assert_int_equal(failing_retry(&failing, problem), 0);
    check_told(journal, 1, "serverError");
    journal_close(&journal);
}

static void what_has_passed_is_not_told_any_more(void **state)
{
    struct journal *journal = ledger_open();
    struct failing failing = {journal, &options, 0};
    struct record record = {.failed = false};

    (void)state;
    assert_false(tell(&failing, 1, "false"));
    assert_int_equal(journal_load(journal, ledger_id(1), &record),
                     OUTCOME_DONE);
    record_set(&record, RECORD_OUTCOME, "waiting");
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
    assert_int_equal(failing_retry(&failing, problem), 0);
    check_told(journal, 1, NULL);
    journal_close(&journal);
}

static void what_is_no_failure_is_never_told(void **state)
{
    static const enum outcome none[] = {
        OUTCOME_DONE,    OUTCOME_RENEWED,   OUTCOME_ALREADY_RENEWED,
        OUTCOME_NOT_DUE, OUTCOME_WAITING,   OUTCOME_INTERRUPTED,
        OUTCOME_LOCKED,  OUTCOME_CANCELLED,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(failing_counts(none[i]));
    assert_true(failing_counts(OUTCOME_CONTAINER_NOT_FOUND));
    assert_true(failing_counts(OUTCOME_HOOK_FAILED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(what_is_told_and_what_is_not_is_noted),
        LEDGER(what_alternates_is_told_once),
        LEDGER(after_five_minutes_for_nothing_none_is_run),
        LEDGER(what_has_passed_is_not_told_any_more),
        cmocka_unit_test(what_is_no_failure_is_never_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
