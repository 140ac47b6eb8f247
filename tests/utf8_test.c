#include "keygen/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROW(bytes) bytes, sizeof bytes - 1

enum { BROKEN = 0x110000 };

static const struct {
    const char *bytes;
    size_t size;
    uint32_t character; /* or BROKEN */
} rows[] = {
    {ROW("A"), 'A'},
    {ROW("\0"), 0},
    {ROW("\x7F"), 0x7F},
    {ROW("\xC2\x80"), 0x80},
    {ROW("\xD0\x81"), 0x0401},
    {ROW("\xDF\xBF"), 0x7FF},
    {ROW("\xE0\xA0\x80"), 0x800},
    {ROW("\xED\x9F\xBF"), 0xD7FF},
    {ROW("\xEE\x80\x80"), 0xE000},
    {ROW("\xEF\xBF\xBF"), 0xFFFF},
    {ROW("\xF0\x90\x80\x80"), 0x10000},
    {ROW("\xF4\x8F\xBF\xBF"), 0x10FFFF},
    {ROW(""), BROKEN},
    {ROW("\x80"), BROKEN},             /* a continuation alone */
    {ROW("\xC0\x80"), BROKEN},         /* overlong NUL */
    {ROW("\xC1\xBF"), BROKEN},         /* overlong */
    {ROW("\xE0\x9F\xBF"), BROKEN},     /* overlong */
    {ROW("\xF0\x8F\xBF\xBF"), BROKEN}, /* overlong */
    {ROW("\xED\xA0\x80"), BROKEN},     /* surrogate */
    {ROW("\xED\xBF\xBF"), BROKEN},     /* surrogate */
    {ROW("\xF4\x90\x80\x80"), BROKEN}, /* above Unicode */
    {ROW("\xF8\x88\x80\x80\x80"), BROKEN},
    {ROW("\xFF"), BROKEN},
    {ROW("\xD0"), BROKEN},         /* cut off */
    {ROW("\xD0\x41"), BROKEN},     /* cut off by a letter */
    {ROW("\xE2\x82"), BROKEN},     /* cut off */
    {ROW("\xF0\x9F\x98"), BROKEN}, /* cut off */
};

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at = rows[i].bytes;
        size_t left = rows[i].size;
        uint32_t character = BROKEN;

        assert_int_equal(utf8_read(&at, &left, &character),
                         rows[i].character != BROKEN);
        assert_int_equal(character, rows[i].character);
        assert_int_equal(left, character == BROKEN ? rows[i].size : 0);
        assert_ptr_equal(at, rows[i].bytes + rows[i].size - left);
    }
}

static void test_put_is_the_inverse(void **state)
{
    struct bytes out;

    (void)state;
    bytes_init(&out, 8);
    for (uint32_t wanted = 0; wanted < 0x11FFFF; wanted += 7) {
        const bool good =
            wanted <= 0x10FFFF && (wanted < 0xD800 || wanted > 0xDFFF);
        const char *at;
        uint32_t character;
        size_t left;

        bytes_free(&out);
        utf8_put(&out, wanted);
        assert_int_equal(out.failed, !good);
        if (!good)
            continue;
        at = (const char *)out.data;
        left = out.size;
        assert_true(utf8_read(&at, &left, &character));
        assert_int_equal(left, 0);
        assert_int_equal(character, wanted);
    }
    bytes_free(&out);
}

static void test_controls(void **state)
{
    static const uint32_t controls[] = {0,      '\n',   0x1B,   0x1F,   0x7F,
                                        0x9B,   0x200B, 0x200F, 0x2028, 0x202E,
                                        0x2066, 0x2069, 0xFEFF, 0xE0001};
    static const uint32_t others[] = {' ',    '~',    0xA0,   0x0401,
                                      0x2010, 0x2116, 0xFFFD, 0x1F600};

    (void)state;
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        assert_true(utf8_is_control(controls[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(utf8_is_control(others[i]));
}

static void test_line(void **state)
{
    static const char both[] = "Средство";

    (void)state;
    assert_true(utf8_is_line("a", 1, 1));
    assert_true(utf8_is_line(both, sizeof both - 1, 8));
    assert_false(utf8_is_line(both, sizeof both - 1, 7));
    assert_false(utf8_is_line(both, sizeof both - 2, 8));
    assert_false(utf8_is_line("", 0, 8));
    assert_false(utf8_is_line("a\nb", 3, 8));
    assert_false(utf8_is_line("a\0b", 3, 8));
    assert_false(utf8_is_line("a\xE2\x80\xAE", 4, 8));
}

static void test_fold(void **state)
{
    static const uint32_t pairs[][2] = {
        {'A', 'a'},       {'Z', 'z'},       {'a', 'a'},
        {'@', '@'},       {'[', '['},       {0x0410, 0x0430},
        {0x042F, 0x044F}, {0x0401, 0x0451}, {0x0406, 0x0456},
        {0x0451, 0x0451}, {0x04D8, 0x04D9}, {0x04D9, 0x04D9},
        {0x04C1, 0x04C2}, {0x04C2, 0x04C2}, {0x04C0, 0x04C0},
        {0x00D7, 0x00D7}, {0x00DC, 0x00FC}, {0x10FFFF, 0x10FFFF},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(utf8_fold(pairs[i][0]), pairs[i][1]);
}

static void the_mark_before_a_text_is_known(void **state)
{
    (void)state;
    assert_int_equal(utf8_mark_size(ROW("\xEF\xBB\xBF")), 3);
    assert_int_equal(utf8_mark_size(ROW("\xEF\xBB\xBF{}")), 3);
    assert_int_equal(utf8_mark_size(ROW("\xEF\xBB")), 0);
    assert_int_equal(utf8_mark_size(ROW("\xEF\xBB{")), 0);
    assert_int_equal(utf8_mark_size(ROW("{\xEF\xBB\xBF")), 0);
    assert_int_equal(utf8_mark_size(ROW("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mark_before_a_text_is_known),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_put_is_the_inverse),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_fold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
