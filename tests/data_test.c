#include "client/renewal/data.h"

#include "api/sandbox/desk/consent.h"
#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_attribute_has_a_label(void **state)
{
    (void)state;
    for (int i = 0; i < NAME_COUNT; i++) {
        assert_non_null(data_label((enum name_attribute)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(data_label((enum name_attribute)i),
                                    data_label((enum name_attribute)j));
    }
}

/* --- the server changes them --------------------------------------------- */

static const char *from, *word, *value; /* value NULL: left out */

/* From the first answer of an operation on. */
static void change_data(const char *operation, struct json_object *answer)
{
    static bool begun;
    struct json_object *data;

    if (centre.count == 1)
        begun = false;
    begun |= strcmp(operation, from) == 0;
    if (!begun || !json_object_object_get_ex(answer, "data", &data))
        return;
    if (value == NULL)
        json_object_object_del(data, word);
    else
        json_object_object_add(data, word, json_object_new_string(value));
}

static void change(const char *operation, const char *attribute,
                   const char *text)
{
    from = operation;
    word = attribute;
    value = text;
    centre.edit = change_data;
}

/* rule_13, rule_41, rule_98 */
static void the_data_of_another_are_not_signed(void **state)
{
    static const struct {
        const char *word, *value, *said;
    } rows[] = {
        {"surname", "Чужих", "surname"},
        {"givenName", "Иван Иванович", "surname"},
        {"snils", "11223344595", "SNILS"},
        {"snils", NULL, "SNILS"},
        {"inn", "500100732259", "INN"},
        {"inn", NULL, "INN"},
        {"innle", "7707083893", "organisation"},
        {"innle", NULL, "organisation"},
        {"organizationName", "ООО «Иное»", "Organisation"},
        {"organizationName", NULL, "Organisation"},
        {"ogrn", "1047702026701", "OGRN"},
        {"ogrn", NULL, "OGRN"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        change("openForm", rows[i].word, rows[i].value);
        if (trial_run() != OUTCOME_DATA_MISMATCH)
            fail_msg("%s: %s", rows[i].word,
                     outcome_row(trial.failure.outcome)->word);
        assert_non_null(strstr(trial.failure.detail, rows[i].said));
        assert_int_equal(centre_calls("sendStatementSignature"), 0);
        assert_int_equal(centre_calls("readStatement"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* rule_98 */
/* What the old certificate did not have makes another owner too. */
static void what_comes_in_addition_is_compared(void **state)
{
    static const struct {
        enum name_attribute attribute;
        const char *value;
    } rows[] = {
        {NAME_SURNAME, "Иванова"},   {NAME_GIVEN_NAME, "Вера Ильинична"},
        {NAME_SNILS, "11223344595"}, {NAME_INN, "500100732259"},
        {NAME_INNLE, "7707083893"},
    };

    (void)state;
    for (size_t i = 2; i < sizeof rows / sizeof *rows; i++) {
        struct certificate old = {.not_after = 0};
        struct renewal renewal = {.old_certificate = &old};
        struct name data = {{NULL}};

        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            const size_t size = strlen(rows[j].value);

            assert_int_equal(
                name_set(&data, rows[j].attribute, rows[j].value, size),
                FAULT_NONE);
            if (j != i)
                assert_int_equal(name_set(&old.subject, rows[j].attribute,
                                          rows[j].value, size),
                                 FAULT_NONE);
        }
        assert_int_equal(data_compare_identity(&renewal, &data),
                         OUTCOME_DATA_MISMATCH);
        assert_int_equal(data_compare_identity(&renewal, &old.subject),
                         OUTCOME_DONE);
        name_free(&old.subject);
        name_free(&data);
    }
}

static void data_that_break_their_rules_are_refused(void **state)
{
    static const struct {
        const char *word, *value;
    } rows[] = {
        {"snils", "112-233-445 95"}, {"snils", "1122334459"},
        {"inn", "5001007322"},       {"countryName", "Россия"},
        {"emailAddress", "nobody"},  {"title", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        change("openForm", rows[i].word, rows[i].value);
        assert_int_equal(trial_run(), OUTCOME_VALIDATION_ERROR);
        assert_int_equal(centre_calls("readStatement"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* rule_52 */
/* After they were accepted, at each later moment: nothing more is signed. */
static void data_that_change_later_are_not_signed(void **state)
{
    static const struct {
        const char *from, *before;
    } rows[] = {
        {"sendStatementSignature", "giveConsent"},
        {"submitForm", "giveConsent"},
        {"giveConsent", "sendRequest"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        change(rows[i].from, "title", "Директор луны");
        assert_int_equal(trial_run(), OUTCOME_DATA_MISMATCH);
        assert_int_equal(centre_calls(rows[i].before), 0);
        assert_int_equal(trial_containers("new"), 0);
        centre.edit = NULL;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* … and nothing is installed. */
static void data_that_change_at_the_end_are_not_installed(void **state)
{
    (void)state;
    change("confirmRequest", "title", "Директор луны");
    assert_int_equal(trial_run(), OUTCOME_DATA_MISMATCH);
    assert_null(trial_field(RECORD_NEW_THUMBPRINT));
    centre.edit = NULL;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* --- what is in the journal ---------------------------------------------- */

static void data_that_were_not_accepted_are_not_signed(void **state)
{
    static const char *const texts[] = {NULL,
                                        "",
                                        "{",
                                        "null",
                                        "[]",
                                        "7",
                                        "{}",
                                        "{\"snils\":null}",
                                        "{\"snils\":[]}",
                                        "{\"snils\":\"x\"}",
                                        "\"snils\""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        enum outcome outcome;

        centre_fault("submitForm=drop*4");
        assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
        centre_fault(NULL);
        trial_change(RECORD_DATA, texts[i]);
        trial_change(RECORD_STEP, "makeKey");
        outcome = trial_run();
        assert_true(outcome == OUTCOME_STATE_DAMAGED ||
                    outcome == OUTCOME_DATA_MISMATCH);
        assert_int_equal(trial_containers("new"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* Agreed to at this moment, as the centre worded it. */
static void assert_agreed(enum record_field text, enum record_field version,
                          enum record_field moment, enum consent which)
{
    assert_string_equal(trial_field(text), consent_texts[which].text);
    assert_string_equal(trial_field(version), consent_texts[which].version);
    assert_in_range(strtoll(trial_field(moment), NULL, 10), CENTRE_NOW,
                    centre.now);
}

/* rule_37, rule_50, rule_51 */
static void what_was_agreed_to_is_kept(void **state)
{
    struct json_object *data;

    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    data = json_tokener_parse(trial_field(RECORD_DATA));
    assert_true(json_object_object_get_ex(data, "snils", NULL));
    json_object_put(data);
    assert_non_null(trial_field(RECORD_ACCEPTED_AT));
    assert_agreed(RECORD_STATEMENT_CONSENT, RECORD_STATEMENT_CONSENT_VERSION,
                  RECORD_STATEMENT_CONSENT_AT, CONSENT_STATEMENT);
    assert_agreed(RECORD_RELEASE_CONSENT, RECORD_RELEASE_CONSENT_VERSION,
                  RECORD_RELEASE_CONSENT_AT, CONSENT_RELEASE);
}

/* --- the statement and the consents -------------------------------------- */

/* The statement is of the form as it was: what it says is what was shown. */
static void spoil_later(const char *operation, struct json_object *answer)
{
    struct json_object *data;

    (void)operation;
    if (json_object_object_get_ex(answer, "data", &data))
        json_object_object_add(data, "title",
                               json_object_new_string("Директор луны"));
}

static void a_statement_that_says_something_else_is_not_signed(void **state)
{
    (void)state;
    centre.edit = spoil_later;
    assert_int_equal(trial_run(), OUTCOME_STATEMENT_MISMATCH);
    assert_non_null(strstr(trial.failure.detail, "Position"));
    assert_int_equal(strlen(trial.failure.trace_id), 32);
    assert_int_equal(centre_calls("sendStatementSignature"), 0);
}

static char consent[16001];

static void put_consent(const char *operation, struct json_object *answer)
{
    struct json_object *texts, *text;

    (void)operation;
    if (json_object_object_get_ex(answer, "consent", &texts) &&
        json_object_object_get_ex(texts, "release", &text))
        json_object_object_add(text, "text", json_object_new_string(consent));
}

/* All of it, to its last word, and none of what a terminal would obey. */
static void a_consent_is_shown_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i + 3 < sizeof consent; i += 2)
        memcpy(consent + i, i % 20 == 0 ? " x" : "ы", 3);
    memcpy(consent + sizeof consent - 20, " the very last word", 20);
    centre.edit = put_consent;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_true(trial_said("the very last word"));
    assert_string_equal(trial_field(RECORD_RELEASE_CONSENT), consent);
}

/* rule_51 */
static void nobody_consents_to_nothing(void **state)
{
    static const char *const texts[] = {"", " ", "\xC2\xA0\xE2\x80\x8B", "\n\n",
                                        "\xE2\x80\xAE - 2."};

    (void)state;
    centre.edit = put_consent;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(consent, sizeof consent, "%s", texts[i]);
        if (trial_run() != OUTCOME_SERVER_GARBAGE)
            fail_msg("row %zu", i);
        assert_null(trial_field(RECORD_RELEASE_CONSENT));
    }
    assert_int_equal(centre_calls("giveConsent"), 0);
    snprintf(consent, sizeof consent, "Согласен");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* --- a person ------------------------------------------------------------ */

static struct pty pty;

static void begin_at(void)
{
    trial.options.accept_data = false;
    trial.options.express = true;
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
}

static void yes(const char *question)
{
    assert_true(pty_expect(&pty, question));
    pty_type(&pty, "y\n");
}

/* rule_21, rule_38, rule_50 */
static void a_person_sees_all_before_it_is_signed(void **state)
{
    (void)state;
    begin_at();
    assert_true(pty_expect(&pty, "SNILS"));
    assert_true(pty_expect(&pty, "Position"));
    yes("Are all the data right?");
    assert_true(pty_expect(&pty, "statement that will be"));
    assert_true(pty_expect(&pty, "Заявление на изготовление"));
    assert_true(pty_expect(&pty, trial.thumbprint));
    yes("Do you agree?");
    assert_true(pty_expect(&pty, "has been signed"));
    assert_true(pty_expect(&pty, "issued with these data"));
    assert_true(pty_expect(&pty, "SNILS"));
    assert_true(pty_expect(&pty, "Position"));
    assert_true(pty_expect(&pty, "«Я подтверждаю свое согласие"));
    yes("Do you agree?");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* rule_24, rule_33, rule_50 */
static void whoever_says_no_signs_nothing(void **state)
{
    (void)state;
    begin_at();
    assert_true(pty_expect(&pty, "Are all the data right?"));
    pty_type(&pty, "n\n");
    assert_true(pty_expect(&pty, "What shall be done?"));
    pty_type(&pty, "\n"); /* stop, and ask the service centre */
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_non_null(
        strstr(trial_reason(), "Contact your service centre about the wrong"));
    assert_null(trial_field(RECORD_ACCEPTED_AT));
    begin_at();
    yes("Are all the data right?");
    assert_true(pty_expect(&pty, "Do you agree?"));
    pty_type(&pty, "\n"); /* the answer of an empty line is no */
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_null(trial_field(RECORD_STATEMENT_CONSENT_AT));
    begin_at();
    yes("Do you agree?");
    assert_true(pty_expect(&pty, "Do you agree?"));
    pty_type(&pty, "\004");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CANCELLED);
    assert_int_equal(trial_containers("new"), 0);
    begin_at();
    yes("Do you agree?");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

static void nobody_accepts_nothing(void **state)
{
    (void)state;
    trial.options.accept_data = false;
    assert_int_equal(trial_run(), OUTCOME_ACCEPTANCE_NEEDED);
    assert_int_equal(centre_calls("readStatement"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attribute_has_a_label),
        TRIAL(the_data_of_another_are_not_signed),
        cmocka_unit_test(what_comes_in_addition_is_compared),
        TRIAL(data_that_break_their_rules_are_refused),
        TRIAL(data_that_change_later_are_not_signed),
        TRIAL(data_that_change_at_the_end_are_not_installed),
        TRIAL(data_that_were_not_accepted_are_not_signed),
        TRIAL(what_was_agreed_to_is_kept),
        TRIAL(a_statement_that_says_something_else_is_not_signed),
        TRIAL(a_consent_is_shown_whole),
        TRIAL(nobody_consents_to_nothing),
        TRIAL(a_person_sees_all_before_it_is_signed),
        TRIAL(whoever_says_no_signs_nothing),
        TRIAL(nobody_accepts_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
