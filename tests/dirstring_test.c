#include "keygen/dirstring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ROW(bytes) bytes, sizeof bytes - 1

static const struct {
    const char *what;
    uint8_t tag;
    const char *content;
    size_t size;
    const char *text; /* NULL: refused */
} rows[] = {
    {"UTF8String", 0x0C, ROW("Ёж"), "Ёж"},
    {"empty", 0x0C, ROW(""), ""},
    {"broken UTF-8", 0x0C, ROW("a\xD0"), NULL},
    {"overlong NUL", 0x0C, ROW("a\xC0\x80"), NULL},
    {"NUL inside", 0x0C, ROW("a\0b"), "a b"},
    {"escape", 0x0C, ROW("\x1B[2J"), " [2J"},
    {"C1 control", 0x0C,
     ROW("a\xC2\x9B"
         "b"),
     "a b"},
    {"direction override", 0x0C,
     ROW("a\xE2\x80\xAE"
         "b"),
     "a b"},
    {"NumericString", 0x12, ROW("0123"), "0123"},
    {"PrintableString", 0x13, ROW("RU"), "RU"},
    {"TeletexString of Windows-1251", 0x14, ROW("\xC5\xE6\xB8\xA8\xB9"),
     "Ежё\u0401№"},
    {"IA5String", 0x16, ROW("a@b.ru"), "a@b.ru"},
    {"VisibleString", 0x1A, ROW("x"), "x"},
    {"BMPString", 0x1E, ROW("\x04\x01\x04\x36"), "Ёж"},
    {"BMPString cut off", 0x1E, ROW("\x04\x01\x04"), NULL},
    {"BMPString with a surrogate", 0x1E, ROW("\xD8\x3D\xDE\x00"), NULL},
    {"BMPString with a control", 0x1E, ROW("\x00\x0A\x00Z"), " Z"},
    {"UniversalString", 0x1C, ROW("\0\0\x04\x01\0\x01\xF6\x00"), "Ё\U0001F600"},
    {"UniversalString above Unicode", 0x1C, ROW("\0\x11\0\0"), NULL},
    {"UniversalString of all ones", 0x1C, ROW("\xFF\xFF\xFF\xFF"), NULL},
    {"UniversalString cut off", 0x1C, ROW("\0\0\x04"), NULL},
    {"OCTET STRING", 0x04, ROW("x"), NULL},
    {"SEQUENCE", 0x30, ROW("\x0C\x01x"), NULL},
    {"tag 0", 0x00, ROW("x"), NULL},
};

static void test_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes out;

        print_message("# %s\n", rows[i].what);
        bytes_init(&out, 64);
        dirstring_read(rows[i].tag, rows[i].content, rows[i].size, &out);
        assert_int_equal(out.failed, rows[i].text == NULL);
        if (rows[i].text != NULL) {
            assert_int_equal(out.size, strlen(rows[i].text));
            assert_memory_equal(out.data, rows[i].text, out.size);
        }
        bytes_free(&out);
    }
}

static void test_is_bounded(void **state)
{
    struct bytes out;

    (void)state;
    bytes_init(&out, 5);
    dirstring_read(0x14, "\xC5\xE6\xB8", 3, &out);
    assert_true(out.failed);
    assert_in_range(out.size, 0, 5);
    bytes_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
