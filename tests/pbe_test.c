#include "token/pfx/pbe.h"

#include "keygen/secret.h"
#include "tests/support/hex.h"
#include "token/medium.h"
#include "token/pfx/pbe_kdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#define CRYPTOPRO "060A2A864886F70D010C0150"
#define DES3 "060A2A864886F70D010C0103"
#define SALT "0408 0102030405060708"

static const struct row {
    const char *what, *hex;
    enum fault fault;
} rows[] = {
    {"CryptoPro", CRYPTOPRO "300E" SALT "020207D0", FAULT_NONE},
    {"one iteration", CRYPTOPRO "300D" SALT "020101", FAULT_NONE},
    {"3DES", DES3 "300E" SALT "020207D0", FAULT_NONE},
    {"GOST",
     "06092A864886F70D01050D304F302C06092A864886F70D01050C301F04080102"
     "030405060708020207D0020120300C06082A850307010104020500301F06062A"
     "850302021530150408111213141516171806092A8503070102050101",
     FAULT_NONE},
    {"HMAC-SHA1 by default",
     "06092A864886F70D01050D303E301B06092A864886F70D01050C300E04080102"
     "030405060708020207D0301F06062A8503020215301504081112131415161718"
     "06092A8503070102050101",
     FAULT_NONE},
    {"GOST, parameters that are none",
     "06092A864886F70D01050D3040301D06092A864886F70D01050C301004080102"
     "030405060708020207D00500301F06062A850302021530150408111213141516"
     "171806092A8503070102050101",
     FAULT_DAMAGED},
    {"a short vector",
     "06092A864886F70D01050D304B302906092A864886F70D01050C301C04080102"
     "030405060708020207D0300C06082A850307010104020500301E06062A850302"
     "0215301404071112131415161706092A8503070102050101",
     FAULT_DAMAGED},
    {"a million", DES3 "300F" SALT "02030F4240", FAULT_NONE},
    {"one more", DES3 "300F" SALT "02030F4241", FAULT_TOO_LARGE},
    {"2^31", DES3 "3011" SALT "02050080000000", FAULT_TOO_LARGE},
    {"2^64", DES3 "3015" SALT "0209010000000000000000", FAULT_TOO_LARGE},
    {"none", DES3 "300D" SALT "020100", FAULT_DAMAGED},
    {"fewer than none", DES3 "300D" SALT "0201FF", FAULT_DAMAGED},
    {"not minimal", DES3 "300E" SALT "02020001", FAULT_DAMAGED},
    {"no number", DES3 "300C" SALT "0200", FAULT_DAMAGED},
    {"no salt", DES3 "3004 020207D0", FAULT_DAMAGED},
    {"something behind", DES3 "3010" SALT "020207D0 0500", FAULT_DAMAGED},
    {"a short salt", CRYPTOPRO "300D 0407 01020304050607 020207D0",
     FAULT_DAMAGED},
    {"nothing", "", FAULT_DAMAGED},
    {"another kind", "060A2A864886F70D010C0104 300E" SALT "020207D0",
     FAULT_UNSUPPORTED},
    {"Kuznyechik (RFC 9337)",
     "06092A864886F70D01050D3048302906092A864886F70D01050C301C04080102"
     "030405060708020207D0300C06082A850307010104020500301B06092A850307"
     "0101050201300E040C000000000000000000000000",
     FAULT_UNSUPPORTED},
    {"another derivation",
     "06092A864886F70D01050D303E301B06092A864886F70D01050E300E04080102"
     "030405060708020207D0301F06062A8503020215301504081112131415161718"
     "06092A8503070102050101",
     FAULT_UNSUPPORTED},
    {"another function",
     "06092A864886F70D01050D304C302906092A864886F70D01050C301C04080102"
     "030405060708020207D0300C06082A864886F70D02050500301F06062A850302"
     "021530150408111213141516171806092A8503070102050101",
     FAULT_UNSUPPORTED},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pbe_budget budget = {PBE_BUDGET};
        struct pbe *pbe = NULL;
        struct bytes in;

        print_message("# %s\n", rows[i].what);
        bytes_init(&in, 1024);
        hex_put(&in, rows[i].hex);
        assert_int_equal(
            pbe_read((struct der){in.data, in.size}, "x", &budget, &pbe),
            rows[i].fault);
        assert_int_equal(pbe != NULL, rows[i].fault == FAULT_NONE);
        secret_free(&pbe);
        bytes_free(&in);
    }
}

/* What one file may cost in all is bounded too. */
static void test_budget(void **state)
{
    struct pbe_budget budget = {3000};
    struct pbe *pbe = NULL;
    struct bytes in;

    (void)state;
    bytes_init(&in, 1024);
    hex_put(&in, CRYPTOPRO "300E" SALT "020207D0");
    assert_int_equal(
        pbe_read((struct der){in.data, in.size}, "x", &budget, &pbe),
        FAULT_NONE);
    secret_free(&pbe);
    assert_int_equal(budget.left, 1000);
    assert_int_equal(
        pbe_read((struct der){in.data, in.size}, "x", &budget, &pbe),
        FAULT_TOO_LARGE);
    assert_null(pbe);
    bytes_free(&in);
}

/* RFC 7292 B by OpenSSL's test vectors (smeg, 3DES). */
static void test_pkcs12_kdf(void **state)
{
    static const struct {
        const char *password, *salt;
        uint32_t iterations;
        uint8_t purpose;
        const char *out;
    } vectors[] = {
        {"smeg", "0A58CF64530D823F", 1, PBE_KDF_KEY,
         "8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3"},
        {"smeg", "0A58CF64530D823F", 1, PBE_KDF_IV, "79993DFE048D3B76"},
        {"smeg", "642B99AB44FB4B1F", 1, PBE_KDF_KEY,
         "F3A95FEC48D7711E985CFE67908C5AB79FA3D7C5CAA5D966"},
        {"smeg", "642B99AB44FB4B1F", 1, PBE_KDF_IV, "C0A38D64A79BEA1D"},
        {"smeg", "3D83C0E4546AC140", 1, PBE_KDF_MAC,
         "8D967D88F6CAA9D714800AB3D48051D63F73A312"},
        {"queeg", "05DEC959ACFF72F7", 1000, PBE_KDF_KEY,
         "ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4"},
        {"queeg", "05DEC959ACFF72F7", 1000, PBE_KDF_IV, "11DEDAD7758D4860"},
        {"queeg", "1682C0FC5B3F7EC5", 1000, PBE_KDF_KEY,
         "483DD6E919D7DE2E8E648BA8F862F3FBFBDC2BCB2C02957F"},
        {"queeg", "1682C0FC5B3F7EC5", 1000, PBE_KDF_IV, "9D461D1B00355C50"},
        {"queeg", "263216FCC2FAB31C", 1000, PBE_KDF_MAC,
         "5EC4C7A80DF652294C3925B6489A7AB857C83476"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const size_t size = strlen(vectors[i].out) / 2;
        uint8_t salt[8], out[24], expected[24];
        const struct pbe_kdf from = {
            vectors[i].password, {salt, sizeof salt}, vectors[i].iterations};

        hex_read(salt, sizeof salt, vectors[i].salt);
        hex_read(expected, size, vectors[i].out);
        assert_int_equal(pbe_kdf_pkcs12(&from, GNUTLS_DIG_SHA1,
                                        vectors[i].purpose, out, size),
                         FAULT_NONE);
        assert_memory_equal(out, expected, size);
    }
}

static void test_kdf_bounds(void **state)
{
    static const uint8_t salt[PBE_KDF_SALT_MAX + 1];
    char password[4 * CONTAINER_PASSWORD_MAX];
    struct pbe_kdf from = {"x", {salt, sizeof salt}, 1};
    uint8_t out[PBE_KDF_OUT_MAX + 1];

    (void)state;
    assert_int_equal(pbe_kdf_cryptopro(&from, out), FAULT_TOO_LARGE);
    assert_int_equal(pbe_kdf_pbkdf2(&from, GNUTLS_MAC_SHA1, out, 32),
                     FAULT_TOO_LARGE);
    assert_int_equal(pbe_kdf_pkcs12(&from, GNUTLS_DIG_SHA1, 1, out, 32),
                     FAULT_TOO_LARGE);
    from.salt.left = 8;
    assert_int_equal(pbe_kdf_pbkdf2(&from, GNUTLS_MAC_SHA1, out, sizeof out),
                     FAULT_TOO_LARGE);
    from.password = "\xC0\x80";
    assert_int_equal(pbe_kdf_cryptopro(&from, out), FAULT_ARGUMENT);
    memset(password, 'x', sizeof password);
    password[sizeof password - 1] = '\0';
    from.password = password;
    assert_int_equal(pbe_kdf_cryptopro(&from, out), FAULT_TOO_LARGE);
    assert_int_equal(pbe_kdf_pkcs12(&from, GNUTLS_DIG_SHA1, 1, out, 32),
                     FAULT_TOO_LARGE);
}

static void test_padding(void **state)
{
    struct entropy *pool = NULL;
    struct pbe *pbe = NULL;
    struct bytes out;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    bytes_init(&out, 1024);
    assert_int_equal(pbe_make(PBE_RC2, "x", pool, &out, &pbe), FAULT_NONE);
    for (size_t size = 0; size < 20; size++) {
        static const uint8_t text[20] = "01234567890123456789";
        const size_t at = out.size;
        uint8_t back[32];
        struct der data, in;
        size_t got;

        assert_int_equal(pbe_encrypt(pbe, DER_OCTET_STRING, text, size, &out),
                         FAULT_NONE);
        in = (struct der){out.data + at, out.size - at};
        assert_true(der_read(&in, DER_OCTET_STRING, &data));
        assert_int_equal(pbe_decrypt(pbe, data, back, &got), FAULT_NONE);
        assert_int_equal(got, size);
        assert_memory_equal(back, text, size);
        data.left--;
        assert_int_equal(pbe_decrypt(pbe, data, back, &got), FAULT_DAMAGED);
        data.left = 0;
        assert_int_equal(pbe_decrypt(pbe, data, back, &got), FAULT_DAMAGED);
    }
    secret_free(&pbe);
    bytes_free(&out);
    entropy_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_budget),
        cmocka_unit_test(test_pkcs12_kdf), cmocka_unit_test(test_kdf_bounds),
        cmocka_unit_test(test_padding),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
