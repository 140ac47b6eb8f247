#include "keygen/keypair.h"

#include "keygen/secret.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 600 }; /* keys: about one in 128 has a high zero byte */

/* The generators of RFC 4357 11.4 (CryptoPro-A) and RFC 7836 A.2.1, big-endian
 * as they are printed there. */
static const struct {
    const char *word;
    const char *x, *y;
} generators[] = {
    {"gost2012-256",
     "0000000000000000000000000000000000000000000000000000000000000001",
     "8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14"},
    {"gost2012-512",
     "0000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000003",
     "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921"
     "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4"},
};

static void from_hex(const char *text, size_t size, uint8_t *out)
{
    uint8_t big[ALGORITHM_KEY_MAX];
    size_t got;

    assert_int_equal(
        sodium_hex2bin(big, sizeof big, text, 2 * size, NULL, &got, NULL), 0);
    assert_int_equal(got, size);
    for (size_t i = 0; i < size; i++)
        out[i] = big[size - 1 - i];
}

/* The point of the scalar 1 is the generator. */
static void test_generator(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof generators / sizeof generators[0]; i++) {
        const struct algorithm *algorithm =
            algorithm_by_word(generators[i].word);
        const size_t size = algorithm->key_size;
        uint8_t one[ALGORITHM_KEY_MAX] = {1};
        uint8_t wanted[2 * ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
        gnutls_privkey_t key;

        from_hex(generators[i].x, size, wanted);
        from_hex(generators[i].y, size, wanted + size);
        assert_int_equal(keypair_import(algorithm, one, &key), FAULT_NONE);
        memset(point, 0xA5, sizeof point);
        assert_int_equal(keypair_public(key, algorithm, point), FAULT_NONE);
        assert_memory_equal(point, wanted, 2 * size);
        gnutls_privkey_deinit(key);
    }
}

static void test_bad_scalars(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        uint8_t scalar[ALGORITHM_KEY_MAX] = {0};
        gnutls_privkey_t key = NULL;

        assert_int_equal(keypair_import(*one, scalar, &key), FAULT_ARGUMENT);
        assert_null(key);
        for (size_t i = 0; i < (*one)->key_size; i++)
            scalar[i] = (*one)->order[(*one)->key_size - 1 - i];
        assert_int_equal(keypair_import(*one, scalar, &key), FAULT_ARGUMENT);
        assert_null(key);
        memset(scalar, 0xFF, sizeof scalar);
        assert_int_equal(keypair_import(*one, scalar, &key), FAULT_ARGUMENT);
        assert_null(key);
    }
}

/* The point, zeros at its end and all, verifies what the key signs. */
static void verify_with_point(const struct algorithm *algorithm,
                              gnutls_privkey_t key, uint8_t *point)
{
    const unsigned size = (unsigned)algorithm->key_size;
    const gnutls_datum_t x = {point, size}, y = {point + size, size};
    gnutls_datum_t text = {(uint8_t[]){'t', 'e', 'x', 't'}, 4};
    gnutls_datum_t signature = {NULL, 0};
    gnutls_pubkey_t public = NULL;
    uint8_t again[2 * ALGORITHM_KEY_MAX];

    assert_true(gnutls_pubkey_init(&public) >= 0);
    assert_true(gnutls_pubkey_import_gost_raw(
                    public, algorithm->curve, algorithm->digest,
                    GNUTLS_GOST_PARAMSET_UNKNOWN, &x, &y) >= 0);
    assert_int_equal(keypair_point(public, algorithm, again), FAULT_NONE);
    assert_memory_equal(point, again, 2 * size);
    assert_true(gnutls_privkey_sign_data2(key, algorithm->sign, 0, &text,
                                          &signature) >= 0);
    assert_true(gnutls_pubkey_verify_data2(public, algorithm->sign, 0, &text,
                                           &signature) >= 0);
    text.data[0] ^= 1;
    assert_true(gnutls_pubkey_verify_data2(public, algorithm->sign, 0, &text,
                                           &signature) < 0);
    gnutls_free(signature.data);
    gnutls_pubkey_deinit(public);
}

static void test_zero_extension(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    unsigned short_ones = 0;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        gnutls_privkey_t key = pki_key(algorithm);
        uint8_t point[2 * ALGORITHM_KEY_MAX];

        memset(point, 0xA5, sizeof point);
        assert_int_equal(keypair_public(key, algorithm, point), FAULT_NONE);
        if (point[31] == 0 || point[63] == 0) {
            verify_with_point(algorithm, key, point);
            short_ones++;
        }
        gnutls_privkey_deinit(key);
    }
    print_message("# %u points with a high zero byte\n", short_ones);
}

static void test_make(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        uint8_t *first = secret_new((*one)->key_size);
        uint8_t *second = secret_new((*one)->key_size);
        uint8_t point[2 * ALGORITHM_KEY_MAX];
        struct entropy *pool = NULL;
        gnutls_privkey_t key = NULL;

        assert_int_equal(entropy_new(&pool), FAULT_NONE);
        assert_int_equal(keypair_make(*one, pool, first), FAULT_NONE);
        assert_int_equal(keypair_make(*one, pool, second), FAULT_NONE);
        assert_memory_not_equal(first, second, (*one)->key_size);
        assert_int_equal(keypair_import(*one, first, &key), FAULT_NONE);
        assert_int_equal(keypair_public(key, *one, point), FAULT_NONE);
        verify_with_point(*one, key, point);
        gnutls_privkey_deinit(key);
        entropy_free(&pool);
        secret_free(&first);
        secret_free(&second);
    }
}

static void test_unusable_pool(void **state)
{
    static const uint8_t zeros[64];
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t scalar[ALGORITHM_KEY_MAX] = {0};
    struct entropy *pool = NULL;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(entropy_feed(pool, zeros, sizeof zeros), FAULT_ENTROPY);
    assert_int_equal(keypair_make(algorithm, pool, scalar), FAULT_ENTROPY);
    assert_memory_equal(scalar, zeros, sizeof scalar);
    entropy_free(&pool);
}

static void test_other_algorithm(void **state)
{
    const struct algorithm *small = algorithm_by_word("gost2012-256");
    const struct algorithm *large = algorithm_by_word("gost2012-512");
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    gnutls_privkey_t key = pki_key(small);

    (void)state;
    assert_int_equal(keypair_public(key, large, point), FAULT_UNSUPPORTED);
    gnutls_privkey_deinit(key);
    assert_true(gnutls_privkey_init(&key) >= 0);
    assert_true(gnutls_privkey_generate(key, GNUTLS_PK_ECDSA, 256, 0) >= 0);
    assert_int_equal(keypair_public(key, small, point), FAULT_UNSUPPORTED);
    gnutls_privkey_deinit(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generator),
        cmocka_unit_test(test_bad_scalars),
        cmocka_unit_test(test_zero_extension),
        cmocka_unit_test(test_make),
        cmocka_unit_test(test_unusable_pool),
        cmocka_unit_test(test_other_algorithm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
