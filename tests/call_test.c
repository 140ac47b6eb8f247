#include "client/renewal/call.h"

#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SESSIONS = 8 };

/* Every session and token that the centre gave away. */
static char given[2 * SESSIONS][600];
static size_t count;

static void note_session(const char *operation, struct json_object *answer)
{
    static const char *const words[] = {"sid", "refreshToken"};
    struct json_object *value;

    (void)operation;
    for (size_t i = 0; i < 2; i++)
        if (count < 2 * SESSIONS &&
            json_object_object_get_ex(answer, words[i], &value))
            snprintf(given[count++], sizeof given[0], "%s",
                     json_object_get_string(value));
}

static bool is_in(const char *name, const char *text)
{
    static char data[1 << 20];
    FILE *file = fopen(scratch_path(trial.dir, name), "r");
    size_t size;

    if (file == NULL)
        return false;
    size = fread(data, 1, sizeof data, file);
    fclose(file);
    return memmem(data, size, text, strlen(text)) != NULL;
}

/* Not in the journal, not on the screen. */
static void assert_forgotten(void)
{
    static const char *const names[] = {"state/kep/journal.db",
                                        "state/kep/journal.db-wal", "said"};

    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < 3; j++)
            if (is_in(names[j], given[i]))
                fail_msg("a session is in %s", names[j]);
    assert_null(trial_session());
}

static int begin(void **state)
{
    count = 0;
    trial_begin(state);
    centre.edit = note_session;
    return 0;
}

/* --- sessions ------------------------------------------------------------ */

static void a_session_is_forgotten_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_forgotten();
}

static void a_session_is_forgotten_where_it_ends_badly(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "rejected");
    assert_int_equal(trial_run(), OUTCOME_REJECTED);
    assert_string_equal(trial_field(RECORD_STEP), "ended");
    assert_forgotten();
}

static void a_session_is_kept_while_there_is_a_use_for_it(void **state)
{
    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_string_equal(trial_session(), given[0]);
    centre.now += 60;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("requestCode"), 1);
    assert_forgotten();
}

/* It ends between any two calls. */
static void a_session_that_is_over_is_refreshed(void **state)
{
    static const char *const operations[] = {
        "listCertificates", "openForm",       "readStatement",  "submitForm",
        "giveConsent",      "sendRequest",    "confirmRequest", "readForm",
        "readCertificate",  "reportInstalled"};

    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        char spec[64];

        snprintf(spec, sizeof spec, "%s=status:401*1", operations[i]);
        centre_fault(spec);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls("refreshSession"), 1);
        assert_int_equal(centre_calls("requestCode"), 1);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        begin(NULL);
    }
}

static void where_it_cannot_be_refreshed_a_code_is_asked_for(void **state)
{
    static const char *const refusals[] = {
        "submitForm=status:401*1,refreshSession=status:401*1",
        "submitForm=status:401*1,refreshSession=status:403*1",
        "submitForm=status:401*1,refreshSession=status:400*1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        centre_fault(refusals[i]);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls("requestCode"), 2);
        assert_int_equal(centre_calls("signIn"), 2);
        trial_end(NULL);
        begin(NULL);
    }
}

/* rule_5 */
static void a_server_that_is_away_is_not_asked_for_a_code(void **state)
{
    (void)state;
    centre_fault("submitForm=status:401*1,refreshSession=drop");
    assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
    assert_int_equal(centre_calls("requestCode"), 1);
    /* Which one it was: the address can be tried in another way. */
    assert_string_equal(trial.failure.detail, trial.options.server);
    centre_fault(NULL);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* rule_19, rule_20 */
/* Nothing is lost by it, whenever: after the update the same renewal goes on,
 * with the same key. */
static void a_newer_program_may_be_demanded(void **state)
{
    static const struct {
        const char *fault, *step;
    } rows[] = {
        {"requestCode=status:426", "signIn"},
        {"openForm=status:426", "openForm"},
        {"sendStatementSignature=status:426", "signStatement"},
        {"sendRequest=status:426", "sendRequest"},
        {"readCertificate=status:426", "install"},
    };
    char id[33];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre_fault(rows[i].fault);
        assert_int_equal(trial_run(), OUTCOME_CLIENT_OUTDATED);
        snprintf(id, sizeof id, "%s", trial_field(RECORD_ID));
        assert_string_equal(trial_field(RECORD_STEP), rows[i].step);
        centre_fault(NULL);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_string_equal(trial_field(RECORD_ID), id);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        begin(NULL);
    }
}

static void a_server_that_takes_no_session_is_left(void **state)
{
    (void)state;
    centre_fault("submitForm=status:401");
    assert_int_equal(trial_run(), OUTCOME_UNAUTHORIZED);
    assert_int_equal(centre_calls("submitForm"), 2);
    assert_non_null(trial_session());
    centre_fault(NULL);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* The session is over, and then no code can be had. */
static void lose_the_code(const char *operation)
{
    if (strcmp(operation, "refreshSession") == 0)
        trial.options.code_command = "/bin/false";
}

/* The next run has neither a session nor a token. */
static void a_run_without_a_session_signs_in(void **state)
{
    static const char *const operations[] = {"openForm", "submitForm",
                                             "sendRequest", "readCertificate"};

    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        const char *command = trial.options.code_command;
        char spec[96];

        snprintf(spec, sizeof spec, "%s=status:401*1,refreshSession=status:401",
                 operations[i]);
        centre_fault(spec);
        centre.before = lose_the_code;
        assert_int_equal(trial_run(), OUTCOME_CODE_COMMAND);
        assert_null(trial_session());
        centre_fault(NULL);
        trial.options.code_command = command;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls("signIn"), 2);
        assert_int_equal(trial_containers("new"), 1);
        assert_forgotten();
        trial_end(NULL);
        begin(NULL);
    }
}

/* What one server gave, another does not get. */
static void another_server_gets_no_session(void **state)
{
    size_t before;

    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    before = centre.count;
    centre.now += 60;
    trial.options.server = "https://elsewhere.test";
    trial.options.wait = 1800;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_string_equal(centre.url, "https://elsewhere.test");
    assert_string_equal(centre.log[before], "requestCode");
    assert_forgotten();
}

/* --- what the server says ------------------------------------------------ */

static const char *obstacle;

static void change_its_mind(const char *operation)
{
    if (strcmp(operation, "openForm") == 0)
        centre_set(trial.thumbprint, obstacle);
}

/* rule_7, rule_8, rule_9 */
/* Between the list and the form. */
static void why_it_is_not_available_is_said(void **state)
{
    static const struct {
        const char *word;
        enum outcome outcome;
    } rows[] = {
        {"subject-changed", OUTCOME_SUBJECT_CHANGED},
        {"daughter-organisation", OUTCOME_DAUGHTER_ORGANISATION},
        {"form-exists", OUTCOME_FORM_EXISTS},
        {"other-centre", OUTCOME_OTHER_CENTRE},
        {"kind-changed", OUTCOME_KIND_CHANGED},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        obstacle = rows[i / 2].word;
        if (i % 2 == 0)
            centre.before = change_its_mind;
        else
            centre_set(trial.thumbprint, obstacle);
        assert_int_equal(trial_run(), rows[i / 2].outcome);
        assert_int_equal(centre_calls("openForm"), i % 2 == 0);
        assert_string_equal(trial_field(RECORD_STEP), "ended");
        trial_end(NULL);
        begin(NULL);
    }
}

static void the_words_of_the_server_are_passed_on(void **state)
{
    char sentence[SENTENCE_MAX], quotation[SENTENCE_MAX];

    (void)state;
    centre_fault("submitForm=status:403");
    assert_int_equal(trial_run(), OUTCOME_SERVER_REFUSED);
    assert_true(strlen(trial.failure.server) > 1);
    assert_int_equal(strlen(trial.failure.trace_id), 32);
    failure_sentence(&trial.failure, sentence, sizeof sentence);
    /* its full stop stands behind the quotation */
    snprintf(quotation, sizeof quotation, " The server says: \"%.*s\". ",
             (int)strlen(trial.failure.server) - 1, trial.failure.server);
    assert_int_equal(trial.failure.server[strlen(trial.failure.server) - 1],
                     '.');
    assert_non_null(strstr(sentence, quotation));
    assert_non_null(strstr(sentence, trial.failure.trace_id));
    assert_string_equal(trial_field(RECORD_TRACE_ID), trial.failure.trace_id);
    assert_string_equal(trial_reason(), sentence);
    assert_string_equal(trial_field(RECORD_OUTCOME), "serverRefused");
}

/* Of an answer that was understood but is wrong too. */
static void whoever_asks_the_support_has_a_number(void **state)
{
    static const struct {
        const char *fault;
        enum outcome outcome;
    } rows[] = {
        {"readCertificate=other-key", OUTCOME_CERTIFICATE_WRONG_KEY},
        {"readCertificate=other-person", OUTCOME_CERTIFICATE_WRONG_SUBJECT},
        {"readCertificate=other-ca", OUTCOME_CERTIFICATE_WRONG_ISSUER},
        {"readCertificate=no-chain", OUTCOME_CERTIFICATE_WRONG_ISSUER},
        {"readCertificate=no-profile", OUTCOME_CERTIFICATE_WRONG_PROFILE},
        {"readCertificate=garbage-certificate", OUTCOME_CERTIFICATE_UNREADABLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre_fault(rows[i].fault);
        assert_int_equal(trial_run(), rows[i].outcome);
        assert_int_equal(strlen(trial.failure.trace_id), 32);
        assert_string_equal(trial_field(RECORD_STEP), "install");
        centre_fault(NULL);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        begin(NULL);
    }
}

static void a_failure_forgets_the_words_of_another(void **state)
{
    struct renewal renewal = {
        .failure = {.detail = "a", .server = "b", .trace_id = "c"}};

    (void)state;
    assert_int_equal(renewal_fail(&renewal, OUTCOME_CANCELLED, "%s", "d"),
                     OUTCOME_CANCELLED);
    assert_string_equal(renewal.failure.detail, "d");
    assert_string_equal(renewal.failure.server, "");
    assert_string_equal(renewal.failure.trace_id, "");
}

/* NULL: they are not quoted. */
static void the_words_of_the_server_are_ended_once(void **state)
{
    static const struct {
        const char *server, *quoted;
    } rows[] = {
        {"No", "No"},
        {"No.", "No"},
        {"No. ", "No"},
        {"No  ", "No"},
        {"No. Not so.", "No. Not so"},
        {"Why?", "Why?"},
        {"Wait...", "Wait..."},
        {"Wait… ", "Wait…"},
        {"", NULL},
        {"   ", NULL},
        {".", NULL},
    };
    char sentence[SENTENCE_MAX], quotation[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct failure failure = {.outcome = OUTCOME_SERVER_REFUSED};

        snprintf(failure.server, sizeof failure.server, "%s", rows[i].server);
        failure_sentence(&failure, sentence, sizeof sentence);
        assert_int_equal(strstr(sentence, "The server says") != NULL,
                         rows[i].quoted != NULL);
        if (rows[i].quoted == NULL)
            continue;
        snprintf(quotation, sizeof quotation, " The server says: \"%s\".",
                 rows[i].quoted);
        assert_non_null(strstr(sentence, quotation));
    }
}

/* What the program itself has just said. */
static void the_words_of_the_server_are_not_said_twice(void **state)
{
    static const struct {
        const char *behind;
        bool said;
    } rows[] = {{"", false}, {" ", false}, {" Indeed.", true}};
    const char *own = outcome_row(OUTCOME_SERVER_REFUSED)->sentence;
    char sentence[SENTENCE_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct failure failure = {.outcome = OUTCOME_SERVER_REFUSED};

        snprintf(failure.server, sizeof failure.server, "%s%s", own,
                 rows[i].behind);
        failure_sentence(&failure, sentence, sizeof sentence);
        assert_int_equal(strstr(sentence, "The server says") != NULL,
                         rows[i].said);
    }
}

static void a_sentence_has_room(void **state)
{
    char sentence[SENTENCE_MAX];
    struct failure failure = {0};

    (void)state;
    memset(failure.detail, 'x', sizeof failure.detail - 1);
    memset(failure.server, 'x', sizeof failure.server - 1);
    memset(failure.trace_id, 'x', sizeof failure.trace_id - 1);
    for (int i = 0; i < 4 * OUTCOME_COUNT; i++) {
        failure.outcome = (enum outcome)(i / 4);
        failure.elsewhere = i % 2 != 0;
        failure.goes_on = i % 4 > 1;
        failure_sentence(&failure, sentence, sizeof sentence);
        /* twice as much where people read Russian */
        assert_in_range(strlen(sentence), 1800, SENTENCE_MAX - 900);
    }
}

/* --- its clock ----------------------------------------------------------- */

static void a_wrong_clock_is_said_once(void **state)
{
    static const struct {
        long ahead;
        bool said;
    } rows[] = {{0, false},  {300, false}, {-300, false},
                {302, true}, {-302, true}, {86400, true}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre.ahead = rows[i].ahead;
        trial.options.wait = 0;
        trial_run();
        assert_int_equal(trial_said("clock differs"), rows[i].said);
        trial_end(NULL);
        begin(NULL);
    }
}

/* The client's clock is an hour behind: the code is not over for that. */
static void a_wrong_clock_does_no_harm_to_codes(void **state)
{
    static const long rows[] = {-7200, -3600, 3600, 7200};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        centre.ahead = rows[i];
        assert_int_equal(trial_run() == OUTCOME_CODE_EXPIRED, false);
        assert_true(centre_calls("confirmRequest") == 1 ||
                    centre_calls("giveConsent") == 0);
        trial_end(NULL);
        begin(NULL);
    }
}

#define CALL(test) cmocka_unit_test_setup_teardown(test, begin, trial_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CALL(a_session_is_forgotten_at_the_end),
        CALL(a_session_is_forgotten_where_it_ends_badly),
        CALL(a_session_is_kept_while_there_is_a_use_for_it),
        CALL(a_session_that_is_over_is_refreshed),
        CALL(where_it_cannot_be_refreshed_a_code_is_asked_for),
        CALL(a_server_that_is_away_is_not_asked_for_a_code),
        CALL(a_newer_program_may_be_demanded),
        CALL(a_server_that_takes_no_session_is_left),
        CALL(a_run_without_a_session_signs_in),
        CALL(another_server_gets_no_session),
        CALL(why_it_is_not_available_is_said),
        CALL(the_words_of_the_server_are_passed_on),
        CALL(whoever_asks_the_support_has_a_number),
        cmocka_unit_test(a_failure_forgets_the_words_of_another),
        cmocka_unit_test(the_words_of_the_server_are_ended_once),
        cmocka_unit_test(the_words_of_the_server_are_not_said_twice),
        cmocka_unit_test(a_sentence_has_room),
        CALL(a_wrong_clock_is_said_once),
        CALL(a_wrong_clock_does_no_harm_to_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
