#include "client/renewal/form.h"

#include "client/workday.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60 };

/* --- its states ---------------------------------------------------------- */

static enum form_rank rank_of(const char *status)
{
    struct renewal renewal = {.form = message_new()};
    enum form_rank rank;

    if (status != NULL)
        message_put_text(renewal.form, "status", status);
    rank = form_rank(&renewal);
    message_free(&renewal.form);
    return rank;
}

static void states_have_an_order(void **state)
{
    static const char *const words[] = {
        "created",          "dataConfirmed",
        "paperStatement",   "statementSigned",
        "submitted",        "approved",
        "releaseConfirmed", "awaitingConfirmation",
        "issuing",          "issued",
        "installed"};
    static const char *const trouble[] = {"validationError", "paymentRequired",
                                          "rejected",        "issueFailed",
                                          "cancelled",       "formExpired"};
    static const char *const unknown[] = {"", "Created", "done", "final"};

    (void)state;
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        assert_int_equal(rank_of(words[i]), rank_of(words[i - 1]) + 1);
    for (size_t i = 0; i < sizeof trouble / sizeof *trouble; i++)
        assert_int_equal(rank_of(trouble[i]), FORM_TROUBLE);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_int_equal(rank_of(unknown[i]), FORM_UNKNOWN);
    assert_int_equal(rank_of(NULL), FORM_UNKNOWN);
    assert_int_equal(rank_of("backedUp"), FORM_INSTALLED);
}

static const struct {
    const char *word;
    enum outcome outcome;
    bool ends;
} fates[] = {
    {"validation-error", OUTCOME_VALIDATION_ERROR, false},
    {"rejected", OUTCOME_REJECTED, true},
    {"issue-failed", OUTCOME_ISSUE_FAILED, true},
    {"cancelled", OUTCOME_FORM_CANCELLED, true},
    {"expired-form", OUTCOME_FORM_EXPIRED, true},
};

static void a_form_in_trouble_is_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++) {
        centre_set(trial.thumbprint, "normal");
        centre_set(trial.thumbprint, fates[i].word);
        assert_int_equal(trial_run(), fates[i].outcome);
        assert_true(trial.failure.server[0] != '\0');
        assert_string_equal(trial_field(RECORD_OUTCOME),
                            outcome_row(fates[i].outcome)->word);
        assert_int_equal(strcmp(trial_field(RECORD_STEP), "ended") == 0,
                         fates[i].ends);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* The words of the workflow. */
static const char *invoice_of_owner(void)
{
    static char text[1024];
    struct json_object *data = json_tokener_parse(trial_field(RECORD_DATA));
    struct json_object *surname = NULL, *given = NULL;

    assert_true(json_object_object_get_ex(data, "surname", &surname));
    assert_true(json_object_object_get_ex(data, "givenName", &given));
    snprintf(text, sizeof text,
             "\"Оплатите счет на выпуск сертификата (%s %s) и вернитесь, "
             "чтобы отправить заявку\".",
             json_object_get_string(surname), json_object_get_string(given));
    json_object_put(data);
    return text;
}

/* rule_53, rule_54, rule_55 */
static void unpaid_there_is_no_key_until_it_is_paid(void **state)
{
    char sentence[SENTENCE_MAX];

    (void)state;
    centre_set(trial.thumbprint, "unpaid");
    assert_int_equal(trial_run(), OUTCOME_PAYMENT_REQUIRED);
    failure_sentence(&trial.failure, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "has not been paid"));
    assert_non_null(strstr(sentence, invoice_of_owner()));
    assert_non_null(strstr(sentence, "ask your service centre"));
    assert_non_null(strstr(sentence, "kep resume"));
    assert_int_equal(trial_containers("new"), 0);
    assert_null(trial_field(RECORD_FOLDER));
    assert_int_equal(trial_run(), OUTCOME_PAYMENT_REQUIRED);
    centre_set(trial.thumbprint, "paid");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
}

/* rule_55, rule_68 */
/* A journal that is ahead of the server is not believed. */
static void before_the_consent_there_is_no_key(void **state)
{
    static const char *const operations[] = {"sendStatementSignature",
                                             "submitForm", "giveConsent"};

    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        char spec[64];

        snprintf(spec, sizeof spec, "%s=drop*4", operations[i]);
        centre_fault(spec);
        assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
        centre_fault(NULL);
        trial_change(RECORD_STEP, "makeKey");
        assert_int_equal(trial_run(), OUTCOME_WRONG_STATE);
        assert_int_equal(trial_containers("new"), 0);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* --- answers about something else ---------------------------------------- */

static const char *edited, *word, *value;

static void edit_form(const char *operation, struct json_object *answer)
{
    if (strcmp(operation, edited) == 0 &&
        json_object_object_get_ex(answer, "externalId", NULL))
        json_object_object_add(answer, word, json_object_new_string(value));
}

static void a_form_of_something_else_is_not_taken(void **state)
{
    static const struct {
        const char *operation, *word, *value;
    } rows[] = {
        {"openForm", "externalId", "0123456789abcdef0123456789abcdef"},
        {"openForm", "oldThumbprint",
         "0123456789abcdef0123456789abcdef01234567"},
        {"submitForm", "id", "0123456789abcdef0123456789abcdef"},
        {"submitForm", "externalId", "0123456789abcdef0123456789abcdef"},
        {"sendRequest", "id", "0123456789abcdef0123456789abcdef"},
        {"readForm", "id", "0123456789abcdef0123456789abcdef"},
        {"readForm", "oldThumbprint",
         "0123456789abcdef0123456789abcdef01234567"},
        {"openForm", "status", "unheardOf"},
        {"submitForm", "status", "unheardOf"},
    };

    (void)state;
    centre.edit = edit_form;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        edited = rows[i].operation;
        word = rows[i].word;
        value = rows[i].value;
        assert_int_equal(trial_run(), OUTCOME_SERVER_GARBAGE);
        edited = "";
        centre.now += 60;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        trial_begin(NULL);
        centre.edit = edit_form;
    }
}

/* --- it has moved on ----------------------------------------------------- */

/* Somebody else changed it: the etag that is known is over. The form is read
 * again, and the step done with what it is now. */
static void a_form_that_has_changed_is_read_again(void **state)
{
    static const char *const operations[] = {"sendStatementSignature",
                                             "submitForm",
                                             "giveConsent",
                                             "sendRequest",
                                             "confirmRequest",
                                             "reportInstalled"};
    static const int statuses[] = {409, 412};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof operations / sizeof *operations; i++) {
        char spec[64];

        snprintf(spec, sizeof spec, "%s=status:%d*1", operations[i / 2],
                 statuses[i % 2]);
        centre_fault(spec);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls(operations[i / 2]), 2);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void a_state_that_stays_wrong_is_said(void **state)
{
    (void)state;
    centre_fault("submitForm=status:409");
    assert_int_equal(trial_run(), OUTCOME_WRONG_STATE);
    assert_int_equal(centre_calls("submitForm"), 2);
    assert_string_not_equal(trial_field(RECORD_STEP), "ended");
}

/* --- waiting ------------------------------------------------------------- */

/* rule_78 */
static void it_waits_as_long_as_it_may(void **state)
{
    (void)state;
    centre_wait(5, -1 + 2000);
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_in_range(trial.slept, 1500, 1800);
    assert_non_null(trial_field(RECORD_WAITING_SINCE));
    assert_true(strtoll(trial_field(RECORD_NOT_BEFORE), NULL, 10) >
                (long long)centre.now);
    centre.now += 600;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_null(trial_field(RECORD_WAITING_SINCE));
}

static void without_patience_it_does_not_wait(void **state)
{
    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_int_equal(trial.slept, 0);
    /* asked again at once it does not even ask the server */
    centre.count = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_int_equal(centre.count, 0);
    centre.now += 3600;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

static const char *seconds_of(time_t time)
{
    static char text[24];

    snprintf(text, sizeof text, "%lld", (long long)time);
    return text;
}

/* rule_74 */
/* The week-end does not count. */
static void an_operator_may_take_days(void **state)
{
    char sentence[SENTENCE_MAX];

    (void)state;
    centre_set(trial.thumbprint, "normal");
    centre_wait(9 * DAY + 3600, 5);
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    centre.now += 2 * DAY; /* a Thursday, or in Russia's East a Friday */
    trial_change(RECORD_WAITING_SINCE, seconds_of(centre.now));
    for (int day = 1; day < 8; day++) {
        centre.now += DAY;
        assert_int_equal(trial_run(), OUTCOME_WAITING);
        failure_sentence(&trial.failure, sentence, sizeof sentence);
        assert_int_equal(strstr(sentence, "three working days") != NULL,
                         centre.now >= workday_after(CENTRE_NOW + 2 * DAY, 3));
    }
    assert_non_null(strstr(sentence, "contact the support"));
    centre.now += DAY;
    trial.options.wait = 1800;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

static size_t asked_in[3]; /* each of the first half-hours of the wait */

static void count_questions(const char *operation)
{
    static time_t begun;
    const time_t waited = centre.now - begun;

    if (strcmp(operation, "confirmRequest") == 0)
        begun = centre.now;
    else if (strcmp(operation, "readForm") == 0 && waited < 3L * 1800)
        asked_in[waited / 1800]++;
}

/* rule_73 */
/* Seldom when it lasts, never more often than the server says. */
static void questions_become_rare(void **state)
{
    (void)state;
    trial.options.wait = 3L * DAY;
    centre_wait(5, DAY);
    centre.before = count_questions;
    memset(asked_in, 0, sizeof asked_in);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    /* the centre of the tests asks for a minute between, kep for five */
    assert_in_range(asked_in[0], 25, 31);
    assert_in_range(asked_in[1], 5, 7);
    assert_in_range(asked_in[2], 5, 7);
    assert_in_range(centre_calls("readForm"), 100, DAY / 300 + 31);
}

static long asked_to_wait;

static void ask_to_wait(const char *operation, struct json_object *answer)
{
    (void)operation;
    if (json_object_object_get_ex(answer, "pollAfter", NULL))
        json_object_object_add(answer, "pollAfter",
                               json_object_new_int64(asked_to_wait));
}

static void the_pause_is_the_servers_within_bounds(void **state)
{
    static const struct {
        long asked;
        time_t least, most; /* seconds of the first pause */
    } rows[] = {
        {0, 1, 2},       {1, 1, 2},     {7, 7, 8},
        {600, 600, 660}, {601, 10, 11}, {100000, 10, 11},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asked_to_wait = rows[i].asked;
        centre.edit = ask_to_wait;
        centre_wait(5, 1);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_in_range(trial.slept, rows[i].least, rows[i].most);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void ctrl_c_ends_the_wait(void **state)
{
    (void)state;
    trial.cancelled = true;
    assert_int_equal(trial_run(), OUTCOME_INTERRUPTED);
    trial.cancelled = false;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* --- a server that is not well, while waiting ---------------------------- */

static void failures_pass_while_it_waits(void **state)
{
    static const struct {
        const char *fault;
        enum outcome outcome;
    } rows[] = {
        {"readForm=drop*16", OUTCOME_RENEWED},
        {"readForm=status:500*16", OUTCOME_RENEWED},
        {"readForm=status:503*16", OUTCOME_RENEWED},
        {"readForm=drop", OUTCOME_UNREACHABLE},
        {"readForm=status:500", OUTCOME_SERVER_ERROR},
        {"readForm=status:503", OUTCOME_SERVER_BUSY},
        {"readForm=status:403*1", OUTCOME_SERVER_REFUSED},
        {"readForm=html*1", OUTCOME_SERVER_GARBAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre_fault(rows[i].fault);
        trial.options.wait = 3 * 3600;
        if (trial_run() != rows[i].outcome)
            fail_msg("%s: %s", rows[i].fault,
                     outcome_row(trial.failure.outcome)->word);
        centre_fault(NULL);
        centre.now += DAY;
        if (rows[i].outcome != OUTCOME_RENEWED)
            assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static time_t asked_at[64];

static void note_time(const char *operation)
{
    if (strcmp(operation, "readForm") == 0 && centre_calls("readForm") < 64)
        asked_at[centre_calls("readForm")] = centre.now;
}

/* As long as is asked for, and no longer once it has answered. */
static void retry_after_is_obeyed_while_it_waits(void **state)
{
    (void)state;
    centre.before = note_time;
    centre_fault("readForm=retry-after:900*1");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_true(asked_at[2] - asked_at[1] >= 900);
    assert_null(trial_field(RECORD_NOT_BEFORE));
}

static void retry_after_is_obeyed_by_the_next_run(void **state)
{
    (void)state;
    centre_fault("submitForm=retry-after:3600*1");
    assert_int_equal(trial_run(), OUTCOME_SERVER_BUSY);
    centre.count = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_int_equal(centre.count, 0);
    trial.options.wait = 7200;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_in_range(trial.slept, 3590, 3700);
}

/* A clock that was years ahead has noted it. */
static void a_moment_in_years_is_not_waited_for(void **state)
{
    static const char *const moments[] = {"4102444800",
                                          "253402300799",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "x",
                                          ""};

    (void)state;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        trial.options.wait = 0;
        assert_int_equal(trial_run(), OUTCOME_WAITING);
        trial_change(RECORD_NOT_BEFORE, moments[i]);
        trial_change(RECORD_WAITING_SINCE, moments[i]);
        trial.options.wait = 60;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* Nor by one that was set back since. */
static void a_clock_that_was_set_back_is_not_waited_for(void **state)
{
    (void)state;
    centre_fault("submitForm=retry-after:600*1");
    assert_int_equal(trial_run(), OUTCOME_SERVER_BUSY);
    centre.now -= 7200;
    centre.count = 0;
    assert_int_not_equal(trial_run(), OUTCOME_WAITING);
    assert_in_range(centre.count, 1, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_have_an_order),
        TRIAL(a_form_in_trouble_is_its_outcome),
        TRIAL(unpaid_there_is_no_key_until_it_is_paid),
        TRIAL(before_the_consent_there_is_no_key),
        TRIAL(a_form_of_something_else_is_not_taken),
        TRIAL(a_form_that_has_changed_is_read_again),
        TRIAL(a_state_that_stays_wrong_is_said),
        TRIAL(it_waits_as_long_as_it_may),
        TRIAL(without_patience_it_does_not_wait),
        TRIAL(an_operator_may_take_days),
        TRIAL(questions_become_rare),
        TRIAL(the_pause_is_the_servers_within_bounds),
        TRIAL(ctrl_c_ends_the_wait),
        TRIAL(failures_pass_while_it_waits),
        TRIAL(retry_after_is_obeyed_while_it_waits),
        TRIAL(retry_after_is_obeyed_by_the_next_run),
        TRIAL(a_moment_in_years_is_not_waited_for),
        TRIAL(a_clock_that_was_set_back_is_not_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
