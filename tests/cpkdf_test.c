#include "token/container/cpkdf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static const struct cpkdf_hash streebog = {GNUTLS_DIG_STREEBOG_256, 64};
static const struct cpkdf_hash gost94 = {GNUTLS_DIG_GOSTR_94, 32};

static const struct row {
    const struct cpkdf_hash *hash;
    const char *password, *key;
} rows[] = {
    {&streebog, "",
     "05b7d4e80b423ed635248a829f3634ce29f9100a81b987760aa12b5e15fc7892"},
    {&streebog, "1",
     "0f11fc11d721aa194e161f16749d0b04b1dd946e0b9cbd569f1653650b263379"},
    {&streebog, "12345678",
     "ce594dae191761520961b938b68a5549b0f5bf591a80200888a06efc99b48849"},
    {&gost94, "",
     "d9726acd8c13d3ef7c57fd6ba7136c9b1769912f60e2c1bcc24dca42abb1ae37"},
    {&gost94, "1",
     "cf86e8c2c7045e104a644d9aa893090fa156d05108df383c3e0f0a2a0623ca9e"},
    {&gost94, "12345678",
     "f6e5e6ca73c3d8ff10e77d5f556b919c215202e6ab35e6a517a7826a1fb3f0ad"},
};

static const uint8_t salt[] = {0xEA, 0x20, 0x9D, 0x8D, 0x01, 0xB3,
                               0x04, 0x29, 0x42, 0x39, 0x37, 0x27};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t cells[64] = {0}, key[CPKDF_KEY];
        const size_t size = strlen(rows[i].password);
        char hex[2 * CPKDF_KEY + 1];

        for (size_t c = 0; c < size; c++)
            cells[4 * c] = (uint8_t)rows[i].password[c];
        assert_int_equal(
            cpkdf(rows[i].hash, cells, 4 * size, salt, sizeof salt, key),
            FAULT_NONE);
        sodium_bin2hex(hex, sizeof hex, key, sizeof key);
        assert_string_equal(hex, rows[i].key);
    }
}

static void test_refused(void **state)
{
    static uint8_t cells[CPKDF_PASSWORD_MAX + 1];
    static const struct cpkdf_hash wide = {GNUTLS_DIG_STREEBOG_256, 65};
    static const struct cpkdf_hash longer = {GNUTLS_DIG_STREEBOG_512, 64};
    uint8_t key[CPKDF_KEY];

    (void)state;
    assert_int_equal(
        cpkdf(&streebog, cells, sizeof cells, salt, sizeof salt, key),
        FAULT_TOO_LARGE);
    assert_int_equal(cpkdf(&streebog, cells, 0, cells, CPKDF_SALT_MAX + 1, key),
                     FAULT_TOO_LARGE);
    assert_int_equal(cpkdf(&wide, cells, 0, salt, sizeof salt, key),
                     FAULT_TOO_LARGE);
    assert_int_equal(cpkdf(&longer, cells, 0, salt, sizeof salt, key),
                     FAULT_LIBRARY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_refused),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
