#include "api/base64.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VARIANT = sodium_base64_VARIANT_ORIGINAL };

static void is_as_rfc_4648(void **state)
{
    static const char *const rows[][2] = {
        {"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
        {"\xfb\xff", "+/8="}, {"???", "Pz8/"},       {">>>", "Pj4+"},
    };
    char text[16] = {0};
    uint8_t bytes[16];
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *plain = rows[i][0], *coded = rows[i][1];

        memset(text, 0, sizeof text);
        assert_true(base64_write((const uint8_t *)plain, strlen(plain), text));
        assert_string_equal(text, coded);
        assert_true(base64_read(coded, strlen(coded), bytes, &size));
        assert_int_equal(size, strlen(plain));
        assert_memory_equal(bytes, plain, size);
    }
}

static void refuses_what_is_not_written(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } rows[] = {
        {"", 0},
        {"Z", 1},
        {"Zg", 2},
        {"Zm9", 3},
        {"Zg=", 3},
        {"=", 1},
        {"==", 2},
        {"===", 3},
        {"====", 4},
        {"Z===", 4},
        {"=g==", 4},
        {"Zg=g", 4},
        {"Z=g=", 4},
        {"Zm9v=", 5},
        {"Zm9vZ", 5},
        {"Zm9vZg", 6},
        {"Zm9vZm9", 7},
        {"Zm9v====", 8},
        {"Zg==Zg==", 8},
        {"Zm8=Zm8=", 8},
        {"Zh==", 4},
        {"Zk==", 4},
        {"Zm9=", 4},
        {"Zm+=", 4},
        {" Zm9v", 5},
        {"Zm9v\n", 5},
        {"Zm9v\0", 5},
        {"Zm9v    ", 8},
        {"Zm9v\r\n\r\n", 8},
        {"    Zm9v", 8},
        {"Zm\n9v===", 8},
        {"Zm9\n", 4},
        {"Zm9\t", 4},
        {"Zm9 ", 4},
        {"Zm9\0", 4},
        {"Z\0==", 4},
        {"Zm\0=", 4},
        {"-_8=", 4},
        {"Pj4-", 4},
        {"Pz8_", 4},
        {"Zm9.", 4},
        {"Zm9,", 4},
        {"Zm9@", 4},
        {"Zm9[", 4},
        {"Zm9`", 4},
        {"Zm9{", 4},
        {"Zm9:", 4},
        {"Zm9\x7f", 4},
        {"Zm9\x80", 4},
        {"Zm9\xff", 4},
        {"Zm\xd1\x8f", 4},
    };
    uint8_t bytes[8];
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (base64_read(rows[i].text, rows[i].size, bytes, &size))
            fail_msg("row %zu: %s", i, rows[i].text);
}

/* Every byte at every place, as libsodium has it; but libsodium 1.0.18 takes
 * each one from 0x80 on for a sign. */
static void agrees_with_libsodium_about_every_byte(void **state)
{
    static const char *const good[] = {"Zm9vYmFy", "Zm9vYmE=", "Zm9vYg=="};
    uint8_t ours[6], theirs[8];
    size_t our_size, their_size;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good * 8 * 256; i++) {
        const size_t place = i / 256 % 8, byte = i % 256;
        char text[9];
        const char *end;
        bool taken;

        memcpy(text, good[i / 256 / 8], sizeof text);
        text[place] = (char)byte;
        taken = sodium_base642bin(theirs, sizeof theirs, text, 8, NULL,
                                  &their_size, &end, VARIANT) == 0 &&
                end == text + 8 && byte < 0x80;
        if (base64_read(text, 8, ours, &our_size) != taken)
            fail_msg("byte %zu at place %zu", byte, place);
        if (taken) {
            assert_int_equal(our_size, their_size);
            assert_memory_equal(ours, theirs, our_size);
        }
    }
}

/* In memory of just the size that is said, so that a sanitizer sees more. */
static void agrees_with_libsodium_at_every_size(void **state)
{
    (void)state;
    for (size_t size = 1; size < 300; size++) {
        const size_t length = BASE64_TEXT(size);
        uint8_t *bytes = calloc(1, size);
        uint8_t *back = calloc(1, BASE64_BYTES(length));
        char *text = calloc(1, length);
        char *theirs = calloc(1, length + 1);
        size_t count;

        assert_true(bytes != NULL && back != NULL && text != NULL &&
                    theirs != NULL);
        randombytes_buf(bytes, size);
        sodium_bin2base64(theirs, length + 1, bytes, size, VARIANT);
        assert_true(base64_write(bytes, size, text));
        assert_memory_equal(text, theirs, length);
        assert_true(base64_read(text, length, back, &count));
        assert_int_equal(count, size);
        assert_memory_equal(back, bytes, size);
        free(bytes);
        free(back);
        free(text);
        free(theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_as_rfc_4648),
        cmocka_unit_test(refuses_what_is_not_written),
        cmocka_unit_test(agrees_with_libsodium_about_every_byte),
        cmocka_unit_test(agrees_with_libsodium_at_every_size),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
