#include "client/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD"

static void test_clean(void **state)
{
    static const struct {
        const char *foreign, *clean;
    } rows[] = {
        {NULL, ""},
        {"", ""},
        {"ООО «Ромашка» №1\xC2\xA0— ok", "ООО «Ромашка» №1\xC2\xA0— ok"},
        {"漢字 😀", "漢字 😀"},
        {"и\xCC\x86", "и\xCC\x86"}, /* a combining breve stays */
        {"a\nb\tc\rd", "a b c d"},
        {"\033[2J\007x", BAD "[2J" BAD "x"},
        {"\x7F", BAD},
        {"\xC2\x9B"
         "31m",
         BAD "31m"}, /* C1: CSI */
        {"\x9B"
         "31m",
         BAD "31m"}, /* the same as a byte */
        {"a\xE2\x80\xAE"
         "fdp.exe",
         "a" BAD "fdp.exe"}, /* U+202E */
        {"a\xE2\x80\x8B"
         "b",
         "a" BAD "b"},             /* zero width space */
        {"\xE2\x81\xA6", BAD},     /* U+2066 */
        {"\xEF\xBB\xBF", BAD},     /* a byte order mark */
        {"\xD8\x9C", BAD},         /* U+061C */
        {"\xF3\xA0\x81\x81", BAD}, /* a tag */
        {"\xE3\x85\xA4", BAD},     /* Hangul filler */
        {"\xC0\xAF", BAD BAD},     /* an overlong "/" */
        {"\xE0\x80\xAF", BAD BAD BAD},
        {"\xED\xA0\x80", BAD BAD BAD},         /* a surrogate */
        {"\xF4\x90\x80\x80", BAD BAD BAD BAD}, /* above U+10FFFF */
        {"\xF8\x88\x80\x80\x80", BAD BAD BAD BAD BAD},
        {"\xD0", BAD}, /* cut in the middle */
        {"\xD0z", BAD "z"},
        {"\xE2\x82", BAD BAD},
        {"\x80", BAD},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_string_equal(text_clean(rows[i].foreign).text, rows[i].clean);
}

static void test_clean_length(void **state)
{
    static const struct {
        const char *foreign, *clean;
    } rows[] = {
        {"1234567", "1234567"}, {"12345678", "1234…"}, {"яяя", "яяя"},
        {"яяяя", "яя…"},        {"123456я", "1234…"},  {"\1\1", BAD BAD},
        {"\1\1\1", BAD "…"},
    };
    char out[8];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        memset(out, 'x', sizeof(out));
        assert_ptr_equal(text_clean_into(out, sizeof(out), rows[i].foreign),
                         out);
        assert_string_equal(out, rows[i].clean);
    }
    assert_string_equal(text_clean_lines(out, sizeof(out), "a\nb\rc"),
                        "a\nb c");
}

static void test_long_text_is_bounded(void **state)
{
    size_t size = 100000;
    char *text = calloc(1, size + 1);
    struct text_line clean;

    (void)state;
    assert_non_null(text);
    memset(text, 'a', size);
    clean = text_clean(text);
    assert_int_equal(strlen(clean.text), sizeof(clean.text) - 1);
    assert_string_equal(clean.text + sizeof(clean.text) - 4, "…");
    free(text);
}

static void test_width(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        {"", 0},  {"abc", 3},       {"Подпись", 7}, {"漢字", 4},
        {"…", 1}, {"и\xCC\x86", 1}, {"\xFF", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        assert_int_equal(text_width(rows[i].text), rows[i].width);
}

static void test_wrap(void **state)
{
    static const struct {
        const char *text;
        size_t width, indent;
        const char *wrapped;
    } rows[] = {
        {"", 10, 0, ""},
        {"one two three", 10, 0, "one two\nthree"},
        {"one two three", 13, 0, "one two three"},
        {"one two three", 0, 0, "one two three"},
        {"one two three", 10, 2, "one two\n  three"},
        {"раз два три", 7, 0, "раз два\nтри"},
        {"a thumbprint0123456789 b", 10, 0, "a\nthumbprint0123456789\nb"},
        {"thumbprint0123456789", 10, 4, "thumbprint0123456789"},
        {"a\nb", 10, 2, "a\n  b"},
        {"a\n\nb", 10, 2, "a\n\n  b"},
        {"a\n", 10, 2, "a\n"},
        {"  1  one two", 9, 5, "  1  one\n     two"},
        {"Label:   value of it", 15, 9, "Label:   value\n         of it"},
        {"a   \nb", 10, 0, "a\nb"},
        {"Question: ", 10, 0, "Question: "},
        {"1\xC2\xA0"
         "000 rubles",
         6, 0,
         "1\xC2\xA0"
         "000\nrubles"},
        /* a command may have to be copied */
        {"Run: kep resume", 10, 0, "Run:\nkep resume"},
        {"Run: kep resume. Then", 14, 0, "Run:\nkep resume.\nThen"},
        {"kep backup 'file:/a b/c' --to МЕСТО and", 12, 2,
         "kep backup 'file:/a b/c' --to МЕСТО\n  and"},
        {"kep resume --roots FILE now", 10, 0, "kep resume --roots FILE\nnow"},
        {"kep renew --paper. Or not", 10, 0, "kep renew --paper.\nOr not"},
        {"kep pin LOCATION --admin", 5, 0, "kep pin LOCATION --admin"},
        {"kep renew\n'x' y", 5, 0, "kep renew\n'x' y"},
        {"of kep нет", 6, 0, "of kep\nнет"},
        {"keep it 'a b'", 7, 0, "keep it\n'a b'"},
        {"kep 'a b", 5, 0, "kep 'a\nb"},
        {"a kep", 4, 0, "a\nkep"},
        {"kep ", 10, 0, "kep "},
        {"kep, a", 4, 0, "kep,\na"},
        {"Run: sudo apt install pcscd", 10, 2,
         "Run:\n  sudo apt install pcscd"},
        {"sudo a --now b.socket. If", 10, 0, "sudo a --now b.socket.\nIf"},
        {"sudo a\nb", 2, 0, "sudo a\nb"},
        {"sudo", 2, 0, "sudo"},
        {"sudo ", 9, 0, "sudo "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char *wrapped = text_wrap(rows[i].text, rows[i].width, rows[i].indent);

        assert_non_null(wrapped);
        assert_string_equal(wrapped, rows[i].wrapped);
        free(wrapped);
    }
}

static int start(void **state)
{
    (void)state;
    text_start(); /* widths need a charset */
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_clean_length),
        cmocka_unit_test(test_long_text_is_bounded),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_wrap),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
