#include "client/outcome/outcome.h"

#include "api/operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* --- the table ----------------------------------------------------------- */

static void every_outcome_has_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)i);

        if (row->word == NULL || row->sentence == NULL)
            fail_msg("outcome %d has no row", i);
        assert_true(row->word[0] >= 'a' && row->word[0] <= 'z');
        assert_int_equal(strspn(row->word, "abcdefghijklmnopqrstuvwxyz"
                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                         strlen(row->word));
        assert_in_range(row->status, 0, 5);
        if (strchr(".!", row->sentence[strlen(row->sentence) - 1]) == NULL)
            fail_msg("%s: no sentence", row->word);
    }
}

static void words_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(outcome_row((enum outcome)i)->word,
                                    outcome_row((enum outcome)j)->word);
}

static void outcomes_that_are_none_have_the_row_of_a_defect(void **state)
{
    (void)state;
    assert_ptr_equal(outcome_row(OUTCOME_COUNT), outcome_row(OUTCOME_INTERNAL));
    assert_int_equal(outcome_of_fault(FAULT_COUNT), OUTCOME_INTERNAL);
}

/* Whoever reads that something went wrong reads what to do about it: the
 * report of a batch has no other place for it. */
static void failures_give_advice(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)i);

        if (row->status == 0)
            continue;
        if (row->advice == NULL || row->advice[0] == '\0')
            fail_msg("%s gives no advice", row->word);
    }
}

/* The number of a request is asked for by those, and only those, that show
 * it. */
static void the_support_gets_a_number(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)i);
        bool asks =
            row->advice != NULL && strstr(row->advice, "given below") != NULL;

        if (asks != row->support)
            fail_msg("%s", row->word);
        if (row->support)
            assert_int_not_equal(row->status, 0);
    }
}

/* What can be gone on with is no end, and the advice says so. */
static void ends_are_not_resumed(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)i);

        assert_int_equal(outcome_is_final((enum outcome)i), row->final);
        if (row->final && row->advice != NULL &&
            strstr(row->advice, "kep resume") != NULL)
            fail_msg("%s is an end and says to go on", row->word);
        if (row->final)
            assert_in_range(row->status == 0 || row->status == 5, 1, 1);
    }
}

/* A script tells the kinds apart by the status. */
static void statuses_are_those_of_the_manual(void **state)
{
    static const struct {
        enum outcome outcome;
        int status;
    } rows[] = {
        {OUTCOME_DONE, 0},
        {OUTCOME_RENEWED, 0},
        {OUTCOME_NOT_DUE, 0},
        {OUTCOME_ALREADY_RENEWED, 0},
        {OUTCOME_NOTHING_OPEN, 0},
        {OUTCOME_WOULD_RENEW, 0},
        {OUTCOME_UNREACHABLE, 1},
        {OUTCOME_TIMEOUT, 1},
        {OUTCOME_SERVER_BUSY, 1},
        {OUTCOME_SERVER_ERROR, 1},
        {OUTCOME_INTERRUPTED, 1},
        {OUTCOME_MEMORY, 1},
        {OUTCOME_USAGE, 2},
        {OUTCOME_CONFIGURATION, 2},
        {OUTCOME_ANSWER_NEEDED, 2},
        {OUTCOME_RENEWAL_UNKNOWN, 2},
        {OUTCOME_LOCATION_UNKNOWN, 2},
        {OUTCOME_WAITING, 3},
        {OUTCOME_LOCKED, 4},
        {OUTCOME_PASSWORD_WRONG, 5},
        {OUTCOME_PASSWORD_NEEDED, 5},
        {OUTCOME_CONTAINER_NOT_FOUND, 5},
        {OUTCOME_PAYMENT_REQUIRED, 5},
        {OUTCOME_REJECTED, 5},
        {OUTCOME_EXPIRED, 5},
        {OUTCOME_CERTIFICATE_WRONG_KEY, 5},
        {OUTCOME_SERVER_UNTRUSTED, 5},
        {OUTCOME_STATE_DAMAGED, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(outcome_row(rows[i].outcome)->status, rows[i].status);
}

/* --- what others say ----------------------------------------------------- */

static void every_fault_is_an_outcome(void **state)
{
    (void)state;
    assert_int_equal(outcome_of_fault(FAULT_NONE), OUTCOME_DONE);
    for (int i = 1; i < FAULT_COUNT; i++) {
        enum outcome outcome = outcome_of_fault((enum fault)i);

        if (outcome_row(outcome)->status == 0)
            fail_msg("%s is no failure", fault_word((enum fault)i));
    }
}

static void every_api_result_is_an_outcome(void **state)
{
    (void)state;
    assert_int_equal(outcome_of_api(API_OK, ""), OUTCOME_DONE);
    for (int i = 1; i <= API_CONFIGURATION; i++)
        assert_int_not_equal(
            outcome_row(outcome_of_api((enum api_result)i, ""))->status, 0);
}

/* The code counts only where the server refused. */
static void codes_are_of_refusals(void **state)
{
    (void)state;
    assert_int_equal(outcome_of_api(API_REFUSED, "codeInvalid"),
                     OUTCOME_CODE_INVALID);
    assert_int_equal(outcome_of_api(API_OK, "codeInvalid"), OUTCOME_DONE);
    assert_int_equal(outcome_of_api(API_TIMEOUT, "codeInvalid"),
                     OUTCOME_TIMEOUT);
    assert_int_equal(outcome_of_api(API_BUSY, "tooManyRequests"),
                     OUTCOME_SERVER_BUSY);
}

static const struct {
    const char *word;
    enum outcome outcome;
} words[] = {
    /* errors */
    {"badRequest", OUTCOME_SERVER_REFUSED},
    {"unauthorized", OUTCOME_UNAUTHORIZED},
    {"paymentRequired", OUTCOME_PAYMENT_REQUIRED},
    {"forbidden", OUTCOME_SERVER_REFUSED},
    {"notFound", OUTCOME_SERVER_REFUSED},
    {"wrongState", OUTCOME_WRONG_STATE},
    {"formExists", OUTCOME_FORM_ELSEWHERE},
    {"keyAlreadyRequested", OUTCOME_REQUEST_REFUSED},
    {"challengeGone", OUTCOME_CODE_EXPIRED},
    {"payloadTooLarge", OUTCOME_SERVER_REFUSED},
    {"etagMismatch", OUTCOME_WRONG_STATE},
    {"codeInvalid", OUTCOME_CODE_INVALID},
    {"codeExpired", OUTCOME_CODE_EXPIRED},
    {"attemptsExceeded", OUTCOME_CODE_ATTEMPTS},
    {"resendTooEarly", OUTCOME_SERVER_BUSY},
    {"resendsExhausted", OUTCOME_CODE_NOT_RECEIVED},
    {"tooManyRequests", OUTCOME_SERVER_BUSY},
    {"internal", OUTCOME_SERVER_ERROR},
    {"unavailable", OUTCOME_SERVER_BUSY},
    {"cmsUnreadable", OUTCOME_STATEMENT_REFUSED},
    {"signatureInvalid", OUTCOME_STATEMENT_REFUSED},
    {"signerMismatch", OUTCOME_STATEMENT_REFUSED},
    {"signerExpired", OUTCOME_EXPIRED},
    {"signerRevoked", OUTCOME_REVOKED},
    {"signerKeyPeriodOver", OUTCOME_KEY_PERIOD_OVER},
    {"signerChainInvalid", OUTCOME_STATEMENT_REFUSED},
    {"contentMismatch", OUTCOME_STATEMENT_REFUSED},
    {"requestUnreadable", OUTCOME_REQUEST_REFUSED},
    {"requestSignatureInvalid", OUTCOME_REQUEST_REFUSED},
    {"requestKeyUnsupported", OUTCOME_REQUEST_REFUSED},
    {"requestSubjectMismatch", OUTCOME_REQUEST_REFUSED},
    {"requestExtensionsInvalid", OUTCOME_REQUEST_REFUSED},
    {"sameKey", OUTCOME_REQUEST_REFUSED},
    /* reasons why renewal is not available */
    {"notDueYet", OUTCOME_NOT_DUE},
    {"expired", OUTCOME_EXPIRED},
    {"revoked", OUTCOME_REVOKED},
    {"keyPeriodOver", OUTCOME_KEY_PERIOD_OVER},
    {"subjectChanged", OUTCOME_SUBJECT_CHANGED},
    {"daughterOrganisation", OUTCOME_DAUGHTER_ORGANISATION},
    {"formExistsAtServiceCentre", OUTCOME_FORM_EXISTS},
    {"otherCentre", OUTCOME_OTHER_CENTRE},
    {"kindChanged", OUTCOME_KIND_CHANGED},
    {"unknownCertificate", OUTCOME_UNKNOWN_CERTIFICATE},
    /* states of a form that need a person */
    {"validationError", OUTCOME_VALIDATION_ERROR},
    {"documentUnreadable", OUTCOME_DOCUMENT_REFUSED},
    {"clientOutdated", OUTCOME_CLIENT_OUTDATED},
    {"paperStatement", OUTCOME_PAPER_ONLY},
    {"rejected", OUTCOME_REJECTED},
    {"issueFailed", OUTCOME_ISSUE_FAILED},
    {"cancelled", OUTCOME_FORM_CANCELLED},
    {"formExpired", OUTCOME_FORM_EXPIRED},
};

static void every_word_of_the_contract_is_an_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (outcome_of_word(words[i].word) != words[i].outcome)
            fail_msg("%s is %s", words[i].word,
                     outcome_row(outcome_of_word(words[i].word))->word);
}

static void other_words_are_refusals(void **state)
{
    static const char *const others[] = {"",     "Revoked", "revoked ",
                                         "none", "%s%n",    "done"};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(outcome_of_word(others[i]), OUTCOME_SERVER_REFUSED);
}

/* So that a word that is added to the contract gets its row here. */
static void the_contract_has_no_other_words(void **state)
{
    FILE *file = fopen("api/openapi.yaml", "r");
    char line[256];

    (void)state;
    if (file == NULL)
        skip();
    while (fgets(line, sizeof line, file) != NULL) {
        char *at = strstr(line, "const: ");
        char word[64] = "";
        bool known = false;

        if (at == NULL || strstr(line, "code: {const: ") == NULL ||
            sscanf(at, "const: %63[A-Za-z]", word) != 1)
            continue;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known |= strcmp(words[i].word, word) == 0;
        if (!known && strcmp(word, "renewalNotAvailable") != 0)
            fail_msg("%s is not known here", word);
    }
    fclose(file);
}

/* It may come from a file: the keyboard is a matter of who asks at one. */
static void no_advice_is_about_typing(void **state)
{
    (void)state;
    for (enum outcome i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row(i);
        const char *texts[] = {row->sentence, row->advice, row->elsewhere};

        for (size_t j = 0; j < 3; j++)
            if (texts[j] != NULL && (strstr(texts[j], "Caps Lock") != NULL ||
                                     strstr(texts[j], "keyboard") != NULL))
                fail_msg("%s: %s", row->word, texts[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_has_a_row),
        cmocka_unit_test(words_are_unique),
        cmocka_unit_test(outcomes_that_are_none_have_the_row_of_a_defect),
        cmocka_unit_test(failures_give_advice),
        cmocka_unit_test(no_advice_is_about_typing),
        cmocka_unit_test(the_support_gets_a_number),
        cmocka_unit_test(ends_are_not_resumed),
        cmocka_unit_test(statuses_are_those_of_the_manual),
        cmocka_unit_test(every_fault_is_an_outcome),
        cmocka_unit_test(every_api_result_is_an_outcome),
        cmocka_unit_test(codes_are_of_refusals),
        cmocka_unit_test(every_word_of_the_contract_is_an_outcome),
        cmocka_unit_test(other_words_are_refusals),
        cmocka_unit_test(the_contract_has_no_other_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
