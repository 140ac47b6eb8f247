#include "token/container/gost28147.h"

#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gnutls/crypto.h>
#include <sodium.h>
#include <string.h>

enum { KEY = GOST28147_KEY, ROUNDS = 100 };

/* CSP 3.6R2, from the tests of the gost engine. */
static void test_ecb_vector(void **state)
{
    uint8_t key[KEY], plain[16], secret[16], out[16];

    (void)state;
    hex_read(
        key, KEY,
        "BBF1EDD320AF8A628E11C8A951CCBE81477B41A16AF67F05E8512F9E01F8CF49");
    hex_read(plain, 16, "743D76F91BEE353CA25C3B10EB64CFF5");
    hex_read(secret, 16, "C373909535580863CB68859677E8FBA9");
    gost28147_encrypt(&gost28147_a, key, plain, out, 16);
    assert_memory_equal(out, secret, 16);
    gost28147_decrypt(&gost28147_a, key, secret, out, 16);
    assert_memory_equal(out, plain, 16);
}

/* CFB of one zero block is the encrypted IV, so GnuTLS can be asked. */
static void compare_with_cfb(const struct gost28147_sbox *sbox,
                             gnutls_cipher_algorithm_t cipher)
{
    uint8_t key[KEY], block[8], expected[8], out[8];
    const gnutls_datum_t keys = {key, KEY}, iv = {block, 8};
    gnutls_cipher_hd_t handle;

    for (int i = 0; i < ROUNDS; i++) {
        randombytes_buf(key, KEY);
        randombytes_buf(block, 8);
        memset(expected, 0, 8);
        assert_int_equal(gnutls_cipher_init(&handle, cipher, &keys, &iv), 0);
        assert_int_equal(gnutls_cipher_encrypt(handle, expected, 8), 0);
        gnutls_cipher_deinit(handle);
        gost28147_encrypt(sbox, key, block, out, 8);
        assert_memory_equal(out, expected, 8);
    }
}

static void test_ecb_as_gnutls(void **state)
{
    (void)state;
    compare_with_cfb(&gost28147_z, GNUTLS_CIPHER_GOST28147_TC26Z_CFB);
    compare_with_cfb(&gost28147_a, GNUTLS_CIPHER_GOST28147_CPA_CFB);
}

static void test_round_trip(void **state)
{
    uint8_t key[KEY], plain[64], data[64];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        const struct gost28147_sbox *sbox = i & 1 ? &gost28147_z : &gost28147_a;

        randombytes_buf(key, KEY);
        randombytes_buf(plain, sizeof plain);
        memcpy(data, plain, sizeof plain);
        gost28147_encrypt(sbox, key, data, data, sizeof data);
        assert_memory_not_equal(data, plain, sizeof plain);
        gost28147_decrypt(sbox, key, data, data, sizeof data);
        assert_memory_equal(data, plain, sizeof plain);
    }
}

/* Up to 1024 bytes GnuTLS's own, which changes keys after that, agrees (of one
 * block it makes no second, so more than that). */
static void test_mac_as_gnutls(void **state)
{
    static const size_t sizes[] = {9,   15,  16,   17,   24,
                                   100, 512, 1017, 1023, 1024};
    uint8_t key[KEY], data[1024], expected[32], mac[GOST28147_MAC];

    (void)state;
    randombytes_buf(data, sizeof data);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        randombytes_buf(key, KEY);
        assert_int_equal(gnutls_hmac_fast(GNUTLS_MAC_GOST28147_TC26Z_IMIT, key,
                                          KEY, data, sizes[i], expected),
                         0);
        gost28147_mac(&gost28147_z, key, data, sizes[i], mac);
        assert_memory_equal(mac, expected, GOST28147_MAC);
    }
}

/* The checksum of a genuine container's mask, published with it. */
static void test_mac_genuine(void **state)
{
    uint8_t mask[KEY], salt[12], mac[GOST28147_MAC], expected[GOST28147_MAC];

    (void)state;
    hex_read(
        mask, KEY,
        "ADF4166647178A023958F128EE9A3102133C0168946B217E22E556ED2981AD7F");
    hex_read(salt, sizeof salt, "13368456DE015B3FCFF62D82");
    hex_read(expected, sizeof expected, "D2C35C84");
    gost28147_mac(&gost28147_z, mask, salt, sizeof salt, mac);
    assert_memory_equal(mac, expected, sizeof mac);
}

/* The last block is filled with zeros, and one block counts as two. */
static void test_mac_padding(void **state)
{
    uint8_t key[KEY], data[24] = "seven b", one[4], other[4];

    (void)state;
    randombytes_buf(key, KEY);
    gost28147_mac(&gost28147_z, key, data, 7, one);
    gost28147_mac(&gost28147_z, key, data, 8, other);
    assert_memory_equal(one, other, 4);
    gost28147_mac(&gost28147_z, key, data, 16, other);
    assert_memory_equal(one, other, 4);
    gost28147_mac(&gost28147_z, key, data, 24, other);
    assert_memory_not_equal(one, other, 4);
    gost28147_mac(&gost28147_a, key, data, 16, other);
    assert_memory_not_equal(one, other, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ecb_vector),
        cmocka_unit_test(test_ecb_as_gnutls),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_mac_as_gnutls),
        cmocka_unit_test(test_mac_genuine),
        cmocka_unit_test(test_mac_padding),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
