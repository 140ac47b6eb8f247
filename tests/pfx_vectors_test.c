/* PFX and PKCS#8 files of others: R 50.1.112 and the tests of GnuTLS. */
#include "token/pfx/pfx.h"

#include "tests/support/hex.h"
#include "tests/support/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#define PASSWORD "Пароль для PFX"

/* Beginnings of scalars, little-endian, as certtool prints the keys. */
#define KEY_01 "161441CFDD822ED9"
#define KEY_01_X "770F0491"
#define KEY_12 "5222EF9C"
#define KEY_12_X "249939FA"

static const struct row {
    const char *file, *word, *curve, *scalar;
    bool certificate, plain;
} rows[] = {
    {"r50_1_112_transport.pfx", "gost2012-256", "1.2.643.2.2.35.1", KEY_12,
     true, false},
    {"gnutls/gost12.p12", "gost2012-256", "1.2.643.2.2.35.1", KEY_12, true,
     false},
    {"gnutls/gost12-2.p12", "gost2012-256", "1.2.643.2.2.35.1", KEY_12, true,
     false},
    {"gnutls/gost01.p12", "gost2001", "1.2.643.2.2.35.1", KEY_01, true, false},
    {"gnutls/key-gost01.p8", "gost2001", "1.2.643.2.2.36.0", KEY_01_X, false,
     true},
    {"gnutls/key-gost01-2.p8", "gost2001", "1.2.643.2.2.35.1", KEY_01, false,
     true},
    {"gnutls/key-gost01-2-enc.p8", "gost2001", "1.2.643.2.2.35.1", KEY_01,
     false, false},
    {"gnutls/key-gost12-256.p8", "gost2012-256", "1.2.643.2.2.36.0", KEY_12_X,
     false, true},
    {"gnutls/key-gost12-256-2.p8", "gost2012-256", "1.2.643.2.2.35.1", KEY_12,
     false, true},
    {"gnutls/key-gost12-256-2-enc.p8", "gost2012-256", "1.2.643.2.2.35.1",
     KEY_12, false, false},
    {"r50_1_112_private_key_info_expected.der", "gost2012-256",
     "1.2.643.2.2.35.1", KEY_12, false, true},
};

static void check(const struct row *row, const struct pfx *pfx)
{
    const struct material_key *key = &pfx->key[0].key;
    const size_t size = strlen(row->scalar) / 2;
    uint8_t expected[8];

    assert_int_equal(pfx->keys, 1);
    assert_int_equal(pfx->refused, 0);
    assert_ptr_equal(key->algorithm, algorithm_find(row->word));
    assert_string_equal(key->curve_oid, row->curve);
    hex_read(expected, size, row->scalar);
    assert_memory_equal(key->scalar, expected, size);
    assert_int_equal(key->certificate != NULL, row->certificate);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pfx *pfx = NULL;
        size_t size;
        uint8_t *data = vector_read(rows[i].file, &size);

        print_message("# %s\n", rows[i].file);
        assert_int_equal(pfx_read(data, size, PASSWORD, &pfx), FAULT_NONE);
        check(&rows[i], pfx);
        pfx_free(&pfx);
        assert_int_equal(pfx_read(data, size, NULL, &pfx),
                         rows[i].plain ? FAULT_NONE : FAULT_PASSWORD_NEEDED);
        pfx_free(&pfx);
        if (!rows[i].plain)
            assert_int_equal(pfx_read(data, size, "Пароль", &pfx),
                             FAULT_PASSWORD_WRONG);
        free(data);
    }
}

/* Curves that are not computed here are told as such. */
static void test_unsupported(void **state)
{
    static const char *const files[] = {
        "gnutls/key-gost12-512.p8", "rfc9215_tc26_256A_key.pem",
        "rfc9215_tc26_512test_key.pem", "tk26iok_512_B_key.pem"};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct pfx *pfx = NULL;
        size_t size;
        uint8_t *data = vector_read(files[i], &size);

        print_message("# %s\n", files[i]);
        assert_int_equal(pfx_read(data, size, NULL, &pfx), FAULT_UNSUPPORTED);
        assert_null(pfx);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_unsupported),
    };

    if (vector_folder() == NULL) {
        puts("1..0 # SKIP KEP_VECTORS is not set");
        return 0;
    }
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
