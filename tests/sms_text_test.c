#include "client/codes/sms_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_mark_tells_what_it_is_written_in(void **state)
{
    static const struct {
        const char *head;
        size_t size;
        enum sms_text_width width;
    } rows[] = {
        {"\xFF\xFE", 2, SMS_TEXT_LITTLE_ENDIAN},
        {"\xFE\xFF\0001", 4, SMS_TEXT_BIG_ENDIAN},
        {"\xFF", 1, SMS_TEXT_BYTES},
        {"", 0, SMS_TEXT_BYTES},
        {"\xEF\xBB\xBF", 3, SMS_TEXT_BYTES},
        {"1\0002\0", 4, SMS_TEXT_BYTES},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sms_text_width_of(rows[i].head, rows[i].size),
                         rows[i].width);
}

/* Half of "а" is the digit 0, and half of a surrogate may be any. */
static void no_half_of_a_character_is_one(void **state)
{
    static const struct {
        enum sms_text_width width;
        const char *text;
        size_t size;
        const char *narrow;
    } rows[] = {
        {SMS_TEXT_BYTES, "a\xD0\xB0\0001", 5, "a\xD0\xB0\0001"},
        {SMS_TEXT_LITTLE_ENDIAN, "a\0\x30\x04\0001\000", 6, "a??"},
        {SMS_TEXT_LITTLE_ENDIAN,
         "\xFF\xFE"
         "1\0\x30\x04"
         "2\0\n\0",
         10, "?1?2\n"},
        {SMS_TEXT_BIG_ENDIAN, "\xFE\xFF\0001\x04\x30\0002\0\n", 10, "?1?2\n"},
        {SMS_TEXT_LITTLE_ENDIAN, "\x3D\xD8\x31\xDC", 4, "??"},
        {SMS_TEXT_BIG_ENDIAN, "\0\xB9\0007", 4, "?7"},
        {SMS_TEXT_LITTLE_ENDIAN, "1\0002", 3, "1"},
        {SMS_TEXT_LITTLE_ENDIAN, "1", 1, ""},
        {SMS_TEXT_BIG_ENDIAN, "", 0, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t wanted = rows[i].width == SMS_TEXT_BYTES
                                  ? rows[i].size
                                  : strlen(rows[i].narrow);
        char text[16];

        memcpy(text, rows[i].text, rows[i].size);
        assert_int_equal(sms_text_narrow(text, rows[i].size, rows[i].width),
                         wanted);
        assert_memory_equal(text, rows[i].narrow, wanted);
    }
}

static void the_only_six_digits_are_the_code(void **state)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"Код: 012345.", "012345"},
        {"123456 (again: 123456)", "123456"},
        {"123456", "123456"},
        {"12345", NULL},
        {"1234567", NULL},
        {"123456 or 654321", NULL},
        {"", NULL},
        {"12345?6", NULL},
    };
    const char *code;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const bool found =
            sms_text_code(rows[i].text, strlen(rows[i].text), &code);

        assert_int_equal(found, rows[i].code != NULL);
        if (found)
            assert_memory_equal(code, rows[i].code, SMS_TEXT_DIGITS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mark_tells_what_it_is_written_in),
        cmocka_unit_test(no_half_of_a_character_is_one),
        cmocka_unit_test(the_only_six_digits_are_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
