#include "token/container/codepage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <iconv.h>
#include <string.h>

/* Every byte that iconv knows as a character, but controls and 0x98. */
static void test_every_byte(void **state)
{
    iconv_t converter = iconv_open("UTF-8", "CP1251");

    (void)state;
    assert_true(converter != (iconv_t)-1);
    for (unsigned i = 0x20; i < 256; i++) {
        char in[1] = {(char)i}, text[8] = {0}, *from = in, *to = text;
        size_t in_left = 1, out_left = sizeof text - 1, size;
        uint8_t out[4];

        if (iconv(converter, &from, &in_left, &to, &out_left) != 0) {
            iconv(converter, NULL, NULL, NULL, NULL);
            assert_int_equal(i, 0x98);
            continue;
        }
        if (i == 0x7F)
            continue;
        assert_int_equal(codepage_encode(text, out, sizeof out, &size),
                         FAULT_NONE);
        assert_int_equal(size, 1);
        assert_int_equal(out[0], i);
    }
    iconv_close(converter);
}

static void test_text(void **state)
{
    static const struct {
        const char *text, *bytes;
        enum fault fault;
    } rows[] = {
        {"", "", FAULT_NONE},
        {"abc", "abc", FAULT_NONE},
        {"Ёж № 1", "\xA8\xE6 \xB9 1", FAULT_NONE},
        {"12345678", "12345678", FAULT_NONE},
        {"123456789", NULL, FAULT_TOO_LARGE},
        {"a\nb", NULL, FAULT_ARGUMENT},
        {"a\x7F", NULL, FAULT_ARGUMENT},
        {"日本", NULL, FAULT_ARGUMENT},
        {"a\xFF", NULL, FAULT_ARGUMENT},
        {"\xD0", NULL, FAULT_ARGUMENT},
        {"\xC0\xA0", NULL, FAULT_ARGUMENT},
        {"\xEF\xBF\xBD", NULL, FAULT_ARGUMENT},
        {"e\xCC\x81", NULL, FAULT_ARGUMENT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[8];
        size_t size;

        print_message("# %s\n", rows[i].text);
        assert_int_equal(codepage_encode(rows[i].text, out, sizeof out, &size),
                         rows[i].fault);
        if (rows[i].bytes == NULL)
            continue;
        assert_int_equal(size, strlen(rows[i].bytes));
        assert_memory_equal(out, rows[i].bytes, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
