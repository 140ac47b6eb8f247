#include "api/foreign.h"

#include "client/text.h"
#include "keygen/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void knows_utf8(void **state)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"", true},
        {"plain", true},
        {"Иванов", true},
        {"\x7f", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false}, /* a continuation alone */
        {"\xbf", false},
        {"\xc0\x80", false}, /* NUL the long way */
        {"\xc1\xbf", false},
        {"\xe0\x9f\xbf", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xed\xa0\x80", false}, /* a surrogate */
        {"\xed\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", false},
        {"\xf8\x88\x80\x80\x80", false},
        {"\xfe", false},
        {"\xff", false},
        {"\xc3", false}, /* cut short */
        {"\xe2\x82", false},
        {"\xf0\x9f\x98", false},
        {"\xc3(", false},
        {"\xe2(\xa1", false},
        {"\xcf\xe0\xf0\xee\xeb\xfc", false}, /* windows-1251 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (foreign_is_utf8(rows[i].text, strlen(rows[i].text)) != rows[i].ok)
            fail_msg("row %zu", i);
    assert_false(foreign_is_utf8("a\0b", 3));
}

/* At most two values. */
static void knows_what_may_be_json(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        bool may;
    } rows[] = {
        {"", 0, true},
        {"\"я\\\"\\\\\"", 8, true},
        {"\"\\\\u0000\"", 9, true}, /* a backslash, then letters */
        {"\"[{,'#\"", 7, true},
        {"[1,2]", 5, true},
        {"}]:", 3, true}, /* for json-c to say */
        {"[1,2,3]", 7, false},
        {"[[[", 3, false},
        {"\"", 1, false},
        {"\"a", 2, false},
        {"\"\\\"", 3, false},
        {"\"\\", 2, false},
        {"\"\\u0000\"", 8, false},
        {"\"\\\\\\u0000\"", 10, false},
        {"\"\0\"", 3, false},
        {"\"\\\0\"", 4, false},
        {"\"\\\n\"", 4, false},
        {"\"\x1f\"", 3, false},
        {"\"\xff\"", 3, false},
        {"\"\\\xff\"", 4, false},
        {"\"\xd1\"", 3, false}, /* cut by the quote */
        {"\"\xed\xa0\x80\"", 5, false},
        {"я", 2, false},
        {"1\0", 2, false},
        {"'a'", 3, false},
        {"/**/", 4, false},
        {"NaN", 3, false},
        {"\v", 1, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (foreign_may_be_json(rows[i].text, rows[i].size, 2) != rows[i].may)
            fail_msg("row %zu: %s", i, rows[i].text);
}

static void cleans(void **state)
{
    static const struct {
        const char *text, *line, *lines;
    } rows[] = {
        {"Иванов Иван", "Иванов Иван", "Иванов Иван"},
        {"", "", ""},
        {"a\nb\r\nc", "a b  c", "a\nb\r\nc"},
        {"a\rb", "a b", "a b"},
        {"a\r", "a ", "a "},
        {"\x1b[2J\x1b]0;x\a", " [2J ]0;x ", " [2J ]0;x "},
        {"tab\tend", "tab end", "tab end"},
        {"\b\b\b\x7f", "    ", "    "},
        {"\xc2\x9b"
         "31m",
         " 31m", " 31m"},                             /* CSI of C1 */
        {"\xc2\x85", " ", " "},                       /* NEL */
        {"a\xe2\x80\xaeznp.b", "a znp.b", "a znp.b"}, /* U+202E */
        {"\xe2\x81\xa6x\xe2\x81\xa9", " x ", " x "},  /* isolates */
        {"\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf", "   ", "   "},
        {"\xe2\x80\xa8\xe2\x80\xa9", "  ", "  "}, /* U+2028, U+2029 */
        {"\xe2\x80\x8b\xe2\x81\xa0", "  ", "  "}, /* zero width */
        {"\xf3\xa0\x81\x81", " ", " "},           /* a tag */
        {"№ «5» — \xf0\x9f\x98\x80", "№ «5» — \xf0\x9f\x98\x80",
         "№ «5» — \xf0\x9f\x98\x80"},
    };
    char copy[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].text);

        snprintf(copy, sizeof copy, "%s", rows[i].text);
        assert_int_equal(foreign_clean(copy, size, false),
                         strlen(rows[i].line));
        assert_string_equal(copy, rows[i].line);
        snprintf(copy, sizeof copy, "%s", rows[i].text);
        assert_int_equal(foreign_clean(copy, size, true),
                         strlen(rows[i].lines));
        assert_string_equal(copy, rows[i].lines);
        assert_int_equal(foreign_is_clean(rows[i].text, size),
                         strcmp(rows[i].text, rows[i].lines) == 0);
    }
    assert_false(foreign_is_clean("a\0b", 3));
    assert_false(foreign_is_clean("\xff", 1));
}

static void hides_what_is_not_seen(void **state)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},
        {0x034F, 0x034F},   {0x0600, 0x0605},   {0x061C, 0x061C},
        {0x06DD, 0x06DD},   {0x070F, 0x070F},   {0x115F, 0x1160},
        {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
        {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
        {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
        {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };

    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        bool hidden = false;

        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
            hidden |= code >= ranges[i].first && code <= ranges[i].last;
        if (foreign_is_hidden(code) != hidden)
            fail_msg("U+%04x", (unsigned)code);
    }
}

/* What is signed as it came is shown as it came: every character that is
 * taken stands on the screen as itself. */
static void what_is_clean_is_shown(void **state)
{
    char shown[16];

    (void)state;
    for (uint32_t character = 1; character <= 0x10FFFF; character++) {
        struct bytes text;

        bytes_init(&text, 8);
        utf8_put(&text, character);
        bytes_put_byte(&text, 0);
        if (!text.failed && foreign_is_clean((char *)text.data, text.size - 1))
            assert_string_equal(
                text_clean_lines(shown, sizeof shown, (char *)text.data),
                text.data);
        bytes_free(&text);
    }
}

static void cuts_between_characters(void **state)
{
    const char text[] = "aя\xf0\x9f\x98\x80!";

    (void)state;
    assert_int_equal(foreign_prefix(text, 8, 0), 0);
    assert_int_equal(foreign_prefix(text, 8, 1), 1);
    assert_int_equal(foreign_prefix(text, 8, 2), 3);
    assert_int_equal(foreign_prefix(text, 8, 3), 7);
    assert_int_equal(foreign_prefix(text, 8, 4), 8);
    assert_int_equal(foreign_prefix(text, 8, 99), 8);
    assert_int_equal(foreign_prefix(text, 5, 99), 3); /* cut inside the third */
}

static void knows_words(void **state)
{
    static const struct {
        const char *text;
        bool word, id, hex, etag;
    } rows[] = {
        {"xyz9", true, true, false, true},
        {"CAFE", true, true, true, true},
        {"0123456789abcdef", true, true, true, true},
        {"a-b_c", false, true, false, true},
        {"W/x!#~", false, false, false, true},
        {"", false, false, false, false},
        {"..", false, false, false, true},
        {"../x", false, false, false, true},
        {"a b", false, false, false, false},
        {"a\"b", false, false, false, false},
        {"a\r\nX-Y: z", false, false, false, false},
        {"a\x7f", false, false, false, false},
        {"я", false, false, false, false},
        {"a%2e", false, false, false, true},
        {"a?b", false, false, false, true},
        {"12345678901234567", true, true, true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = rows[i].text;
        size_t size = strlen(text);

        if (foreign_is_word(text, size, 17) != rows[i].word ||
            foreign_is_id(text, size, 17) != rows[i].id ||
            foreign_is_hex(text, size) != rows[i].hex ||
            foreign_is_etag(text, size, 17) != rows[i].etag)
            fail_msg("\"%s\"", text);
        assert_false(size > 1 && foreign_is_word(text, size, size - 1));
        assert_false(size > 1 && foreign_is_id(text, size, size - 1));
        assert_false(size > 1 && foreign_is_etag(text, size, size - 1));
    }
    assert_false(foreign_is_word("a\0", 2, 9));
    assert_false(foreign_is_id("a\0", 2, 9));
    assert_false(foreign_is_hex("a\0", 2));
    assert_false(foreign_is_etag("a\0", 2, 9));
}

static void knows_every_byte(void **state)
{
    static const char hex[] = "0123456789abcdefABCDEF",
                      others[] = "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ";

    (void)state;
    for (int i = 1; i <= UINT8_MAX; i++) {
        const char text[] = {(char)i, '\0'};
        const bool is_hex = strchr(hex, text[0]) != NULL;
        const bool is_word = is_hex || strchr(others, text[0]) != NULL;

        if (foreign_is_hex(text, 1) != is_hex ||
            foreign_is_word(text, 1, 1) != is_word ||
            foreign_is_id(text, 1, 1) !=
                (is_word || text[0] == '-' || text[0] == '_'))
            fail_msg("byte %d", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(knows_what_may_be_json),
        cmocka_unit_test(cleans),
        cmocka_unit_test(hides_what_is_not_seen),
        cmocka_unit_test(what_is_clean_is_shown),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(knows_words),
        cmocka_unit_test(knows_every_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
