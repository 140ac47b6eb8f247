#include "api/tree.h"

#include "tests/support/repeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Memory of just that size, so that a sanitizer sees what is read behind. */
static enum api_result parse(const char *text, size_t size)
{
    struct tree *root = NULL;
    char *copy = calloc(1, size + 1);
    enum api_result result;

    assert_non_null(copy);
    memcpy(copy, text, size);
    result = tree_parse(copy, size, &root);
    if (result != API_OK)
        assert_null(root);
    free(root);
    free(copy);
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
        {"nullx", API_GARBAGE},
        {"truefalse", API_GARBAGE},
        {"\"\\ud83d\\ude0\"", API_GARBAGE},
        {"\"\\ud83d\\u\"", API_GARBAGE},
        {"\"\\u 123\"", API_GARBAGE},
        {"\"\\u+123\"", API_GARBAGE},
        {"\"\\u0x12\"", API_GARBAGE},
        {"\"\\U0041\"", API_GARBAGE},
        {"\"\\a\"", API_GARBAGE},
        {"\"\\\0\"", API_GARBAGE},
        {"[\"a\":1]", API_GARBAGE},
        {"{\"a\"}", API_GARBAGE},
        {"{1:1}", API_GARBAGE},
        {"{,}", API_GARBAGE},
        {"[,1]", API_GARBAGE},
        {"[1,,1]", API_GARBAGE},
        {"[1 1]", API_GARBAGE},
        {"[1}", API_GARBAGE},
        {"{\"a\":1]", API_GARBAGE},
        {"[\v1]", API_GARBAGE},
        {"[\xc2\xa0"
         "1]",
         API_GARBAGE}, /* a blank, but none of JSON's */
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
    assert_int_equal(parse("[\"\\\0\"]", 6), API_GARBAGE);
    assert_int_equal(tree_parse(NULL, 0, &(struct tree *){NULL}), API_GARBAGE);
}

static void knows_numbers(void **state)
{
    static const struct {
        const char *text;
        bool good, digits;
    } rows[] = {
        {"0", true, true},          {"7", true, true},
        {"10", true, true},         {"99999999999999999999", true, true},
        {"-0", true, false},        {"-7", true, false},
        {"0.0", true, false},       {"1.50", true, false},
        {"1e5", true, false},       {"1E+5", true, false},
        {"0e-5", true, false},      {"-1.5e10", true, false},
        {"00", false, false},       {"01", false, false},
        {"-01", false, false},      {"-", false, false},
        {"+1", false, false},       {"--1", false, false},
        {"- 1", false, false},      {".5", false, false},
        {"1.", false, false},       {"1.e5", false, false},
        {"1e", false, false},       {"1e+", false, false},
        {"1e5.0", false, false},    {"1.5.5", false, false},
        {"0x1", false, false},      {"1a", false, false},
        {"1,5", false, false},      {"NaN", false, false},
        {"Infinity", false, false}, {"-Infinity", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        struct tree *root;

        snprintf(text, sizeof text, " %s ", rows[i].text);
        if ((tree_parse(text, strlen(text), &root) == API_OK) != rows[i].good)
            fail_msg("%s", rows[i].text);
        if (!rows[i].good)
            continue;
        assert_int_equal(root->kind,
                         rows[i].digits ? TREE_DIGITS : TREE_NUMBER);
        assert_int_equal(root->size, strlen(rows[i].text));
        assert_memory_equal(root->text, rows[i].text, root->size);
        free(root);
    }
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
        char *text = repeat_text(rows[i].before, rows[i].text, rows[i].count,
                                 rows[i].after);
        enum api_result result = parse(text, strlen(text));

        free(text);
        if (result != rows[i].result)
            fail_msg("row %zu: %d", i, (int)result);
    }
}

static void decodes_strings(void **state)
{
    static const struct {
        const char *text, *value;
    } rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"\xd1\x8f \xe2\x82\xac \xf0\x9f\x98\x80 \x7f",
         "\xd1\x8f \xe2\x82\xac \xf0\x9f\x98\x80 \x7f"},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
        {"\\u0001\\u007f\\u0080", "\x01\x7f\xc2\x80"},
        {"\\u07ff\\u0800\\uFFFF", "\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"},
        {"\\ud7ff\\ue000", "\xed\x9f\xbf\xee\x80\x80"},
        {"\\ud800\\udc00", "\xf0\x90\x80\x80"},
        {"\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83d", "\xef\xbf\xbd"},
        {"\\ude00", "\xef\xbf\xbd"},
        {"\\ud83d\\u0041", "\xef\xbf\xbd\x41"},
        {"\\ud83dx", "\xef\xbf\xbdx"},
        {"\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"\\\\u0000", "\\u0000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        struct tree *root;

        snprintf(text, sizeof text, "\"%s\"", rows[i].text);
        if (tree_parse(text, strlen(text), &root) != API_OK ||
            root->kind != TREE_STRING || root->size != strlen(rows[i].value) ||
            strcmp(root->text, rows[i].value) != 0)
            fail_msg("row %zu: %s", i, rows[i].text);
        free(root);
    }
}

static void walks(void **state)
{
    char text[] = "{\"a\":[1,[],{\"x\":[2]},null],\"\":true,"
                  "\"b\\n\":false,\"a\":\"last\"}";
    const struct tree *member, *item;
    struct tree *root;

    (void)state;
    assert_int_equal(tree_parse(text, strlen(text), &root), API_OK);
    assert_int_equal(root->kind, TREE_OBJECT);
    assert_int_equal(root->count, 4);
    assert_int_equal(root->span, 11);
    assert_null(root->name);
    member = tree_next(root, NULL);
    assert_string_equal(member->name, "a");
    assert_int_equal(member->kind, TREE_LIST);
    assert_int_equal(member->count, 4);
    item = tree_next(member, NULL);
    assert_int_equal(item->kind, TREE_DIGITS);
    assert_null(tree_next(item, NULL));
    item = tree_next(member, item);
    assert_int_equal(item->kind, TREE_LIST);
    assert_null(tree_next(item, NULL));
    item = tree_next(member, item);
    assert_int_equal(tree_member(item, "x")->kind, TREE_LIST);
    item = tree_next(member, item);
    assert_int_equal(item->kind, TREE_NULL);
    assert_null(item->name);
    assert_null(tree_next(member, item));
    assert_int_equal(tree_member(root, "")->kind, TREE_TRUE);
    assert_int_equal(tree_member(root, "b\n")->kind, TREE_FALSE);
    assert_string_equal(tree_member(root, "a")->text, "last");
    assert_null(tree_member(root, "x"));
    assert_null(tree_member(root, "A"));
    assert_null(tree_member(member, "x"));
    free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_strictly), cmocka_unit_test(knows_numbers),
        cmocka_unit_test(is_bounded),      cmocka_unit_test(decodes_strings),
        cmocka_unit_test(walks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
