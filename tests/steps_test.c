#include "client/renewal/steps.h"

#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the table ----------------------------------------------------------- */

/* rule_22 */
static void steps_follow_each_other(void **state)
{
    const char *word = steps_first();
    unsigned number = 0;

    (void)state;
    while (!journal_step_is_end(word)) {
        const struct step *step = steps_find(word);

        assert_non_null(step);
        assert_string_equal(step->word, word);
        assert_non_null(step->run);
        /* What is the user's own comes last and is no step to them. */
        if (step->title == NULL)
            assert_string_equal(step->next, "done");
        else
            assert_int_equal(step->number, ++number);
        word = step->next;
    }
    assert_string_equal(word, "done");
    assert_int_equal(number, steps_count());
}

static void other_words_are_no_steps(void **state)
{
    static const char *const words[] = {"",     "done",    "ended",   "signin",
                                        "sign", "signIn ", "makeKeys"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_null(steps_find(words[i]));
    assert_null(steps_find(NULL));
}

static void only_two_words_are_an_end(void **state)
{
    (void)state;
    assert_true(journal_step_is_end("done"));
    assert_true(journal_step_is_end("ended"));
    assert_true(journal_step_is_end(NULL));
    assert_false(journal_step_is_end("signIn"));
    assert_false(journal_step_is_end(""));
}

/* --- all of them --------------------------------------------------------- */

static void assert_renewed(void)
{
    assert_int_equal(trial_containers("new"), 1);
    assert_int_equal(trial_containers("old"), 1);
    assert_string_equal(trial_field(RECORD_STEP), "done");
    assert_string_equal(trial_field(RECORD_OUTCOME), "renewed");
    assert_non_null(trial_field(RECORD_NEW_THUMBPRINT));
    assert_null(trial_session());
}

/* The key comes between the consent and the request. */
static void count_keys(const char *operation)
{
    static const char *const with[] = {"sendRequest", "confirmRequest",
                                       "readForm", "readCertificate",
                                       "reportInstalled"};
    size_t keys = 0;

    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        if (strcmp(with[i], operation) == 0)
            keys = 1;
    assert_int_equal(trial_containers("new"), keys);
}

/* rule_68, rule_80 */
static void a_renewal_takes_each_step(void **state)
{
    static const char *const operations[] = {
        "requestCode",    "signIn",        "listCertificates",
        "openForm",       "readStatement", "sendStatementSignature",
        "submitForm",     "giveConsent",   "sendRequest",
        "confirmRequest", "readForm",      "readCertificate",
        "reportInstalled"};

    (void)state;
    centre.before = count_keys;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_non_null(strstr(outcome_row(OUTCOME_RENEWED)->sentence,
                           "installed and ready for use"));
    assert_int_equal(centre.count, sizeof operations / sizeof *operations);
    for (size_t i = 0; i < centre.count; i++)
        assert_string_equal(centre.log[i], operations[i]);
    assert_renewed();
}

static void a_normal_renewal_confirms_the_data(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "normal");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("changeData"), 1);
    assert_renewed();
}

/* Whatever was done when the process died, the next run goes on; there is
 * one key, and it is the one that was certified. */
static void goes_on_after(size_t *moment, size_t last)
{
    for (size_t i = 1; i <= last; i++) {
        *moment = i;
        assert_int_equal(trial_run_apart(), -1);
        *moment = 0;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_renewed();
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void killed_before_each_request_it_goes_on(void **state)
{
    (void)state;
    goes_on_after(&centre.die_before, 13);
}

static void killed_after_each_request_it_goes_on(void **state)
{
    (void)state;
    goes_on_after(&centre.die_after, 13);
}

static void killed_before_each_saving_it_goes_on(void **state)
{
    size_t last;

    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    last = trial.saved;
    assert_true(last > 4);
    trial_end(NULL);
    trial_begin(NULL);
    /* Before the first one there is nothing yet. */
    for (size_t i = 2; i <= last; i++) {
        trial.die_saving = i;
        assert_int_equal(trial_run_apart(), -1);
        trial.die_saving = 0;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_renewed();
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* Each answer is lost in turn: what was asked for has happened. */
static void lost_answers_cost_nothing(void **state)
{
    static const struct {
        const char *operation;
        enum outcome outcome;
    } rows[] = {
        {"listCertificates", OUTCOME_UNREACHABLE},
        {"openForm", OUTCOME_UNREACHABLE},
        {"readStatement", OUTCOME_UNREACHABLE},
        {"sendStatementSignature", OUTCOME_UNREACHABLE},
        {"submitForm", OUTCOME_UNREACHABLE},
        {"giveConsent", OUTCOME_UNREACHABLE},
        {"sendRequest", OUTCOME_UNREACHABLE},
        {"confirmRequest", OUTCOME_UNREACHABLE},
        {"readForm", OUTCOME_RENEWED}, /* while it waits it asks again */
        {"readCertificate", OUTCOME_UNREACHABLE},
        {"reportInstalled", OUTCOME_UNREACHABLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char spec[64];

        snprintf(spec, sizeof spec, "%s=drop-after*4", rows[i].operation);
        centre_fault(spec);
        assert_int_equal(trial_run(), rows[i].outcome);
        if (rows[i].outcome != OUTCOME_RENEWED)
            assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_renewed();
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* --- what the journal may hold ------------------------------------------- */

/* Of a later kep, or damaged: nothing is claimed and nothing is done. */
static void an_unknown_step_is_not_the_end(void **state)
{
    static const char *const words[] = {"", "newStep", "DONE"};

    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t before = centre.count;

        trial_change(RECORD_STEP, words[i]);
        centre.now += 3600;
        assert_int_equal(trial_run(), OUTCOME_STATE_DAMAGED);
        assert_int_equal(centre.count, before);
        assert_string_equal(trial_field(RECORD_STEP), words[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_follow_each_other),
        cmocka_unit_test(other_words_are_no_steps),
        cmocka_unit_test(only_two_words_are_an_end),
        TRIAL(a_renewal_takes_each_step),
        TRIAL(a_normal_renewal_confirms_the_data),
        TRIAL(killed_before_each_request_it_goes_on),
        TRIAL(killed_after_each_request_it_goes_on),
        TRIAL(killed_before_each_saving_it_goes_on),
        TRIAL(lost_answers_cost_nothing),
        TRIAL(an_unknown_step_is_not_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
