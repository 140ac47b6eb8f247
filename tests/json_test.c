#include "api/json.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum api_result parse(const char *text, size_t size)
{
    struct json_object *root = NULL;
    enum api_result result = json_parse(text, size, &root);

    if (result != API_OK)
        assert_null(root);
    json_object_put(root);
    return result;
}

static void parses_strictly(void **state)
{
    static const struct {
        const char *text;
        enum api_result result;
    } rows[] = {
        {"{}", API_OK},
        {" \t\r\n{ \"a\" : [1, -2.5e3, true, false, null, \"я\"] } \n", API_OK},
        {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u042f\"}", API_OK},
        {"{\"a\":\"\\ud83d\\ude00\"}", API_OK},
        {"{\"a\":\"\\\\u0000\"}", API_OK}, /* a backslash, then letters */
        {"", API_GARBAGE},
        {" ", API_GARBAGE},
        {"{", API_GARBAGE},
        {"}", API_GARBAGE},
        {"{\"a\":1", API_GARBAGE},
        {"{\"a\"", API_GARBAGE},
        {"{\"a\":\"", API_GARBAGE},
        {"{\"a\":\"\\", API_GARBAGE},
        {"{\"a\":\"\\u00", API_GARBAGE},
        {"{\"a\":1}x", API_GARBAGE},
        {"{\"a\":1}{}", API_GARBAGE},
        {"{\"a\":1},", API_GARBAGE},
        {"{}]", API_GARBAGE},
        {"\xef\xbb\xbf{}", API_GARBAGE},       /* a byte order mark */
        {"\xff\xfe{\0", API_GARBAGE},          /* UTF-16 */
        {"{\"a\":\"\xc0\xaf\"}", API_GARBAGE}, /* not UTF-8 */
        {"{\"a\":\"\xed\xa0\x80\"}", API_GARBAGE},
        {"{\"\xff\":1}", API_GARBAGE},
        {"{\"a\":\"\\u0000\"}", API_GARBAGE},
        {"{\"a\":\"\\\\\\u0000\"}", API_GARBAGE},
        {"{\"a\\u0000\":1}", API_GARBAGE},
        {"{\"a\":\"x\ny\"}", API_GARBAGE}, /* a bare line break inside */
        {"{\"a\":\"\x1b[2J\"}", API_GARBAGE},
        {"{\"a\":\"\\x41\"}", API_GARBAGE},
        {"{a:1}", API_GARBAGE},
        {"{'a':1}", API_GARBAGE},
        {"{\"a\":1,}", API_GARBAGE},
        {"[1,]", API_GARBAGE},
        {"{\"a\" 1}", API_GARBAGE},
        {"{\"a\":TRUE}", API_GARBAGE},
        {"{\"a\":nul}", API_GARBAGE},
        {"/* */{}", API_GARBAGE},
        {"{}//", API_GARBAGE},
        {"<html></html>", API_GARBAGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (parse(rows[i].text, strlen(rows[i].text)) != rows[i].result)
            fail_msg("row %zu: %s", i, rows[i].text);
    assert_int_equal(parse("{}\0", 3), API_GARBAGE);
    assert_int_equal(parse("{}\0{}", 5), API_GARBAGE);
    assert_int_equal(parse("{\"a\0\":1}", 8), API_GARBAGE);
}

/* text, many times over, between two others. */
static char *repeat(const char *before, const char *text, size_t count,
                    const char *after)
{
    struct buffer buffer = {.max = 64 * 1024 * 1024};

    buffer_put_text(&buffer, before);
    while (count-- > 0)
        buffer_put_text(&buffer, text);
    buffer_put_text(&buffer, after);
    assert_false(buffer.failed);
    return buffer.data;
}

static void is_bounded(void **state)
{
    static const struct {
        const char *before, *text;
        size_t count;
        const char *after;
        enum api_result result;
    } rows[] = {
        {"", "[", 30, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", API_OK},
        {"", "[", 100, "", API_GARBAGE},
        {"", "[", 1000000, "", API_GARBAGE},
        {"", "{\"a\":", 1000000, "", API_GARBAGE},
        {"[", "1,", 8190, "1]", API_OK},
        {"[", "1,", 8192, "1]", API_GARBAGE},
        {"[", "[],", 600000, "[]]", API_GARBAGE},
        {"[", "{},", 600000, "{}]", API_GARBAGE},
        {"{", "\"a\":{},", 250000, "\"a\":{}}", API_GARBAGE},
        {"{\"a\":\"", "x", 2000000, "\"}", API_OK},
        {"{\"a\":\"", "[{,", 600000, "\"}", API_OK}, /* only text */
        {"{\"a\":", "9", 1000000, "}", API_OK},
        {"", " ", 2000000, "{}", API_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text =
            repeat(rows[i].before, rows[i].text, rows[i].count, rows[i].after);
        enum api_result result = parse(text, strlen(text));

        free(text);
        if (result != rows[i].result)
            fail_msg("row %zu: %d", i, (int)result);
    }
}

/* Read one field out of a text. */
static enum api_result read(const char *text, const char *path,
                            enum json_kind kind, long maximum,
                            struct message *out)
{
    const struct json_field fields[] = {{path, kind, maximum}, {0}};
    struct json_object *root = NULL;
    enum api_result result = json_parse(text, strlen(text), &root);

    message_clear(out);
    if (result == API_OK)
        result = json_read(root, fields, out);
    json_object_put(root);
    return result;
}

/* The words of a form, as "data.title". */
static void checks_targets(void **state)
{
    static const struct {
        const char *value;
        bool good;
    } rows[] = {
        {"\"data.a.b1\"", true}, {"\"data\"", true},  {"\"data.a.b12\"", false},
        {"\"\"", false},         {"\".\"", false},    {"\"data.\"", false},
        {"\".data\"", false},    {"\"a..b\"", false}, {"\"a/b\"", false},
        {"\"a.b\\n\"", false},   {"\"а.б\"", false},  {"7", false},
        {"null", false},         {"[\"a\"]", false},
    };
    struct message *out = message_new();
    char text[64];

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "{\"a\":%s}", rows[i].value);
        if ((read(text, "a", JSON_TARGET, 9, out) == API_OK) != rows[i].good)
            fail_msg("%s", text);
    }
    message_free(&out);
}

static void checks_types(void **state)
{
    static const struct {
        enum json_kind kind;
        long maximum;
        const char *value, *field; /* NULL: refused */
    } rows[] = {
        {JSON_TEXT, 8, "\"Иван\"", "Иван"},
        {JSON_TEXT, 7, "\"Иван\"", NULL},
        {JSON_TEXT, 8, "\"\"", ""},
        {JSON_TEXT, 8, "\"a\\u001b[2J\"", "a [2J"},
        {JSON_TEXT, 8, "\"a\\nb\\u202e\"", "a b "},
        {JSON_TEXT, 8, "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {JSON_TEXT, 8, "1", NULL},
        {JSON_TEXT, 8, "true", NULL},
        {JSON_TEXT, 8, "null", NULL},
        {JSON_TEXT, 8, "[\"a\"]", NULL},
        {JSON_TEXT, 8, "{\"a\":\"b\"}", NULL},
        {JSON_LINES, 8, "\"a\\nb\\r\\nc\"", "a\nb\r\nc"},
        {JSON_LINES, 8, "\"a\\rb\\t\"", "a b "},
        {JSON_LINES, 8, "\"123456789\"", NULL},
        {JSON_MESSAGE, 4, "\"Иваново\"", "Иван"},
        {JSON_MESSAGE, 4, "\"a\\nbcd\"", "a bc"},
        {JSON_MESSAGE, 4, "1", NULL},
        {JSON_WORD, 4, "\"abc9\"", "abc9"},
        {JSON_WORD, 4, "\"abcde\"", NULL},
        {JSON_WORD, 4, "\"\"", NULL},
        {JSON_WORD, 4, "\"a-b\"", NULL},
        {JSON_WORD, 4, "\"a b\"", NULL},
        {JSON_WORD, 4, "\"я\"", NULL},
        {JSON_ID, 4, "\"a-_9\"", "a-_9"},
        {JSON_ID, 4, "\"../a\"", NULL},
        {JSON_ID, 4, "\"a/b\"", NULL},
        {JSON_ID, 4, "\"a%2f\"", NULL},
        {JSON_ID, 4, "\"a?b\"", NULL},
        {JSON_ID, 4, "\"a\\r\\nb\"", NULL},
        {JSON_ID, 4, "\"\"", NULL},
        {JSON_ID, 4, "12", NULL},
        {JSON_HEX, 4, "\"00fF\"", "00fF"},
        {JSON_HEX, 4, "\"00f\"", NULL},
        {JSON_HEX, 4, "\"00ff0\"", NULL},
        {JSON_HEX, 4, "\"00fg\"", NULL},
        {JSON_ETAG, 4, "\"3-ab\"", "3-ab"},
        {JSON_ETAG, 4, "\"a\\\"b\"", NULL},
        {JSON_ETAG, 4, "\"a\\nb\"", NULL},
        {JSON_ETAG, 4, "\"abcde\"", NULL},
        {JSON_TIME, 0, "\"2025-03-01T09:30:00Z\"", "2025-03-01T09:30:00Z"},
        {JSON_TIME, 0, "\"2025-02-30T09:30:00Z\"", NULL},
        {JSON_TIME, 0, "\"tomorrow\"", NULL},
        {JSON_TIME, 0, "1740821400", NULL},
        {JSON_NUMBER, 60, "0", "0"},
        {JSON_NUMBER, 60, "60", "60"},
        {JSON_NUMBER, 60, "61", NULL},
        {JSON_NUMBER, 60, "-1", NULL},
        {JSON_NUMBER, 60, "1.0", NULL},
        {JSON_NUMBER, 60, "1e1", NULL},
        {JSON_NUMBER, 60, "\"1\"", NULL},
        {JSON_NUMBER, 60, "true", NULL},
        {JSON_NUMBER, 60, "99999999999999999999", NULL},
        {JSON_NUMBER, 60, "-99999999999999999999", NULL},
        {JSON_NUMBER, 60, "NaN", NULL},
        {JSON_NUMBER, 60, "Infinity", NULL},
        {JSON_BOOLEAN, 0, "true", "true"},
        {JSON_BOOLEAN, 0, "false", "false"},
        {JSON_BOOLEAN, 0, "\"true\"", NULL},
        {JSON_BOOLEAN, 0, "1", NULL},
        {JSON_BYTES, 3, "\"YWJj\"", "abc"},
        {JSON_BYTES, 3, "\"YWI=\"", "ab"},
        {JSON_BYTES, 3, "\"YQ==\"", "a"},
        {JSON_BYTES, 3, "\"YWJjZA==\"", NULL}, /* four bytes */
        {JSON_BYTES, 3, "\"\"", NULL},
        {JSON_BYTES, 3, "\"YWI\"", NULL}, /* no padding */
        {JSON_BYTES, 3, "\"YQ=\"", NULL},
        {JSON_BYTES, 3, "\"YR==\"", NULL}, /* bits behind the last byte */
        {JSON_BYTES, 3, "\"YW Jj\"", NULL},
        {JSON_BYTES, 3, "\"YWJj\\n\"", NULL},
        {JSON_BYTES, 3, "\"YWJj====\"", NULL},
        {JSON_BYTES, 3, "\"_-8=\"", NULL}, /* the other alphabet */
        {JSON_BYTES, 3, "\"=\"", NULL},
        {JSON_BYTES, 3, "\"яя\"", NULL}, /* four bytes, which are no signs */
        {JSON_BYTES, 3, "1", NULL},
    };
    struct message *out = message_new();
    char text[128];

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum api_result result;

        snprintf(text, sizeof text, "{\"a\":%s}", rows[i].value);
        result = read(text, "a", rows[i].kind, rows[i].maximum, out);
        if (result != (rows[i].field == NULL ? API_GARBAGE : API_OK) ||
            (result == API_OK &&
             strcmp(message_text(out, "a"), rows[i].field) != 0))
            fail_msg("row %zu: %s as %d: %d", i, text, (int)rows[i].kind,
                     (int)result);
    }
    message_free(&out);
}

/* Half a pair stands for no character; it must not become bytes that are
 * not UTF-8. */
static void replaces_lone_surrogates(void **state)
{
    static const char *const rows[] = {"\\ud83d",        "\\ude00",
                                       "\\ud83dx",       "\\ud83d\\ud83d",
                                       "\\ude00\\ud83d", "\\ud83d\\u0041"};
    struct message *out = message_new();
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "{\"a\":\"%s\"}", rows[i]);
        if (read(text, "a", JSON_TEXT, 64, out) == API_OK)
            assert_non_null(strstr(message_text(out, "a"), "\xef\xbf\xbd"));
    }
    message_free(&out);
}

static void follows_paths(void **state)
{
    static const struct {
        const char *path, *text, *word, *field; /* word NULL: refused */
    } rows[] = {
        {"a.b", "{\"a\":{\"b\":\"x\"}}", "a.b", "x"},
        {"a.b", "{\"a\":{}}", NULL, NULL},
        {"a.b", "{}", NULL, NULL},
        {"a.b", "{\"a\":\"x\"}", NULL, NULL},
        {"a.b", "{\"a\":[\"x\"]}", NULL, NULL},
        {"a.b", "[]", NULL, NULL},
        {"a.b", "\"a\"", NULL, NULL},
        {"a.b", "null", NULL, NULL},
        {"a", "{\"a\":\"x\",\"other\":{\"deep\":[1,{}]}}", "a", "x"},
        {"a", "{\"a\":\"x\",\"a\":\"y\"}", "a", "y"}, /* the last one */
        {"a", "{\"A\":\"x\"}", NULL, NULL},
        {"a?", "{}", "none", NULL},
        {"a?", "{\"a\":null}", "none", NULL},
        {"a?", "{\"a\":\"x\"}", "a", "x"},
        {"a?", "{\"a\":1}", NULL, NULL},
        {"a?.b", "{}", "none", NULL},
        {"a?.b", "{\"a\":{}}", NULL, NULL},
        {"a?.b", "{\"a\":{\"b\":\"x\"}}", "a.b", "x"},
        {"a?.b?", "{\"a\":{}}", "none", NULL},
        {"a.#", "{\"a\":[]}", "none", NULL},
        {"a.#", "{\"a\":[\"x\",\"y\"]}", "a.1", "y"},
        {"a.#", "{\"a\":[\"x\",1]}", NULL, NULL},
        {"a.#", "{\"a\":[\"x\",null]}", NULL, NULL},
        {"a.#", "{\"a\":{\"0\":\"x\"}}", NULL, NULL},
        {"a.#", "{\"a\":\"x\"}", NULL, NULL},
        {"a.#.b", "{\"a\":[{\"b\":\"x\"},{\"b\":\"y\"}]}", "a.1.b", "y"},
        {"a.#.b", "{\"a\":[{\"b\":\"x\"},{}]}", NULL, NULL},
        {"a.#.b?", "{\"a\":[{\"b\":\"x\"},{}]}", "a.0.b", "x"},
        {"#.b", "[{\"b\":\"x\"}]", "0.b", "x"},
        {"a.*", "{\"a\":{\"snils\":\"x\",\"inn\":\"y\"}}", "a.inn", "y"},
        {"a.*", "{\"a\":{}}", "none", NULL},
        {"a.*", "{\"a\":[]}", NULL, NULL},
        {"a.*", "{\"a\":{\"b\":1}}", NULL, NULL},
        {"a.*", "{\"a\":{\"b\":null}}", NULL, NULL},
        {"a.*", "{\"a\":{\"b.c\":\"x\"}}", NULL, NULL},
        {"a.*", "{\"a\":{\"\":\"x\"}}", NULL, NULL},
        {"a.*", "{\"a\":{\"b c\":\"x\"}}", NULL, NULL},
        {"a.*", "{\"a\":{\"имя\":\"x\"}}", NULL, NULL},
        {"a.*", "{\"a\":{\"\\u001b[2J\":\"x\"}}", NULL, NULL},
    };
    struct message *out = message_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum api_result result =
            read(rows[i].text, rows[i].path, JSON_TEXT, 64, out);
        const char *field =
            rows[i].word == NULL ? NULL : message_text(out, rows[i].word);

        if (result != (rows[i].word == NULL ? API_GARBAGE : API_OK) ||
            (field == NULL) != (rows[i].field == NULL) ||
            (field != NULL && strcmp(field, rows[i].field) != 0))
            fail_msg("row %zu: %s in %s: %d", i, rows[i].path, rows[i].text,
                     (int)result);
    }
    message_free(&out);
}

static void lists_have_a_maximum(void **state)
{
    struct message *out = message_new();
    char *text = repeat("{\"a\":[", "\"x\",", JSON_ITEMS_MAX - 1, "\"x\"]}");

    (void)state;
    assert_int_equal(read(text, "a.#", JSON_TEXT, 1, out), API_OK);
    assert_string_equal(message_text(out, "a.255"), "x");
    free(text);
    text = repeat("{\"a\":[", "\"x\",", JSON_ITEMS_MAX, "\"x\"]}");
    assert_int_equal(read(text, "a.#", JSON_TEXT, 1, out), API_GARBAGE);
    free(text);
    /* more than a message holds */
    text = repeat("{\"a\":[",
                  "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,"
                  "\"g\":1,\"h\":1,\"i\":1,\"j\":1},",
                  249, "{}]}");
    assert_int_equal(read(text, "a.#.*", JSON_NUMBER, 1, out), API_TOO_LARGE);
    free(text);
    message_free(&out);
}

static void writes(void **state)
{
    struct buffer body = {.max = 1000};

    (void)state;
    buffer_put(&body, "{", 1);
    json_put_text(&body, "plain", "79001234567", 11);
    json_put_text(&body, "odd", "\"\\/\n\x1b\x7fя", 8);
    json_put_text(&body, "empty", "", 0);
    json_put_bytes(&body, "bytes", "\xfb\xff\0", 3);
    json_put_true(&body, "yes");
    json_put_object(&body, "in");
    json_put_text(&body, "a", "b", 1);
    buffer_put(&body, "}}", 2);
    assert_false(body.failed);
    assert_string_equal(body.data,
                        "{\"plain\":\"79001234567\","
                        "\"odd\":\"\\u0022\\u005c/\\u000a\\u001b\x7fя\","
                        "\"empty\":\"\",\"bytes\":\"+/8A\",\"yes\":true,"
                        "\"in\":{\"a\":\"b\"}}");
    assert_int_equal(parse(body.data, body.size), API_OK);
    buffer_free(&body);
}

static void writes_no_garbage(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } rows[] = {{"\xff", 1}, {"a\0b", 3}, {"\xd0", 1}, {"\xed\xa0\x80", 3}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer body = {.max = 1000};

        json_put_text(&body, "a", rows[i].text, rows[i].size);
        assert_true(body.failed);
        buffer_free(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_strictly),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(checks_targets),
        cmocka_unit_test(checks_types),
        cmocka_unit_test(replaces_lone_surrogates),
        cmocka_unit_test(follows_paths),
        cmocka_unit_test(lists_have_a_maximum),
        cmocka_unit_test(writes),
        cmocka_unit_test(writes_no_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
