/* The statement on paper: what a person at a terminal and what options do, with
 * a centre. */
#include "client/dossier/paper.h"

#include "tests/support/applicant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* rule_34, rule_44, rule_45 */
static void another_owner_signs_by_hand(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.paper = true;
    trial.options.changes = applicant_file(
        "changes", "{\"surname\":\"Новая\",\"commonName\":\"Новая Анна\"}");
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    assert_non_null(strstr(trial_field(RECORD_STATEMENT), "Новая Анна"));
    assert_int_equal(centre_calls("sendStatementSignature"), 0);
    /* As often as one likes, until there is a scan. */
    trial.options.changes = NULL;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    applicant_give(applicant_file("scan", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendUnsignedRequest"), 1);
    assert_int_equal(centre_calls("sendRequest"), 0);
    assert_int_equal(trial_containers("new"), 1);
}

/* rule_34 */
/* A person says so, and finds the name among what can be corrected. */
static void another_owner_is_one_of_the_answers(void **state)
{
    (void)state;
    applicant_begin();
    applicant_told("The owner is another: a statement on paper");
    applicant_answer("What has changed", "3");
    applicant_told(" 1 Surname");
    applicant_answer("Which one is to be corrected?", "1");
    applicant_answer("Surname", "Новая");
    applicant_answer("Which one is to be corrected?", "cancel");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_string_equal(trial_field(RECORD_MODE), "paper");
    assert_non_null(strstr(trial_field(RECORD_DRAFT), "Новая"));
}

/* rule_34 */
/* Nothing that was known of the former owner is taken for the new one's. */
static void of_another_owner_everything_is_asked_for(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.paper = true;
    trial.options.changes = applicant_file(
        "changes", "{\"snils\":\"112-233-445 95\","
                   "\"surname\":\"Новая\",\"commonName\":\"Новая А.\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    assert_non_null(strstr(trial.failure.detail, "place of birth"));
    trial.options.changes =
        applicant_file("changes", "{" APPLICANT_PASSPORT "}");
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    applicant_give(applicant_scan("passport", "%PDF-1.7\n..."));
    applicant_give(applicant_scan("snils", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    applicant_give(applicant_file("sheet", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendDocument"), 3);
    assert_non_null(strstr(trial_field(RECORD_DATA), "11223344595"));
}

/* rule_45 */
static void the_sheet_may_be_carried_to_the_centre(void **state)
{
    (void)state;
    trial.options.paper = true;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    centre_set(trial.thumbprint, "approved");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendDocument"), 0);
}

/* rule_45 */
static void the_sheet_that_was_carried_is_the_one_that_was_printed(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.paper = true;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    trial_change(RECORD_STATEMENT, "Заявление, каким оно было");
    centre_set(trial.thumbprint, "approved");
    assert_int_equal(trial_run(), OUTCOME_SHEET_DIFFERS);
    assert_int_equal(trial_containers("new"), 0);
    assert_int_equal(centre_calls("giveConsent"), 0);
    /* What was accepted beforehand is not this, as often as it is said. */
    assert_true(trial.options.accept_data);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(trial_run(), OUTCOME_SHEET_DIFFERS);
        assert_null(trial_field(RECORD_STATEMENT));
        assert_int_equal(centre_calls("giveConsent"), 0);
    }
    /* It is for a person to look at, and not signed with the key meanwhile. */
    applicant_begin();
    applicant_told("Заявка: ");
    applicant_answer("what you signed by hand", "n");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_STATEMENT));
    applicant_begin();
    applicant_answer("what you signed by hand", "y");
    applicant_answer("Do you agree?", "n");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_STATEMENT));
    /* Nor is the person at the terminal passed over. */
    trial.options.accept_data = true;
    trial_run_at(&applicant_pty);
    applicant_answer("what you signed by hand", "");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_int_equal(centre_calls("giveConsent"), 0);
    applicant_begin();
    applicant_answer("what you signed by hand", "y");
    applicant_answer("Do you agree?", "y");
    applicant_answer("Do you agree?", "y"); /* to the issue */
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
    assert_non_null(strstr(trial_field(RECORD_STATEMENT), "Заявка: "));
}

/* rule_45 */
static void what_is_sent_is_the_scan_of_what_was_printed(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.paper = true;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    trial_change(RECORD_STATEMENT, "Заявление, каким оно было");
    applicant_give(applicant_file("scan", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_CHANGED);
    assert_int_equal(centre_calls("sendDocument"), 0);
    assert_null(trial_field(RECORD_STATEMENT));
    trial.options.scan.count = 0;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    assert_non_null(strstr(trial_field(RECORD_STATEMENT), "Заявка: "));
    applicant_give(applicant_file("scan", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendDocument"), 1);
}

/* rule_44 */
static void a_person_is_led_to_paper_and_back(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    centre_wait(0, 0);
    applicant_begin();
    applicant_answer("Go on with a statement on paper?", "y");
    applicant_answer("Which one is to be corrected?", "0");
    assert_true(pty_expect(&applicant_pty, "signed by hand"));
    applicant_answer("Do you agree?", "y");
    applicant_answer("The statement on paper", "2");
    applicant_answer("File with the scan", "back");
    applicant_answer("The statement on paper", "1");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_STATEMENT_TO_SIGN);
    applicant_begin();
    applicant_answer("The statement on paper", "2");
    applicant_answer("File with the scan",
                     applicant_file("scan", "%PDF-1.7\n..."));
    applicant_answer("Do you agree?", "y");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
}

/* rule_44 */
static void whoever_wants_no_paper_begins_nothing(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    applicant_begin();
    applicant_answer("Go on with a statement on paper?", "n");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_PAPER_ONLY);
}

static void whoever_wants_express_is_not_asked_for_paper(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    trial.options.express = true;
    applicant_begin();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_PAPER_ONLY);
    assert_int_equal(centre_calls("openForm"), 0);
}

/* rule_43, rule_44 */
static void an_expired_one_goes_by_paper(void **state)
{
    (void)state;
    centre.now += 40L * 24 * 3600;
    centre_set(trial.thumbprint, "paper");
    centre_wait(0, 0);
    trial.options.paper = true;
    applicant_give(applicant_file("scan", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* rule_12, rule_44: and not in a circle. */
static void paper_that_the_centre_does_not_take_is_not_advised(void **state)
{
    (void)state;
    centre.now += 40L * 24 * 3600;
    trial.options.paper = true;
    assert_int_equal(trial_run(), OUTCOME_PAPER_REFUSED);
    assert_int_equal(centre_calls("openForm"), 0);
}

/* rule_34 */
static void nobody_is_led_to_paper_unasked(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    assert_int_equal(trial_run(), OUTCOME_PAPER_ONLY);
    assert_int_equal(centre_calls("openForm"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(another_owner_signs_by_hand),
        TRIAL(another_owner_is_one_of_the_answers),
        TRIAL(of_another_owner_everything_is_asked_for),
        TRIAL(the_sheet_may_be_carried_to_the_centre),
        TRIAL(the_sheet_that_was_carried_is_the_one_that_was_printed),
        TRIAL(what_is_sent_is_the_scan_of_what_was_printed),
        TRIAL(a_person_is_led_to_paper_and_back),
        TRIAL(whoever_wants_no_paper_begins_nothing),
        TRIAL(whoever_wants_express_is_not_asked_for_paper),
        TRIAL(an_expired_one_goes_by_paper),
        TRIAL(paper_that_the_centre_does_not_take_is_not_advised),
        TRIAL(nobody_is_led_to_paper_unasked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
