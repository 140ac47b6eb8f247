#include "token/pfx/private_key.h"

#include "keygen/secret.h"
#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <gnutls/abstract.h>
#include <sodium.h>

#define KIND_256                                                               \
    "301F 06082A85030701010101 3013 06072A850302022301 06082A85030701010202"
#define KIND_256_TC26 "3017 06082A85030701010101 300B 06092A8503070102010102"
#define KIND_512                                                               \
    "3021 06082A85030701010102 3015 06092A8503070102010201"                    \
    "06082A85030701010203"

/* Of R 50.1.112: masked, with its mask behind. */
#define MASKED                                                                 \
    "461B46EF3ACFED4914A0DC3C337D51B4C61B6922F5E9D3AA8B382A9514D23F48"
#define MASK "0E997551789A035603230523940A7EF351A42E6CADF05C3A1ADFD7E496724806"
#define ONE "0100000000000000000000000000000000000000000000000000000000000000"
#define ORDER_LE                                                               \
    "93B861B7091B844500D15A997010616CFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"

/* The key forms of RFC 9215 4.3 and R 50.1.112, and those that are none. */
static const struct row {
    const char *what, *hex;
    enum fault fault;
} rows[] = {
    {"bare", "3046 020100" KIND_256 "0420" MASK, FAULT_NONE},
    {"in an octet string", "3048 020100" KIND_256 "0422 0420" MASK, FAULT_NONE},
    {"an integer", "3048 020100" KIND_256 "0422 0220" MASK, FAULT_NONE},
    {"a longer integer", "3049 020100" KIND_256 "0423 022100" MASK, FAULT_NONE},
    {"masked", "3066 020100" KIND_256 "0440" MASKED MASK, FAULT_NONE},
    {"masked by one", "3066 020100" KIND_256 "0440" MASKED ONE, FAULT_NONE},
    {"without a digest", "303E 020100" KIND_256_TC26 "0420" MASK, FAULT_NONE},
    {"512 bits", "3068 020100" KIND_512 "0440" MASKED MASK, FAULT_NONE},
    {"512 bits, an integer", "306A 020100" KIND_512 "0442 0240" MASK MASKED,
     FAULT_NONE},
    {"nothing", "", FAULT_DAMAGED},
    {"zero",
     "3066 020100" KIND_256 "0440" MASKED
     "0000000000000000000000000000000000000000000000000000000000000000",
     FAULT_DAMAGED},
    {"the order", "3046 020100" KIND_256 "0420" ORDER_LE, FAULT_DAMAGED},
    {"an empty key", "3026 020100" KIND_256 "0400", FAULT_DAMAGED},
    {"a short key",
     "3045 020100" KIND_256 "041F"
     "0102030405060708090A0B0C0D"
     "0E0F101112131415161718191A1B1C1D1E1F",
     FAULT_DAMAGED},
    {"an integer too long", "304A 020100" KIND_256 "0424 02220001" MASK,
     FAULT_DAMAGED},
    {"version 2", "3046 020102" KIND_256 "0420" MASK, FAULT_DAMAGED},
    {"something behind", "3046 020100" KIND_256 "0420" MASK "00",
     FAULT_DAMAGED},
    {"no curve", "3034 020100 300D 06082A85030701010101 300106 0420" MASK,
     FAULT_DAMAGED},
    {"of RSA", "3030 020100 300B 06092A864886F70D010101 0420" MASK "",
     FAULT_DAMAGED},
    {"of RSA, whole", "3032 020100 300B 06092A864886F70D010101 0420" MASK,
     FAULT_UNSUPPORTED},
    {"on CryptoPro-B",
     "3046 020100 301F 06082A85030701010101 3013 06072A850302022302"
     "06082A85030701010202 0420" MASK,
     FAULT_UNSUPPORTED},
    {"512 bits on a curve of 256",
     "3066 020100 301F 06082A85030701010102 3013 06072A850302022301"
     "06082A85030701010203 0440" MASKED MASK,
     FAULT_UNSUPPORTED},
};

/* The number as GnuTLS reads it; it strips high zeros. */
static void expect(const struct bytes *file, const struct material_key *key)
{
    const gnutls_datum_t in = {file->data, (unsigned)file->size};
    uint8_t number[ALGORITHM_KEY_MAX] = {0};
    gnutls_x509_privkey_t plain;
    gnutls_datum_t k;

    assert_int_equal(gnutls_x509_privkey_init(&plain), 0);
    assert_int_equal(gnutls_x509_privkey_import_pkcs8(plain, &in,
                                                      GNUTLS_X509_FMT_DER, NULL,
                                                      GNUTLS_PKCS_PLAIN),
                     0);
    assert_int_equal(gnutls_x509_privkey_export_gost_raw(plain, NULL, NULL,
                                                         NULL, NULL, NULL, &k),
                     0);
    assert_true(k.size <= sizeof number);
    memcpy(number, k.data, k.size);
    assert_memory_equal(number, key->scalar, key->algorithm->key_size);
    gnutls_free(k.data);
    gnutls_x509_privkey_deinit(plain);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct material_key key = {.algorithm = NULL};
        struct bytes file;

        print_message("# %s\n", rows[i].what);
        bytes_init(&file, 1024);
        hex_put(&file, rows[i].hex);
        assert_int_equal(
            private_key_read((struct der){file.data, file.size}, &key),
            rows[i].fault);
        if (rows[i].fault == FAULT_NONE)
            expect(&file, &key);
        bytes_free(&file);
    }
}

/* What is written, bare, is read by GnuTLS too. */
static void test_shell(void **state)
{
    static const char *const curves[] = {"1.2.643.2.2.36.0", "1.2.643.2.2.35.1",
                                         "1.2.643.7.1.2.1.1.2"};

    (void)state;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        struct material_key key = {.algorithm = algorithm_by_word(NULL)}, back;
        struct bytes file;

        memcpy(key.curve_oid, curves[i], strlen(curves[i]));
        hex_read(key.scalar, 32, MASK);
        bytes_init(&file, 1024);
        private_key_put_shell(&key, &file);
        memcpy(file.data + file.size - 32, key.scalar, 32);
        assert_int_equal(
            private_key_read((struct der){file.data, file.size}, &back),
            FAULT_NONE);
        assert_string_equal(back.curve_oid, curves[i]);
        expect(&file, &key);
        bytes_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_shell),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
