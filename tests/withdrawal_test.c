#include "client/renewal/withdrawal.h"

#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static time_t now(void *context)
{
    (void)context;
    return centre.now;
}

static enum outcome withdraw(void)
{
    const struct clock clock = {now, NULL, NULL};
    const struct screen_settings settings = {.never_ask = true};
    struct screen *screen = screen_new(&settings);
    struct record record = {.failed = false};
    struct journal *journal = NULL;
    struct renewal renewal;
    enum outcome outcome;

    assert_int_equal(
        journal_open(scratch_path(trial.dir, "state/kep/journal.db"), &journal),
        OUTCOME_DONE);
    assert_int_equal(journal_load(journal, trial.id, &record), OUTCOME_DONE);
    assert_int_equal(
        renewal_init(&renewal, journal, screen, &clock, &trial.options),
        OUTCOME_DONE);
    renewal_take(&renewal, &record);
    outcome = withdrawal_run(&renewal);
    trial.failure = renewal.failure;
    renewal_free(&renewal);
    journal_close(&journal);
    screen_free(&screen);
    return outcome;
}

static void wait_for_operator(void)
{
    centre_set(trial.thumbprint, "normal");
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
}

static void one_that_waits_is_withdrawn(void **state)
{
    (void)state;
    wait_for_operator();
    assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
    assert_int_equal(centre_calls("cancelForm"), 1);
    assert_string_equal(trial_field(RECORD_STEP), "ended");
    assert_string_equal(trial_field(RECORD_OUTCOME), "withdrawn");
    assert_null(trial_session());
    assert_int_equal(trial_containers("new"), 0);
}

/* And the next one begins afresh. */
static void another_may_follow(void **state)
{
    (void)state;
    wait_for_operator();
    assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
    centre_set(trial.thumbprint, "express");
    trial.id[0] = '\0';
    trial.options.wait = 1800;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

static void one_without_a_form_needs_no_server(void **state)
{
    (void)state;
    centre_fault("requestCode=drop*99");
    assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
    assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
    assert_int_equal(centre_calls("cancelForm"), 0);
    assert_string_equal(trial_field(RECORD_STEP), "ended");
}

static void what_is_issued_is_not_withdrawn(void **state)
{
    (void)state;
    centre_fault("readCertificate=drop*99");
    assert_int_not_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(withdraw(), OUTCOME_CANNOT_WITHDRAW);
    assert_string_equal(trial_field(RECORD_STEP), "install");
    centre_fault(NULL);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* A server that is away: nothing has changed. */
static void a_server_that_is_away_keeps_it_open(void **state)
{
    (void)state;
    wait_for_operator();
    centre_fault("readForm=drop*99");
    assert_int_equal(withdraw(), OUTCOME_UNREACHABLE);
    assert_string_equal(trial_field(RECORD_STEP), "awaitApproval");
    centre_fault("cancelForm=drop-after*1");
    assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
}

static void one_that_is_over_already_is_gone_as_well(void **state)
{
    static const char *const words[] = {"rejected", "expired-form",
                                        "cancelled"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        wait_for_operator();
        centre_set(trial.thumbprint, words[i]);
        assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
        assert_int_equal(centre_calls("cancelForm"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* rule_55 */
static void an_unpaid_one_is_withdrawn_too(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "unpaid");
    assert_int_equal(trial_run(), OUTCOME_PAYMENT_REQUIRED);
    assert_int_equal(withdraw(), OUTCOME_WITHDRAWN);
    assert_int_equal(centre_calls("cancelForm"), 1);
    assert_int_equal(trial_containers("new"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(one_that_waits_is_withdrawn),
        TRIAL(another_may_follow),
        TRIAL(one_without_a_form_needs_no_server),
        TRIAL(what_is_issued_is_not_withdrawn),
        TRIAL(a_server_that_is_away_keeps_it_open),
        TRIAL(one_that_is_over_already_is_gone_as_well),
        TRIAL(an_unpaid_one_is_withdrawn_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
