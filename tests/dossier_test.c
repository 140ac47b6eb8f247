/* Data that are corrected and completed, documents: what a person at a
 * terminal and what options do, with a centre. */
#include "client/dossier/draft.h"

#include "tests/support/applicant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void to_the_end(void)
{
    applicant_answer("Do you agree?", "y");
    assert_true(pty_expect(&applicant_pty, "has been signed"));
    applicant_answer("Do you agree?", "y");
}

/* --- express, and leaving it --------------------------------------------- */

static struct name *subject_in(const char *container,
                               struct container_info *info)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX];

    assert_int_equal(medium_find(container, &ops, where), FAULT_NONE);
    assert_int_equal(ops->describe(where, info), FAULT_NONE);
    return &info->certificate->subject;
}

/* The new certificate says of owner and organisation what the old one does. */
static void assert_same_subject(void)
{
    struct container_info old = {.algorithm = NULL}, new = {.algorithm = NULL};
    const struct name *before = subject_in(trial.old, &old);
    const struct name *after =
        subject_in(trial_field(RECORD_NEW_CONTAINER), &new);

    assert_non_null(before->value[NAME_SURNAME]);
    assert_true(name_equal(before, after));
    container_info_free(&old);
    container_info_free(&new);
}

/* rule_13, rule_92, rule_95 */
static void nothing_has_changed(void **state)
{
    (void)state;
    applicant_begin();
    applicant_answer("What has changed", "");
    applicant_answer("Are all the data right?", "y");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_MODE), "express");
    assert_int_equal(centre_calls("changeData"), 0);
    assert_same_subject();
}

/* rule_33, rule_97 */
static void whoever_finds_a_mistake_leaves_express(void **state)
{
    (void)state;
    centre_wait(0, 0);
    applicant_begin();
    applicant_answer("What has changed", "1");
    applicant_answer("Are all the data right?", "n");
    applicant_told("corrected by your service centre");
    applicant_answer("What shall be done?", "1");
    applicant_answer("Which one is to be corrected?", "2"); /* the position */
    applicant_answer("Position", "Кассир");
    applicant_answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_MODE), "normal");
    assert_non_null(strstr(trial_field(RECORD_DATA), "Кассир"));
}

/* --- corrections --------------------------------------------------------- */

/* rule_35, rule_36 */
static void the_same_owner_corrects_and_signs_with_the_old_one(void **state)
{
    (void)state;
    centre_wait(0, 0);
    applicant_begin();
    applicant_answer("What has changed", "2");
    applicant_answer("Which one is to be corrected?", "99");
    applicant_told("0 or one of the numbers");
    applicant_answer("Which one is to be corrected?", "1");
    applicant_answer("E-mail", "no address");
    applicant_told("without blanks");
    applicant_answer("E-mail", "vera@example.org");
    applicant_answer("Which one is to be corrected?", "2");
    applicant_answer("Position", "Кассир");
    applicant_answer("Which one is to be corrected?", "3");
    applicant_answer("Department", "Касса");
    applicant_answer("Which one is to be corrected?", "12");
    applicant_answer("Document number", "654321");
    applicant_told("12 Document number");
    applicant_told("654321");
    applicant_answer("Which one is to be corrected?", "0");
    applicant_answer("Do you agree?", "y");
    assert_true(pty_expect(&applicant_pty, "has been signed"));
    applicant_answer("Do you agree?", "y");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
    assert_non_null(strstr(trial_field(RECORD_DATA), "vera@example.org"));
    assert_non_null(strstr(trial_field(RECORD_DATA), "Кассир"));
    assert_non_null(strstr(trial_field(RECORD_DATA), "Касса\""));
    assert_null(trial_field(RECORD_DRAFT));
}

/* rule_49 */
/* Enter leaves a value as it is: what is known stands in the question. */
static void what_is_known_is_filled_in(void **state)
{
    struct container_info old = {.algorithm = NULL};
    const struct name *before = subject_in(trial.old, &old);
    char question[256];

    (void)state;
    centre_wait(0, 0);
    applicant_begin();
    applicant_answer("What has changed", "2");
    applicant_answer("Which one is to be corrected?", "1");
    snprintf(question, sizeof question, "E-mail (like name@example.com) [%s]: ",
             before->value[NAME_EMAIL]);
    applicant_answer(question, "");
    applicant_answer("Which one is to be corrected?", "7");
    applicant_answer("Date of birth (like 31.12.1980) [29.02.1980]: ", "");
    applicant_answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
    assert_same_subject();
    container_info_free(&old);
}

/* rule_32 */
static void what_the_centre_alone_corrects_has_no_number(void **state)
{
    (void)state;
    applicant_begin();
    applicant_answer("What has changed", "2");
    assert_true(pty_expect(&applicant_pty, "These data will be"));
    assert_true(pty_expect(&applicant_pty, "INN (organisation)"));
    assert_true(pty_expect(&applicant_pty, "service centre"));
    assert_true(pty_expect(&applicant_pty, " 1 E-mail"));
    applicant_answer("Which one is to be corrected?", "cancel");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_STATEMENT_CONSENT_AT));
}

/* rule_25, rule_26, rule_27, rule_28, rule_29, rule_30, rule_31 */
static void what_the_register_wants_is_asked_for(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    centre_wait(0, 0);
    applicant_begin();
    applicant_told("has to register every qualified certificate in ESIA");
    applicant_told("does so by itself, but needs further data");
    applicant_answer("Date of birth", "31.02.1980");
    applicant_told("no such day");
    applicant_answer("Date of birth", "29.02.1980");
    applicant_answer("Place of birth", "гор. Минск");
    applicant_answer("Sex", "1");
    applicant_answer("Kind of document", "3"); /* no passport: citizenship */
    applicant_answer("Document number", "back");
    applicant_answer("Kind of document", "3"); /* the one asked before it */
    applicant_answer("Document number", "AB 12");
    applicant_answer("Date of its issue", "31.01.2019");
    applicant_answer("Issued by", "МВД");
    applicant_answer("Citizenship", "by");
    applicant_told("has three Latin");
    applicant_answer("Citizenship", "blr");
    applicant_answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
}

/* rule_31 */
static void nothing_typed_is_lost_on_cancelling(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    applicant_begin();
    applicant_answer("Date of birth", "29.02.1980");
    applicant_answer("Place of birth", "гор. Минск");
    applicant_answer("Sex", "cancel");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_non_null(strstr(trial_field(RECORD_DRAFT), "1980-02-29"));
    applicant_begin();
    applicant_answer("Sex", "cancel");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_DATA));
}

/* rule_31 */
/* Each answer is kept at once, and not only by whoever ends in order. */
static void nothing_typed_is_lost_with_the_terminal(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    applicant_begin();
    applicant_answer("Date of birth", "cancel");
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_CANCELLED);
    applicant_begin();
    applicant_answer("Date of birth", "29.02.1980");
    applicant_told("Place of birth");
    pty_end(&applicant_pty); /* killed */
    assert_non_null(strstr(trial_field(RECORD_DRAFT), "1980-02-29"));
}

static char registered[1024]; /* what the centre knows now */

static void note_esia(const char *operation, struct json_object *answer)
{
    struct json_object *esia;

    if (strcmp(operation, "changeData") == 0 &&
        json_object_object_get_ex(answer, "esia", &esia))
        snprintf(registered, sizeof registered, "%s",
                 json_object_to_json_string_ext(esia, JSON_C_TO_STRING_PLAIN));
}

/* rule_26, rule_27, rule_28, rule_29 */
static void a_file_says_what_nobody_is_asked(void **state)
{
    (void)state;
    centre.edit = note_esia;
    centre_set(trial.thumbprint, "no-esia");
    centre_wait(0, 0);
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    assert_non_null(
        strstr(trial.failure.detail, "date of birth, place of birth, sex, "));
    trial.options.changes = applicant_file(
        "changes", "{\"data.title\":\"Кассир\"," APPLICANT_PASSPORT "}");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_non_null(strstr(trial_field(RECORD_DATA), "Кассир"));
    assert_string_equal(
        registered,
        "{\"birthDate\":\"1980-02-29\",\"birthPlace\":\"гор. Минск\","
        "\"sex\":\"female\",\"documentType\":\"passport\","
        "\"documentSeries\":\"6510\",\"documentNumber\":\"123456\","
        "\"documentIssued\":\"2010-03-31\",\"documentIssuer\":\"ОУФМС\","
        "\"documentIssuerCode\":\"660-001\"}");
}

/* rule_39, rule_40, rule_47, rule_69, rule_74, rule_75, rule_96 */
static void what_has_been_done_is_said(void **state)
{
    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_true(trial_said("The statement has been signed with the key of the "
                           "old certificate."));
    assert_true(trial_said("need not be printed or taken anywhere"));
    assert_true(trial_said("has been sent and approved"));
    assert_true(trial_said("Within two minutes a code to confirm it comes to "
                           "the telephone of the statement"));
    assert_true(trial_said("comes in 5 to 15 minutes"));
    assert_true(trial_said("three working days"));
    assert_true(trial_said("better not to sign in to the reporting system; if "
                           "you must, choose the old certificate: it stays in "
                           "use"));
}

static void a_bad_file_is_said_and_sends_nothing(void **state)
{
    static const char *const files[] = {
        "",
        "[]",
        "{",
        "\"x\"",
        "{\"nothing\":\"x\"}",
        "{\"organizationName\":\"ООО\"}",
        "{\"title\":7}",
        "{\"title\":null}",
        "{\"title\":\"a\\nb\"}",
        "{\"title\":\"a\\u0000b\"}",
        "{\"title\":\"\\u202eabc\"}",
        "{\"birthDate\":\"1980-02-30\"}",
        "{\"snils\":\"112-233-445 96\"}",
        "{\"sex\":\"\"}",
        "{\"title\":\"x\"}{\"surname\":\"y\"}",
        "{\"title\":\"x\"} x",
        "{\"title\":\"x\",\"data.title\":\"y\"}",
        "{\"title\":\"a\tb\"}",
        "{'title':'x'}",
        "{\"title\":\"\xCF\xF0\xEE\"}", /* windows-1251 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        trial.options.normal = true;
        trial.options.changes = applicant_file("changes", files[i]);
        if (trial_run() != OUTCOME_CONFIGURATION)
            fail_msg("%s: %s", files[i],
                     outcome_row(trial.failure.outcome)->word);
        assert_int_equal(centre_calls("changeData"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
    trial.options.normal = true;
    trial.options.changes = "/nowhere/at/all";
    assert_int_equal(trial_run(), OUTCOME_CONFIGURATION);
}

/* With the mark and the line ends of Windows. */
static void a_file_may_come_from_windows(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.normal = true;
    trial.options.changes = applicant_file(
        "changes", "\xEF\xBB\xBF{\r\n\t\"title\": \"Кассир\"\r\n}\r\n\r\n");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_non_null(strstr(trial_field(RECORD_DATA), "Кассир"));
}

/* A value that is not the person's to correct: the centre says no. */
static void what_may_not_be_corrected_is_refused(void **state)
{
    (void)state;
    trial.options.normal = true;
    trial.options.changes = applicant_file("changes", "{\"surname\":\"Иная\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_MISMATCH);
    assert_int_equal(centre_calls("changeData"), 0);
}

static void mistakes_are_told_at_their_fields(void **state)
{
    (void)state;
    trial.options.normal = true;
    centre_set(trial.thumbprint, "validation-error");
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    assert_non_null(strstr(trial.failure.detail, "Document number"));

    centre_wait(0, 0);
    applicant_begin();
    assert_true(pty_expect(&applicant_pty, "Document number"));
    assert_true(pty_expect(&applicant_pty, "! "));
    applicant_answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
}

/* --- documents ----------------------------------------------------------- */

/* rule_23, rule_46, rule_48 */
static void the_documents_of_before_are_shown(void **state)
{
    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_true(trial_said("has these documents"));
    assert_true(trial_said("need not be sent again"));
    assert_true(trial_said("Identity document:"));
    assert_true(trial_said("of the former application ("));
    assert_int_equal(centre_calls("sendDocument"), 0);
}

/* rule_46 */
static void a_scan_that_is_wanted_is_handed_in(void **state)
{
    (void)state;
    trial.options.normal = true;
    centre_set(trial.thumbprint, "wants-passport");
    centre_wait(0, 0);
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    applicant_give(applicant_scan("passport", "GIF89a"));
    assert_int_equal(trial_run(), OUTCOME_DOCUMENT_REFUSED);
    assert_int_equal(centre_calls("sendDocument"), 0);
    trial.options.scan.count = 0;
    applicant_give(
        applicant_scan("snils", "%PDF-1.7\n...")); /* of another kind */
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    applicant_give(applicant_scan("passport", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendDocument"), 1);
}

/* rule_46 */
/* What a telephone makes of a sheet of paper. */
static void a_photograph_that_is_too_large_is_said(void **state)
{
    static char photograph[DOCUMENT_MAX + 2] = "\xFF\xD8\xFF\xE0";

    (void)state;
    memset(photograph + 4, 'x', sizeof photograph - 5);
    trial.options.normal = true;
    centre_set(trial.thumbprint, "wants-passport");
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    applicant_give(applicant_scan("passport", photograph));
    assert_int_equal(trial_run(), OUTCOME_DOCUMENT_REFUSED);
    assert_non_null(strstr(trial.failure.detail, "larger than the 10 MB"));
    assert_int_equal(centre_calls("sendDocument"), 0);
    /* the largest that is taken */
    photograph[DOCUMENT_MAX] = '\0';
    trial.options.scan.count = 0;
    centre_wait(0, 0);
    applicant_give(applicant_scan("passport", photograph));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

static void so_it_is_by_a_person(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "wants-passport");
    centre_wait(0, 0);
    applicant_begin();
    applicant_answer("What has changed", "2");
    applicant_answer("File with the scan", "/nowhere");
    applicant_told("no such file");
    applicant_answer("File with the scan", applicant_file("text", "no scan"));
    applicant_told("neither a PDF");
    applicant_answer("File with the scan",
                     applicant_file("scan", "\xFF\xD8\xFF..."));
    assert_true(pty_expect(&applicant_pty, "has been sent"));
    applicant_answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&applicant_pty), OUTCOME_RENEWED);
}

/* rule_34, rule_41 */
/* Before anything more of the owner is asked for. */
static void another_owner_is_told_at_once(void **state)
{
    (void)state;
    trial.options.normal = true;
    trial.options.changes =
        applicant_file("changes", "{\"snils\":\"112-233-445 95\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_MISMATCH);
    assert_non_null(strstr(trial.failure.detail, "SNILS"));
    assert_int_equal(centre_calls("changeData"), 0);
}

/* rule_32 */
static void the_organisation_is_not_in_a_file_either(void **state)
{
    (void)state;
    trial.options.normal = true;
    trial.options.changes =
        applicant_file("changes", "{\"data.organizationName\":\"ООО\"}");
    assert_int_equal(trial_run(), OUTCOME_CONFIGURATION);
    assert_non_null(strstr(trial.failure.detail, "service centre alone"));
}

/* rule_30 */
/* Neither its number nor its office are those of the passport. */
static void another_document_has_data_of_its_own(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.normal = true;
    trial.options.changes =
        applicant_file("kind", "{\"documentType\":\"foreignPassport\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    assert_string_equal(trial.failure.detail,
                        "document number, date of its issue, issued by, "
                        "citizenship");
    /* The passport it is after all. */
    trial.options.changes =
        applicant_file("back", "{\"documentType\":\"passport\"}");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    trial_end(state);
    trial_begin(state);
    centre_wait(0, 0);
    trial.options.normal = true;
    trial.options.changes = applicant_file(
        "given", "{\"documentType\":\"foreignPassport\","
                 "\"documentNumber\":\"AB 77\",\"citizenship\":\"BLR\","
                 "\"documentIssued\":\"31.03.2012\","
                 "\"documentIssuer\":\"МВД\"}");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(nothing_has_changed),
        TRIAL(whoever_finds_a_mistake_leaves_express),
        TRIAL(the_same_owner_corrects_and_signs_with_the_old_one),
        TRIAL(what_is_known_is_filled_in),
        TRIAL(what_the_centre_alone_corrects_has_no_number),
        TRIAL(what_the_register_wants_is_asked_for),
        TRIAL(nothing_typed_is_lost_on_cancelling),
        TRIAL(nothing_typed_is_lost_with_the_terminal),
        TRIAL(a_file_says_what_nobody_is_asked),
        TRIAL(what_has_been_done_is_said),
        TRIAL(a_bad_file_is_said_and_sends_nothing),
        TRIAL(a_file_may_come_from_windows),
        TRIAL(what_may_not_be_corrected_is_refused),
        TRIAL(mistakes_are_told_at_their_fields),
        TRIAL(the_documents_of_before_are_shown),
        TRIAL(a_scan_that_is_wanted_is_handed_in),
        TRIAL(a_photograph_that_is_too_large_is_said),
        TRIAL(so_it_is_by_a_person),
        TRIAL(another_owner_is_told_at_once),
        TRIAL(the_organisation_is_not_in_a_file_either),
        TRIAL(another_document_has_data_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
