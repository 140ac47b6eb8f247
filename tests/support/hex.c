#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

void hex_read(uint8_t *out, size_t size, const char *hex)
{
    size_t got;

    assert_int_equal(
        sodium_hex2bin(out, size, hex, strlen(hex), " ", &got, NULL), 0);
    assert_int_equal(got, size);
}

void hex_put(struct bytes *out, const char *hex)
{
    uint8_t data[2048];
    size_t got;

    assert_int_equal(
        sodium_hex2bin(data, sizeof data, hex, strlen(hex), " ", &got, NULL),
        0);
    bytes_put(out, data, got);
    assert_false(out->failed);
}
