/* Data that are corrected and completed, documents, paper: what a person at a
 * terminal and what options do, with a centre. */
#include "client/dossier/draft.h"

#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pty pty;

static void give(const char *scan)
{
    trial.options.scan.value[trial.options.scan.count++] = scan;
}

static const char *put_file(const char *name, const char *content)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    FILE *file;

    snprintf(path, sizeof paths[0], "%s", scratch_path(trial.dir, name));
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    fclose(file);
    return path;
}

/* As --scan gives it: KIND=FILE. */
static const char *put_scan(const char *kind, const char *content)
{
    static char values[4][600];
    static unsigned next;
    char *value = values[next++ % 4];

    snprintf(value, sizeof values[0], "%s=%s", kind, put_file(kind, content));
    return value;
}

static void begin_at(void)
{
    trial.options.accept_data = false;
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
}

static void answer(const char *question, const char *typed)
{
    if (!pty_expect(&pty, question))
        fail_msg("\"%s\" is not asked: %s", question,
                 pty.shown + (pty.size > 1500 ? pty.size - 1500 : 0));
    pty_type(&pty, typed);
    pty_type(&pty, "\n");
}

/* A question is asked again behind what is told. */
static void told(const char *sentence)
{
    if (!pty_expect(&pty, sentence))
        fail_msg("\"%s\" is not told", sentence);
}

static void to_the_end(void)
{
    answer("Do you agree?", "y");
    assert_true(pty_expect(&pty, "has been signed"));
    answer("Do you agree?", "y");
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
    begin_at();
    answer("What has changed", "");
    answer("Are all the data right?", "y");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_MODE), "express");
    assert_int_equal(centre_calls("changeData"), 0);
    assert_same_subject();
}

/* rule_33, rule_97 */
static void whoever_finds_a_mistake_leaves_express(void **state)
{
    (void)state;
    centre_wait(0, 0);
    begin_at();
    answer("What has changed", "1");
    answer("Are all the data right?", "n");
    told("corrected by your service centre");
    answer("What shall be done?", "1");
    answer("Which one is to be corrected?", "2"); /* the position */
    answer("Position", "Кассир");
    answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_MODE), "normal");
    assert_non_null(strstr(trial_field(RECORD_DATA), "Кассир"));
}

/* --- corrections --------------------------------------------------------- */

/* rule_35, rule_36 */
static void the_same_owner_corrects_and_signs_with_the_old_one(void **state)
{
    (void)state;
    centre_wait(0, 0);
    begin_at();
    answer("What has changed", "2");
    answer("Which one is to be corrected?", "99");
    told("0 or one of the numbers");
    answer("Which one is to be corrected?", "1");
    answer("E-mail", "no address");
    told("without blanks");
    answer("E-mail", "vera@example.org");
    answer("Which one is to be corrected?", "2");
    answer("Position", "Кассир");
    answer("Which one is to be corrected?", "3");
    answer("Department", "Касса");
    answer("Which one is to be corrected?", "12");
    answer("Number of the document", "654321");
    told("12 Number of the document");
    told("654321");
    answer("Which one is to be corrected?", "0");
    answer("Do you agree?", "y");
    assert_true(pty_expect(&pty, "has been signed"));
    answer("Do you agree?", "y");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
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
    begin_at();
    answer("What has changed", "2");
    answer("Which one is to be corrected?", "1");
    snprintf(question, sizeof question,
             "E-mail (name@example.com) [%s]: ", before->value[NAME_EMAIL]);
    answer(question, "");
    answer("Which one is to be corrected?", "7");
    answer("Date of birth (31.12.1980) [29.02.1980]: ", "");
    answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_same_subject();
    container_info_free(&old);
}

/* rule_32 */
static void what_the_centre_alone_corrects_has_no_number(void **state)
{
    (void)state;
    begin_at();
    answer("What has changed", "2");
    assert_true(pty_expect(&pty, "These data will be"));
    assert_true(pty_expect(&pty, "INN (organisation)"));
    assert_true(pty_expect(&pty, "service centre"));
    assert_true(pty_expect(&pty, " 1 E-mail"));
    answer("Which one is to be corrected?", "cancel");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_STATEMENT_CONSENT_AT));
}

/* rule_25, rule_26, rule_27, rule_28, rule_29, rule_30, rule_31 */
static void what_the_register_wants_is_asked_for(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    centre_wait(0, 0);
    begin_at();
    told("has to register every qualified certificate in ESIA");
    told("does so by itself, but needs further data");
    answer("Date of birth", "31.02.1980");
    told("no such day");
    answer("Date of birth", "29.02.1980");
    answer("Place of birth", "гор. Минск");
    answer("Sex", "1");
    answer("Kind of document", "3"); /* no passport: citizenship */
    answer("Number of the document", "back");
    answer("Series of the document", "");
    answer("Number of the document", "AB 12");
    answer("Date of its issue", "31.01.2019");
    answer("Issued by", "МВД");
    answer("Citizenship", "by");
    told("has three Latin");
    answer("Citizenship", "blr");
    answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* rule_31 */
static void nothing_typed_is_lost_on_cancelling(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    begin_at();
    answer("Date of birth", "29.02.1980");
    answer("Place of birth", "гор. Минск");
    answer("Sex", "cancel");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_non_null(strstr(trial_field(RECORD_DRAFT), "1980-02-29"));
    begin_at();
    answer("Sex", "cancel");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_DATA));
}

/* rule_31 */
/* Each answer is kept at once, and not only by whoever ends in order. */
static void nothing_typed_is_lost_with_the_terminal(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "no-esia");
    begin_at();
    answer("Date of birth", "cancel");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    begin_at();
    answer("Date of birth", "29.02.1980");
    told("Place of birth");
    pty_end(&pty); /* killed */
    assert_non_null(strstr(trial_field(RECORD_DRAFT), "1980-02-29"));
}

#define PASSPORT                                                               \
    "\"birthDate\":\"29.02.1980\",\"birthPlace\":\"гор. Минск\","      \
    "\"sex\":\"female\",\"documentType\":\"passport\","                        \
    "\"documentSeries\":\"65 10\",\"documentNumber\":\"123456\","              \
    "\"documentIssued\":\"31.03.2010\",\"documentIssuer\":\"ОУФМС\","     \
    "\"documentIssuerCode\":\"660001\""

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
    assert_non_null(strstr(trial.failure.detail, "Date of birth"));
    trial.options.changes =
        put_file("changes", "{\"data.title\":\"Кассир\"," PASSPORT "}");
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
                           "you must, choose the old certificate"));
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
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        trial.options.normal = true;
        trial.options.changes = put_file("changes", files[i]);
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

/* A value that is not the person's to correct: the centre says no. */
static void what_may_not_be_corrected_is_refused(void **state)
{
    (void)state;
    trial.options.normal = true;
    trial.options.changes = put_file("changes", "{\"surname\":\"Иная\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_MISMATCH);
    assert_int_equal(centre_calls("changeData"), 0);
}

static void mistakes_are_told_at_their_fields(void **state)
{
    (void)state;
    trial.options.normal = true;
    centre_set(trial.thumbprint, "validation-error");
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    assert_non_null(strstr(trial.failure.detail, "Number of the document"));

    centre_wait(0, 0);
    begin_at();
    assert_true(pty_expect(&pty, "Number of the document"));
    assert_true(pty_expect(&pty, "! "));
    answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
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
    give(put_scan("passport", "GIF89a"));
    assert_int_equal(trial_run(), OUTCOME_DOCUMENT_REFUSED);
    assert_int_equal(centre_calls("sendDocument"), 0);
    trial.options.scan.count = 0;
    give(put_scan("snils", "%PDF-1.7\n...")); /* of another kind */
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    give(put_scan("passport", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendDocument"), 1);
}

static void so_it_is_by_a_person(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "wants-passport");
    centre_wait(0, 0);
    begin_at();
    answer("What has changed", "2");
    answer("File with the scan", "/nowhere");
    told("no such file");
    answer("File with the scan", put_file("text", "no scan"));
    told("neither a PDF");
    answer("File with the scan", put_file("scan", "\xFF\xD8\xFF..."));
    assert_true(pty_expect(&pty, "has been sent"));
    answer("Which one is to be corrected?", "0");
    to_the_end();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* --- paper --------------------------------------------------------------- */

/* rule_34, rule_44, rule_45 */
static void another_owner_signs_by_hand(void **state)
{
    (void)state;
    centre_wait(0, 0);
    trial.options.paper = true;
    trial.options.changes = put_file(
        "changes", "{\"surname\":\"Новая\",\"commonName\":\"Новая Анна\"}");
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    assert_non_null(strstr(trial_field(RECORD_STATEMENT), "Новая Анна"));
    assert_int_equal(centre_calls("sendStatementSignature"), 0);
    /* As often as one likes, until there is a scan. */
    trial.options.changes = NULL;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    give(put_file("scan", "%PDF-1.7\n..."));
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
    begin_at();
    told("The owner is another: a statement on paper");
    answer("What has changed", "3");
    told(" 1 Surname");
    answer("Which one is to be corrected?", "1");
    answer("Surname", "Новая");
    answer("Which one is to be corrected?", "cancel");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
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
    trial.options.changes = put_file(
        "changes", "{\"snils\":\"112-233-445 95\","
                   "\"surname\":\"Новая\",\"commonName\":\"Новая А.\"}");
    assert_int_equal(trial_run(), OUTCOME_DATA_NEEDED);
    assert_non_null(strstr(trial.failure.detail, "Place of birth"));
    trial.options.changes = put_file("changes", "{" PASSPORT "}");
    assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
    give(put_scan("passport", "%PDF-1.7\n..."));
    give(put_scan("snils", "%PDF-1.7\n..."));
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_TO_SIGN);
    give(put_file("sheet", "%PDF-1.7\n..."));
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

/* rule_44 */
static void a_person_is_led_to_paper_and_back(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    centre_wait(0, 0);
    begin_at();
    answer("Go on with a statement on paper?", "y");
    answer("Which one is to be corrected?", "0");
    assert_true(pty_expect(&pty, "signed by hand"));
    answer("Do you agree?", "y");
    answer("The statement on paper", "2");
    answer("File with the scan", "back");
    answer("The statement on paper", "1");
    assert_int_equal(trial_end_at(&pty), OUTCOME_STATEMENT_TO_SIGN);
    begin_at();
    answer("The statement on paper", "2");
    answer("File with the scan", put_file("scan", "%PDF-1.7\n..."));
    answer("Do you agree?", "y");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* rule_44 */
static void whoever_wants_no_paper_begins_nothing(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "paper");
    begin_at();
    answer("Go on with a statement on paper?", "n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_PAPER_ONLY);
}

/* rule_43, rule_44 */
static void an_expired_one_goes_by_paper(void **state)
{
    (void)state;
    centre.now += 40L * 24 * 3600;
    centre_set(trial.thumbprint, "paper");
    centre_wait(0, 0);
    trial.options.paper = true;
    give(put_file("scan", "%PDF-1.7\n..."));
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
        TRIAL(what_may_not_be_corrected_is_refused),
        TRIAL(mistakes_are_told_at_their_fields),
        TRIAL(the_documents_of_before_are_shown),
        TRIAL(a_scan_that_is_wanted_is_handed_in),
        TRIAL(so_it_is_by_a_person),
        TRIAL(another_owner_signs_by_hand),
        TRIAL(another_owner_is_one_of_the_answers),
        TRIAL(of_another_owner_everything_is_asked_for),
        TRIAL(the_sheet_may_be_carried_to_the_centre),
        TRIAL(a_person_is_led_to_paper_and_back),
        TRIAL(whoever_wants_no_paper_begins_nothing),
        TRIAL(an_expired_one_goes_by_paper),
        TRIAL(paper_that_the_centre_does_not_take_is_not_advised),
        TRIAL(nobody_is_led_to_paper_unasked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
