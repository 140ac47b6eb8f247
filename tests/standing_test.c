#include "client/renewal/standing.h"

#include "client/text.h"
#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60 };

static struct standing standing;
static char sentence[4096], advice[4096];
static bool advised, past;

/* Of what is in a container now. */
static void look_at(const char *container)
{
    struct container_info info = {.algorithm = NULL};
    const struct medium_ops *ops;
    struct journal *journal = NULL;
    char where[LOCATION_MAX];

    assert_int_equal(medium_find(container, &ops, where), FAULT_NONE);
    assert_int_equal(ops->describe(where, &info), FAULT_NONE);
    assert_int_equal(
        journal_open(scratch_path(trial.dir, "state/kep/journal.db"), &journal),
        OUTCOME_DONE);
    standing_free(&standing);
    standing_find(&standing, journal, info.certificate, true, centre.now, 60);
    standing_sentence(&standing, true, where, sentence, sizeof sentence);
    past = standing_is_past(journal, info.certificate, centre.now);
    /* A list that has seen less says the same. */
    assert_int_equal(standing_is_past_at(journal, info.where,
                                         info.certificate->not_after,
                                         centre.now),
                     past);
    assert_false(standing_is_past_at(journal, info.where,
                                     info.certificate->not_after + 1,
                                     info.certificate->not_after));
    assert_false(standing_is_past_at(journal, "file:/another",
                                     info.certificate->not_after,
                                     info.certificate->not_after));
    assert_true(standing_is_past_at(NULL, info.where,
                                    info.certificate->not_after,
                                    info.certificate->not_after + 1));
    advised =
        standing_advice(&standing, &info, centre.now, advice, sizeof advice);
    journal_close(&journal);
    container_info_free(&info);
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static int end(void **state)
{
    standing_free(&standing);
    return trial_end(state);
}

#define STANDING(test) cmocka_unit_test_setup_teardown(test, trial_begin, end)

/* rule_4 */
static void a_due_one_is_offered_with_its_command(void **state)
{
    char command[LOCATION_MAX + 32];

    (void)state;
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_DUE);
    assert_string_equal(standing_word(standing.state), "due");
    snprintf(command, sizeof command, "due. Run: kep renew '%s'", trial.old);
    assert_string_equal(sentence, command);
    assert_false(advised);
}

/* rule_7, rule_8, rule_9, rule_11, rule_12 */
static void an_excluded_one_is_not_offered_and_says_why(void **state)
{
    static const struct {
        const char *word;
        enum outcome outcome;
        const char *why, *instead;
    } rows[] = {
        {"subject-changed", OUTCOME_SUBJECT_CHANGED,
         "of the organisation or of the owner have changed",
         "service centre where you were connected. Where only the owner is "
         "another and the centre agrees, a statement on paper will do (kep "
         "renew --paper). If the centre asks you for a certificate request, "
         "make one with: kep request"},
        {"daughter-organisation", OUTCOME_DAUGHTER_ORGANISATION,
         "daughter organisations", "kep request"},
        {"form-exists", OUTCOME_FORM_EXISTS, "already begun",
         "Finish it there: ask your service centre"},
        {"other-centre", OUTCOME_OTHER_CENTRE, "another certification centre",
         "instruction"},
        {"kind-changed", OUTCOME_KIND_CHANGED, "no longer issued",
         "power of attorney"},
        {"revoked", OUTCOME_REVOKED, "revoked", "service centre"},
        {"paper", OUTCOME_PAPER_ONLY, "only on paper",
         "kep renew --paper. Otherwise contact it"},
    };
    char said[256];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre_set(trial.thumbprint, rows[i].word);
        assert_int_equal(trial_run(), rows[i].outcome);
        look_at(trial.old);
        assert_int_equal(standing.state, STANDING_EXCLUDED);
        assert_int_equal(standing.offer, rows[i].outcome);
        snprintf(said, sizeof said,
                 "not offered, as the certification centre said on %s. ",
                 text_date(centre.now).text);
        centre.now += DAY;
        look_at(trial.old);
        assert_says(sentence, said);
        assert_says(sentence, rows[i].why);
        assert_says(sentence, rows[i].instead);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* Another end says nothing for the next time; what it was is told. */
static void one_that_came_to_nothing_is_offered_again(void **state)
{
    static const struct {
        const char *word;
        enum outcome outcome;
        const char *why;
    } rows[] = {
        {"cancelled", OUTCOME_FORM_CANCELLED, "was cancelled"},
        {"rejected", OUTCOME_REJECTED, "rejected the application. The server"},
        {"issue-failed", OUTCOME_ISSUE_FAILED, "could not issue"},
        {"expired-form", OUTCOME_FORM_EXPIRED, "too old"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char told[4096];

        centre_set(trial.thumbprint, rows[i].word);
        assert_int_equal(trial_run(), rows[i].outcome);
        look_at(trial.old);
        assert_int_equal(standing.state, STANDING_DUE);
        assert_int_equal(standing.offer, OUTCOME_DONE);
        assert_non_null(standing_failed(&standing));
        assert_says(standing_failure(&standing, told, sizeof told),
                    rows[i].why);
        assert_says(told, text_date(centre.now).text);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void what_is_no_failed_application_is_not_told_as_one(void **state)
{
    (void)state;
    look_at(trial.old);
    assert_null(standing_failed(&standing));
    /* No application was made of it. */
    centre_set(trial.thumbprint, "revoked");
    assert_int_equal(trial_run(), OUTCOME_REVOKED);
    look_at(trial.old);
    assert_null(standing_failed(&standing));
    trial_change(RECORD_OUTCOME, "unauthorized");
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_DUE);
    assert_null(standing_failed(&standing));
    /* Of one, but withdrawn by whoever made it; or a later kep's word. */
    trial_change(RECORD_FORM, "0123");
    look_at(trial.old);
    assert_non_null(standing_failed(&standing));
    trial_change(RECORD_OUTCOME, "withdrawn");
    look_at(trial.old);
    assert_null(standing_failed(&standing));
    trial_change(RECORD_OUTCOME, "somethingNew");
    look_at(trial.old);
    assert_null(standing_failed(&standing));
    /* Another one has been begun. */
    trial_change(RECORD_OUTCOME, "rejected");
    trial_change(RECORD_STEP, "review");
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_BEGUN);
    assert_null(standing_failed(&standing));
}

/* rule_75, rule_76, rule_77 */
static void what_was_asked_for_and_what_has_come_is_told(void **state)
{
    (void)state;
    centre_wait(0, 3600);
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_REQUESTED);
    assert_says(sentence, "has been sent");
    assert_says(sentence, "better not to sign in to the reporting system; if "
                          "you must, choose this certificate");
    assert_says(sentence, "stays in use");

    centre.now += 3601;
    centre_fault("readCertificate=drop*99");
    assert_int_not_equal(trial_run(), OUTCOME_RENEWED);
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_RECEIVED);
    assert_says(sentence, "has been received");
    assert_says(sentence, "install it: kep resume");
}

/* rule_81, rule_89, rule_90, rule_91 */
static void a_renewed_one_is_kept_for_old_documents(void **state)
{
    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    look_at(trial.old);
    assert_int_equal(standing.state, STANDING_RENEWED);
    assert_says(sentence, "The new one is valid until");
    assert_says(
        sentence,
        text_date(strtoll(trial_field(RECORD_NEW_NOT_AFTER), NULL, 10)).text);
    assert_says(sentence, trial_field(RECORD_NEW_CONTAINER));
    assert_true(advised);
    assert_says(advice, "old documents");
    assert_says(advice, "--to local:");
    assert_true(past);
    look_at(trial_field(RECORD_NEW_CONTAINER));
    assert_false(past);
}

/* rule_10, rule_12, rule_90, rule_91 */
static void so_is_an_expired_one(void **state)
{
    (void)state;
    look_at(trial.old);
    assert_false(past);
    standing_free(&standing);
    centre.now += 31L * DAY;
    look_at(trial.old);
    assert_int_equal(standing.offer, OUTCOME_EXPIRED);
    assert_says(sentence, "not offered");
    assert_says(sentence, "service centre");
    assert_says(sentence, "kep renew --paper");
    assert_says(sentence, "kep request");
    assert_true(advised);
    assert_says(advice, "old documents");
    assert_true(past);
}

/* rule_83 */
static void a_copy_is_urged_until_there_is_one(void **state)
{
    char made[LOCATION_MAX], copy[LOCATION_MAX + 16];

    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    snprintf(made, sizeof made, "%s", trial_field(RECORD_NEW_CONTAINER));
    look_at(made);
    assert_true(advised);
    assert_says(advice, "There is no copy");
    assert_says(advice, "kep backup '");

    trial_change(RECORD_BACKUP_CONTAINER, "file:/media/copy/a.000");
    look_at(made);
    assert_says(advice, "There is a copy: file:/media/copy/a.000");

    /* Its folder is there, and it is not. */
    snprintf(copy, sizeof copy, "file:%s/gone.000", trial_folder("backup"));
    trial_change(RECORD_BACKUP_CONTAINER, copy);
    look_at(made);
    assert_says(advice, "The copy is not where it was made: ");
    assert_says(advice, "make another now: kep backup '");

    /* Of the copy itself something else is to be said. */
    trial_change(RECORD_BACKUP_CONTAINER, made);
    trial_change(RECORD_NEW_CONTAINER, "file:/media/flash/a.000");
    look_at(made);
    assert_true(advised);
    assert_string_equal(advice, "This is the copy of file:/media/flash/a.000");
}

static void of_one_from_elsewhere_nothing_is_claimed(void **state)
{
    (void)state;
    look_at(trial.old);
    assert_false(standing.made_here);
    assert_false(advised);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STANDING(a_due_one_is_offered_with_its_command),
        STANDING(an_excluded_one_is_not_offered_and_says_why),
        STANDING(one_that_came_to_nothing_is_offered_again),
        STANDING(what_is_no_failed_application_is_not_told_as_one),
        STANDING(what_was_asked_for_and_what_has_come_is_told),
        STANDING(a_renewed_one_is_kept_for_old_documents),
        STANDING(so_is_an_expired_one),
        STANDING(a_copy_is_urged_until_there_is_one),
        STANDING(of_one_from_elsewhere_nothing_is_claimed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
