#include "keygen/algorithm.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gnutls/abstract.h>
#include <string.h>

static void test_by_word(void **state)
{
    (void)state;
    assert_ptr_equal(algorithm_by_word(NULL),
                     algorithm_by_word("gost2012-256"));
    assert_int_equal(algorithm_by_word("gost2012-256")->key_size, 32);
    assert_int_equal(algorithm_by_word("gost2012-512")->key_size, 64);
    assert_null(algorithm_by_word(""));
    assert_null(algorithm_by_word("gost2001")); /* no new keys */
    assert_true(algorithm_find("gost2001")->retired);
    assert_ptr_equal(algorithm_find("gost2012-512"),
                     algorithm_by_word("gost2012-512"));
    assert_null(algorithm_find("gost94"));
    assert_null(algorithm_by_word("GOST2012-256"));
    assert_null(algorithm_by_word("gost2012-2566"));
}

static void test_all(void **state)
{
    size_t count = 0;

    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one; one++) {
        assert_ptr_equal(algorithm_by_word((*one)->word), *one);
        assert_string_equal((*one)->key_oid, gnutls_pk_get_oid((*one)->pk));
        assert_string_equal((*one)->digest_oid,
                            gnutls_digest_get_oid((*one)->digest));
        assert_string_equal((*one)->curve_oid,
                            gnutls_ecc_curve_get_oid((*one)->curve));
        assert_int_equal(gnutls_ecc_curve_get_size((*one)->curve),
                         (*one)->key_size);
        assert_int_equal((*one)->sign,
                         gnutls_pk_to_sign((*one)->pk, (*one)->digest));
        count++;
    }
    assert_int_equal(count, 2);
}

static void test_of_key(void **state)
{
    static const struct {
        gnutls_pk_algorithm_t pk;
        unsigned bits;
        const char *word;
    } rows[] = {
        {GNUTLS_PK_GOST_12_256,
         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST256CPXA), "gost2012-256"},
        {GNUTLS_PK_GOST_12_256,
         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST256CPA), "gost2012-256"},
        {GNUTLS_PK_GOST_12_256, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST256B),
         "gost2012-256"},
        {GNUTLS_PK_GOST_12_512, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST512A),
         "gost2012-512"},
        {GNUTLS_PK_GOST_01, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST256CPXA),
         "gost2001"},
        {GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
         NULL},
        {GNUTLS_PK_EDDSA_ED25519, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct algorithm *found;
        gnutls_privkey_t key;
        gnutls_pubkey_t public_key;

        assert_int_equal(gnutls_privkey_init(&key), 0);
        assert_int_equal(gnutls_pubkey_init(&public_key), 0);
        assert_int_equal(
            gnutls_privkey_generate(key, rows[i].pk, rows[i].bits, 0), 0);
        assert_int_equal(gnutls_pubkey_import_privkey(public_key, key, 0, 0),
                         0);
        found = algorithm_of_key(public_key);
        if (rows[i].word == NULL)
            assert_null(found);
        else
            assert_ptr_equal(found, algorithm_find(rows[i].word));
        gnutls_pubkey_deinit(public_key);
        gnutls_privkey_deinit(key);
    }
}

static void test_of_no_key(void **state)
{
    gnutls_pubkey_t key;

    (void)state;
    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_null(algorithm_of_key(key));
    gnutls_pubkey_deinit(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_word),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_of_key),
        cmocka_unit_test(test_of_no_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
