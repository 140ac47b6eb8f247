#include "api/operation.h"

#include "tests/support/contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PLAIN "Accept: application/json\n"
#define JSON PLAIN "Content-Type: application/json\n"
#define SID "Authorization: auth.sid " ID64 "\n"
#define MATCH "If-Match: \"3-ab\"\n"
#define FORM "/v1/certificate-forms/f-1"

static const struct {
    const char *name, *needs, *request, *answer;
} rows[] = {
    {"requestCode", "phone",
     "POST /v1/auth/sms\n" JSON "\n{\"phone\":\"79001234567\"}",
     contract_challenge},
    {"resendCode", "challengeId", "POST /v1/auth/sms/c_1/resend\n" PLAIN "\n",
     contract_challenge},
    {"signIn", "challengeId code",
     "POST /v1/auth/sms/c_1/confirm\n" JSON "\n{\"code\":\"123456\"}",
     contract_session},
    {"refreshSession", "refreshToken",
     "POST /v1/sessions/refresh\n" JSON "\n{\"refreshToken\":\"r1\"}",
     contract_session},
    {"listCertificates", "sid", "GET /v1/certificates\n" PLAIN SID "\n",
     contract_certificates},
    {"openForm", "sid externalId oldThumbprint mode",
     "POST /v1/certificate-forms\n" JSON SID "\n{\"externalId\":\"kep_1\","
     "\"oldThumbprint\":\"" ID40 "\",\"mode\":\"express\"}",
     contract_form},
    {"readForm", "sid formId",
     "GET " FORM "\n" PLAIN SID "If-None-Match: \"3-ab\"\n\n", contract_form},
    {"changeData", "sid formId etag",
     "PATCH " FORM "/data\n" JSON SID MATCH
     "\n{\"data\":{\"title\":\"Директор \\u0022по\\u0022 науке\"}}",
     contract_form},
    {"readStatement", "sid formId",
     "GET " FORM "/statement?type=releaseStatement\n"
     "Accept: text/plain, application/json\n" SID "\n",
     NULL},
    {"sendStatementSignature", "sid formId etag cms",
     "POST " FORM "/statement/signature\n" JSON SID MATCH
     "\n{\"cms\":\"MPv/\"}",
     contract_form},
    {"submitForm", "sid formId etag",
     "POST " FORM "/submit\n" JSON SID MATCH "\n{}", contract_form},
    {"giveConsent", "sid formId etag textVersion accepted",
     "POST " FORM "/consent\n" JSON SID MATCH
     "\n{\"textVersion\":\"2025-02\",\"accepted\":true}",
     contract_form},
    {"sendDocument", "sid formId etag kind content",
     "POST " FORM "/documents/passport\nAccept: application/json\n"
     "Content-Type: application/pdf\n" SID MATCH "\n%PDF-1.7\n\x30\xfb\xff",
     contract_form},
    {"sendUnsignedRequest", "sid formId etag request",
     "POST " FORM "/request/unsigned\n" JSON SID MATCH
     "\n{\"request\":\"MPv/\"}",
     contract_form},
    {"sendRequest", "sid formId etag cms",
     "POST " FORM "/request\n" JSON SID MATCH "\n{\"cms\":\"MPv/\"}",
     contract_form},
    {"confirmRequest", "sid formId etag code",
     "POST " FORM "/confirmation\n" JSON SID MATCH "\n{\"code\":\"123456\"}",
     contract_form},
    {"resendConfirmation", "sid formId",
     "POST " FORM "/confirmation/resend\n" PLAIN SID "\n", contract_form},
    {"readCertificate", "sid formId",
     "GET " FORM "/certificate\n" PLAIN SID "\n", contract_certificate},
    {"reportInstalled", "sid formId etag",
     "POST " FORM "/installed\n" JSON SID MATCH "\n{}", contract_form},
    {"cancelForm", "sid formId etag",
     "POST " FORM "/cancel\n" JSON SID MATCH "\n{}", contract_form},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void asks_as_the_contract_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        enum api_result result;

        if (rows[i].answer == NULL)
            result = contract_call(rows[i].name, 200,
                                   "Content-Type: text/plain", "x");
        else
            result = contract_call(rows[i].name, 200, NULL, rows[i].answer);
        assert_int_equal(contract.script.asked, 1);
        assert_string_equal(contract.script.request[0].data, rows[i].request);
        if (result != API_OK)
            fail_msg("%s: %d", rows[i].name, (int)result);
    }
    assert_null(operation_at(ROWS)); /* every operation is among the rows */
}

static void asks_without_what_is_optional(void **state)
{
    (void)state;
    contract_fill("etag");
    assert_int_equal(contract_call("readForm", 200, NULL, contract_form),
                     API_OK);
    assert_string_equal(contract.script.request[0].data,
                        "GET " FORM "\n" PLAIN SID "\n");
    contract_fill("data.title");
    assert_int_equal(contract_call("changeData", 200, NULL, contract_form),
                     API_OK);
    assert_string_equal(contract.script.request[0].data,
                        "PATCH " FORM "/data\n" JSON SID MATCH "\n{}");
    message_put_text(contract.in, "data.title", "a");
    message_put_text(contract.in, "data.emailAddress", "b@c");
    assert_int_equal(contract_call("changeData", 200, NULL, contract_form),
                     API_OK);
    assert_string_equal(
        contract.script.request[0].data,
        "PATCH " FORM "/data\n" JSON SID MATCH
        "\n{\"data\":{\"title\":\"a\",\"emailAddress\":\"b@c\"}}");
    message_put_text(contract.in, "esia.sex", "male");
    assert_int_equal(contract_call("changeData", 200, NULL, contract_form),
                     API_OK);
    assert_string_equal(
        contract.script.request[0].data,
        "PATCH " FORM "/data\n" JSON SID MATCH
        "\n{\"data\":{\"title\":\"a\",\"emailAddress\":\"b@c\"},"
        "\"esia\":{\"sex\":\"male\"}}");
}

static void asks_nothing_without_a_field(void **state)
{
    char needs[128];

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(needs, sizeof needs, "%s", rows[i].needs);
        for (char *rest = needs, *word;
             (word = strtok_r(rest, " ", &rest)) != NULL;) {
            contract_fill(word);
            if (contract_call(rows[i].name, 200, NULL, rows[i].answer) !=
                    API_CONFIGURATION ||
                contract.script.asked != 0)
                fail_msg("%s without %s", rows[i].name, word);
        }
    }
    contract_fill(NULL);
    assert_int_equal(contract_call("noSuchOperation", 200, NULL, contract_form),
                     API_CONFIGURATION);
    assert_int_equal(contract_call("", 200, NULL, contract_form),
                     API_CONFIGURATION);
}

static void asks_nothing_with_a_bad_field(void **state)
{
    static const struct {
        const char *name, *word, *value;
        size_t size; /* 0: all of it */
    } bad[] = {
        {"readForm", "formId", "../../sessions", 0},
        {"readForm", "formId", "..", 0},
        {"readForm", "formId", "", 0},
        {"readForm", "formId", "a/b", 0},
        {"readForm", "formId", "a?b", 0},
        {"readForm", "formId", "a#b", 0},
        {"readForm", "formId", "a%2fb", 0},
        {"readForm", "formId", "a b", 0},
        {"readForm", "formId", "a\r\nX: y", 0},
        {"readForm", "formId", "я", 0},
        {"readForm", "formId", "a\0b", 3},
        {"readForm", "formId", LONG64 LONG64 "x", 0},
        {"signIn", "challengeId", "../x", 0},
        {"resendCode", "challengeId", "x/../../certificates", 0},
        {"listCertificates", "sid", "a\r\nX-Evil: 1", 0},
        {"listCertificates", "sid", "a b", 0},
        {"listCertificates", "sid", "", 0},
        {"listCertificates", "sid", "a\0b", 3},
        {"submitForm", "etag", "a\"b", 0},
        {"submitForm", "etag", "a\r\nX-Evil: 1", 0},
        {"submitForm", "etag", "", 0},
        {"submitForm", "etag", LONG64 LONG64 "x", 0},
        {"readForm", "etag", "a\"", 0},
        {"giveConsent", "accepted", "false", 0},
        {"giveConsent", "accepted", "yes", 0},
        {"giveConsent", "accepted", "", 0},
        {"sendRequest", "cms", "", 0},
        {"sendDocument", "content", "", 0},
        {"sendDocument", "content", "GIF89a", 0},
        {"sendDocument", "kind", "../statement", 0},
        {"sendDocument", "kind", "", 0},
        {"requestCode", "phone", "7900\0", 5},
        {"requestCode", "phone", "\xff", 0},
        {"changeData", "data.title", "\xd0", 0},
        {"changeData", "data.title", "a\0b", 3},
        {"changeData", "data.a.b", "x", 0},
        {"changeData", "esia.a.b", "x", 0},
        {"changeData", "esia.sex", "a\0b", 3},
        {"changeData", "data.", "x", 0},
        {"changeData", "data.a\"b", "x", 0},
        {"changeData", "data.имя", "x", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        contract_fill(NULL);
        message_put(contract.in, bad[i].word, bad[i].value,
                    bad[i].size == 0 ? strlen(bad[i].value) : bad[i].size);
        if (contract_call(bad[i].name, 200, NULL, contract_form) !=
                API_CONFIGURATION ||
            contract.script.asked != 0)
            fail_msg("row %zu: %s %s", i, bad[i].name, bad[i].word);
    }
}

static void sends_large_requests(void **state)
{
    const size_t size = 256 * 1024;
    char *cms = calloc(1, size);

    (void)state;
    assert_non_null(cms);
    message_put(contract.in, "cms", cms, size);
    free(cms);
    assert_int_equal(contract_call("sendRequest", 200, NULL, contract_form),
                     API_OK);
    assert_in_range(contract.script.request[0].size, size * 4 / 3,
                    size * 4 / 3 + 400);
}

static void sends_the_largest_scan_and_no_larger(void **state)
{
    char *scan = calloc(1, DOCUMENT_MAX + 1);

    (void)state;
    assert_non_null(scan);
    memcpy(scan, "%PDF-", 5);
    message_put(contract.in, "content", scan, DOCUMENT_MAX);
    assert_int_equal(contract_call("sendDocument", 200, NULL, contract_form),
                     API_OK);
    assert_in_range(contract.script.request[0].size, DOCUMENT_MAX,
                    DOCUMENT_MAX + 400);
    message_put(contract.in, "content", scan, DOCUMENT_MAX + 1);
    assert_true(message_failed(contract.in));
    free(scan);
}

/* --- the contract itself -------------------------------------------------- */

/* The path, method and name of every operation in api/openapi.yaml, in the
 * order of the file; other lines are passed over. */
static size_t check_contract(FILE *file)
{
    char line[256], path[128] = "", method[16] = "", name[64], wanted[256];
    const struct operation *operation;
    size_t count = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "  /%126[^:]:", path + 1) == 1 && line[2] == '/') {
            path[0] = '/';
        } else if (strncmp(line, "    ", 4) == 0 && line[4] != ' ') {
            sscanf(line, "    %15[a-z]:", method);
        } else if (sscanf(line, "      operationId: %63[A-Za-z]", name) == 1) {
            operation = operation_find(name);
            if (operation == NULL)
                fail_msg("%s is not there", name);
            snprintf(wanted, sizeof wanted, "/v1%s", path);
            wanted[strcspn(wanted, "\n")] = '\0';
            if (strncmp(operation->path, wanted, strlen(wanted)) != 0 ||
                strchr("?", operation->path[strlen(wanted)]) == NULL ||
                strcasecmp(operation->method, method) != 0)
                fail_msg("%s: %s %s", name, method, wanted);
            count++;
        }
    }
    return count;
}

static void agrees_with_the_contract(void **state)
{
    FILE *file = fopen("api/openapi.yaml", "r");

    (void)state;
    assert_non_null(file);
    assert_int_equal(check_contract(file), ROWS);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(asks_as_the_contract_says),
        CONTRACT(asks_without_what_is_optional),
        CONTRACT(asks_nothing_without_a_field),
        CONTRACT(asks_nothing_with_a_bad_field),
        CONTRACT(sends_large_requests),
        CONTRACT(sends_the_largest_scan_and_no_larger),
        cmocka_unit_test(agrees_with_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
