#include "api/answer.h"

#include "tests/support/contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void takes_no_other_status(void **state)
{
    static const long others[] = {0,   100, 101, 199, 202, 203, 204,
                                  205, 206, 299, 300, 301, 302, 303,
                                  304, 307, 308, 399, 600, 999};

    (void)state;
    contract_fill("etag");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (contract_call("readForm", others[i], NULL, contract_form) !=
            API_GARBAGE)
            fail_msg("%ld", others[i]);
    assert_int_equal(contract_call("readForm", 201, NULL, contract_form),
                     API_OK);
}

static void knows_what_is_not_modified(void **state)
{
    (void)state;
    assert_int_equal(contract_call("readForm", 304, "ETag: \"3-ab\"", NULL),
                     API_OK);
    assert_true(message_true(contract.out, "notModified"));
    assert_true(contract_has("etag", "3-ab"));
    assert_null(message_text(contract.out, "status"));
    assert_int_equal(contract_call("submitForm", 304, "ETag: \"3-ab\"", NULL),
                     API_GARBAGE);
    assert_false(message_true(contract.out, "notModified"));
}

static void wants_its_type_of_content(void **state)
{
    static const struct {
        const char *type;
        bool json, text;
    } types[] = {
        {"application/json", true, false},
        {"Application/JSON", true, false},
        {"application/json; charset=utf-8", true, false},
        {"application/json;charset=UTF-8", true, false},
        {"application/json ; charset=\"utf-8\"", true, false},
        {"application/json; charset=windows-1251", false, false},
        {"application/json; charset=utf-8; x=y", false, false},
        {"application/json;", false, false},
        {"application/jsonp", false, false},
        {"application/json, text/html", false, false},
        {"text/html", false, false},
        {"text/html; charset=utf-8", false, false},
        {"text/json", false, false},
        {"text/plain", false, true},
        {"text/plain; charset=utf-8", false, true},
        {"text/plain; charset=koi8-r", false, false},
        {"", false, false},
    };
    char header[128];

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        snprintf(header, sizeof header, "Content-Type: %s", types[i].type);
        if (contract_call("readForm", 200, header, contract_form) !=
                (types[i].json ? API_OK : API_GARBAGE) ||
            contract_call("readStatement", 200, header, "Прошу") !=
                (types[i].text ? API_OK : API_GARBAGE))
            fail_msg("%s", types[i].type);
    }
    assert_int_equal(contract_call("readForm", 200, "Server: x", contract_form),
                     API_GARBAGE);
}

/* Byte for byte, or not at all: it is signed. */
static void takes_the_statement_as_it_is(void **state)
{
    static const struct {
        const char *text;
        enum api_result result;
    } statements[] = {
        {"Заявление\nна выпуск\r\n№ 5 «A» — 100 %\n", API_OK},
        {"x", API_OK},
        {" \n", API_OK},
        {"{\"json\":true}", API_OK},
        {"", API_GARBAGE},
        {"a\x1b[2Jb", API_GARBAGE},
        {"a\rb", API_GARBAGE},
        {"a\tb", API_GARBAGE},
        {"a\xe2\x80\xae"
         "b",
         API_GARBAGE},
        {"a\xe2\x80\x8b"
         "b",
         API_GARBAGE},
        {"\xef\xbb\xbf"
         "a",
         API_GARBAGE},
        {"a\xc2\x9b"
         "b",
         API_GARBAGE},
        {"\xcf\xf0\xee\xf8\xf3", API_GARBAGE}, /* windows-1251 */
    };
    static const char type[] = "Content-Type: text/plain; charset=utf-8";
    enum { MOST = 512 * 1024 };
    char *large = calloc(1, MOST + 2);

    (void)state;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        enum api_result result =
            contract_call("readStatement", 200, type, statements[i].text);

        if (result != statements[i].result ||
            !contract_has("statement",
                          result == API_OK ? statements[i].text : NULL))
            fail_msg("statement %zu: %d", i, (int)result);
    }
    assert_non_null(large);
    memset(large, 'a', MOST);
    assert_int_equal(contract_call("readStatement", 200, type, large), API_OK);
    large[MOST] = 'a';
    assert_int_equal(contract_call("readStatement", 200, type, large),
                     API_TOO_LARGE);
    free(large);
}

static void reads_headers(void **state)
{
    static const struct {
        const char *headers, *word, *value;
    } lines[] = {
        {"Date: Sat, 01 Mar 2025 09:30:00 GMT", "date", "1740821400"},
        {"date: Sat, 01 Mar 2025 09:30:00 GMT", "date", "1740821400"},
        {"Date: yesterday", "date", NULL},
        {"Date: ", "date", NULL},
        {"X-Trace-Id: " ID32, "traceId", ID32},
        {"x-trace-id: a_b-c", "traceId", "a_b-c"},
        {"X-Trace-Id: a b", "traceId", NULL},
        {"X-Trace-Id: \x1b[31m", "traceId", NULL},
        {"X-Trace-Id: ", "traceId", NULL},
        {"X-Trace-Id: " LONG64 LONG64 "x", "traceId", NULL},
        {"X-Trace-Ids: a", "traceId", NULL},
        {"X-Trace-Id: a\nX-Trace-Id: b", "traceId", "b"},
        {"ETag: \"3-ab\"", "etag", "3-ab"},
        {"ETag: W/\"3-ab\"", "etag", "3-ab"},
        {"ETag: 3-ab", "etag", NULL},
        {"ETag: \"3-ab", "etag", NULL},
        {"ETag: \"", "etag", NULL},
        {"ETag: \"\"", "etag", NULL},
        {"ETag: W/", "etag", NULL},
        {"ETag: \"a\"b\"", "etag", NULL},
        {"ETag: \"a b\"", "etag", NULL},
        {"ETag: \"" LONG64 LONG64 "\"", "etag", LONG64 LONG64},
        {"ETag: \"" LONG64 LONG64 "x\"", "etag", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        contract_call("readForm", 304, lines[i].headers, NULL);
        if (!contract_has(lines[i].word, lines[i].value))
            fail_msg("%s: %s", lines[i].headers,
                     message_text(contract.out, lines[i].word));
    }
}

static void reads_errors(void **state)
{
    static const struct {
        const char *body;
        enum api_result result;
        const char *word, *value;
    } errors[] = {
        {"{\"code\":\"codeInvalid\",\"message\":\"Нет\",\"traceId\":\"t\","
         "\"attemptsLeft\":2}",
         API_REFUSED, "attemptsLeft", "2"},
        {"{\"code\":\"codeInvalid\"}", API_REFUSED, "code", "codeInvalid"},
        {"{\"code\":\"forbidden\",\"target\":\"data.inn\"}", API_REFUSED,
         "target", "data.inn"},
        {"{\"code\":\"a\",\"message\":\"\\u001b]0;\\u0007\\nx\"}", API_REFUSED,
         "message", " ]0;  x"},
        {"{\"code\":\"a\",\"traceId\":\"tr-1\"}", API_REFUSED, "traceId",
         "tr-1"},
        {"{\"code\":\"a\",\"errors\":[{\"code\":\"b\",\"target\":\"snils\","
         "\"message\":\"m\"},{\"code\":\"c\"}]}",
         API_REFUSED, "errors.0.target", "snils"},
        {"{\"code\":\"a\",\"errors\":[{\"code\":\"b\"},{\"code\":\"c\"}]}",
         API_REFUSED, "errors.1.code", "c"},
        {"{\"code\":\"a\",\"status\":200}", API_REFUSED, "status", "422"},
        {"{\"message\":\"no code\"}", API_GARBAGE, "message", NULL},
        {"{\"code\":\"\"}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a b\"}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\\u001b\"}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"" LONG64 "\"}", API_REFUSED, "code", LONG64},
        {"{\"code\":\"" LONG64 "x\"}", API_GARBAGE, "code", NULL},
        {"{\"code\":1}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\",\"message\":5}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\",\"attemptsLeft\":-1}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\",\"attemptsLeft\":\"2\"}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\",\"traceId\":\"../x\"}", API_GARBAGE, "traceId", NULL},
        {"{\"code\":\"a\",\"errors\":[{}]}", API_GARBAGE, "code", NULL},
        {"{\"code\":\"a\",\"errors\":{}}", API_GARBAGE, "code", NULL},
        {"[]", API_GARBAGE, "status", "422"},
        {"", API_GARBAGE, "status", "422"},
        {"<html>", API_GARBAGE, "status", "422"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        enum api_result result =
            contract_call("confirmRequest", 422, NULL, errors[i].body);

        if (result != errors[i].result ||
            !contract_has(errors[i].word, errors[i].value))
            fail_msg("%s: %d", errors[i].body, (int)result);
        assert_true(contract_has("status", "422"));
    }
}

static void shortens_messages(void **state)
{
    struct buffer body = {.max = 100000};

    (void)state;
    buffer_put_text(&body, "{\"code\":\"a\",\"message\":\"");
    for (int i = 0; i < 1500; i++)
        buffer_put_text(&body, "я");
    buffer_put_text(&body, "\"}");
    assert_int_equal(contract_call("confirmRequest", 422, NULL, body.data),
                     API_REFUSED);
    assert_int_equal(strlen(message_text(contract.out, "message")), 2000);
    buffer_free(&body);
}

static void keeps_the_trace_of_a_failure(void **state)
{
    static const char html[] = "Content-Type: text/html\nX-Trace-Id: abc\n"
                               "Date: Sat, 01 Mar 2025 09:30:00 GMT";

    (void)state;
    assert_int_equal(contract_call("readForm", 502, html, "<html>"),
                     API_SERVER);
    assert_true(contract_has("status", "502") &&
                contract_has("traceId", "abc") &&
                contract_has("date", "1740821400"));
    assert_int_equal(contract_call("readForm", 404, html, "<html>"),
                     API_GARBAGE);
    assert_true(contract_has("status", "404") &&
                contract_has("traceId", "abc"));
    assert_int_equal(contract_call("readForm", 200, html, "<html>"),
                     API_GARBAGE);
    assert_true(contract_has("status", "200") &&
                contract_has("traceId", "abc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(takes_no_other_status),
        CONTRACT(knows_what_is_not_modified),
        CONTRACT(wants_its_type_of_content),
        CONTRACT(takes_the_statement_as_it_is),
        CONTRACT(reads_headers),
        CONTRACT(reads_errors),
        CONTRACT(shortens_messages),
        CONTRACT(keeps_the_trace_of_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
