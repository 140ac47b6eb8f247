#include "token/pfx/pfx.h"

#include "keygen/secret.h"
#include "tests/support/hex.h"
#include "tests/support/pfx_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static const char *const words[] = {"gost2012-256", "gost2012-512", "gost2001"};
static const enum pfx_format formats[] = {PFX_CRYPTOPRO, PFX_TC26};

enum { WORDS = sizeof words / sizeof words[0], FORMATS = 2 };

static struct entropy *pool;

static int start(void **state)
{
    (void)state;
    return entropy_new(&pool) == FAULT_NONE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    entropy_free(&pool);
    return 0;
}

static void write_file(const struct pfx *pfx, enum pfx_format format,
                       const char *password, struct bytes *out)
{
    bytes_init(out, PFX_MAX);
    assert_int_equal(pfx_write(pfx, format, password, pool, out), FAULT_NONE);
    assert_false(out->failed);
}

static void round_trip(const struct pfx *pfx, enum pfx_format format,
                       const char *password)
{
    struct pfx *back = NULL;
    struct bytes out;

    write_file(pfx, format, password, &out);
    assert_int_equal(pfx_read(out.data, out.size, password, &back), FAULT_NONE);
    pfx_sample_compare(pfx, back);
    /* Only CryptoPro's own kind has a place for it. */
    assert_int_equal(back->key[0].not_after,
                     format == PFX_CRYPTOPRO ? PFX_SAMPLE_NOT_AFTER : 0);
    pfx_free(&back);
    bytes_free(&out);
}

static void test_round_trips(void **state)
{
    (void)state;
    for (size_t i = 0; i < WORDS; i++) {
        struct pfx *pfx = pfx_sample_new(algorithm_find(words[i]), pool);

        for (size_t f = 0; f < FORMATS; f++)
            round_trip(pfx, formats[f], "Пароль для PFX");
        pfx_free(&pfx);
    }
}

/* Two keys of one container, as CSP keeps them, and a chain. */
static void test_two_keys(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);

    (void)state;
    pfx_sample_add(pfx, algorithm_by_word("gost2012-512"), pool);
    for (int i = 0; i < 3; i++)
        pfx_sample_add_certificate(pfx, pool);
    for (size_t f = 0; f < FORMATS; f++)
        round_trip(pfx, formats[f], "secret");
    pfx_free(&pfx);
}

static void test_passwords(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    char longest[CONTAINER_PASSWORD_MAX + 1];
    const char *const passwords[] = {"", "x", "пароль", "\xF0\x9F\x94\x91 key",
                                     longest};

    (void)state;
    memset(longest, 'w', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++)
        round_trip(pfx, PFX_CRYPTOPRO, passwords[i]);
    round_trip(pfx, PFX_TC26, "");
    pfx_free(&pfx);
}

static void test_wrong_password(void **state)
{
    static const char *const wrong[] = {"", "passwor", "passworD", "password ",
                                        "пароль"};
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    struct pfx *back = NULL;

    (void)state;
    for (size_t f = 0; f < FORMATS; f++) {
        struct bytes out;

        write_file(pfx, formats[f], "password", &out);
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
            assert_int_equal(pfx_read(out.data, out.size, wrong[i], &back),
                             FAULT_PASSWORD_WRONG);
        assert_int_equal(pfx_read(out.data, out.size, NULL, &back),
                         FAULT_PASSWORD_NEEDED);
        assert_int_equal(pfx_read(out.data, out.size, "\xFF", &back),
                         formats[f] == PFX_CRYPTOPRO ? FAULT_ARGUMENT
                                                     : FAULT_PASSWORD_WRONG);
        assert_null(back);
        bytes_free(&out);
    }
    pfx_free(&pfx);
}

/* --- damage -------------------------------------------------------------- */

static bool is_refusal(enum fault fault)
{
    return fault == FAULT_DAMAGED || fault == FAULT_PASSWORD_WRONG ||
           fault == FAULT_NOT_CONTAINER || fault == FAULT_UNSUPPORTED ||
           fault == FAULT_TOO_LARGE;
}

/* Each byte changed; step leaves some out where each costs much. */
static void flip(struct bytes *file, size_t step)
{
    size_t told = 0, changed = 0;

    for (size_t at = 0; at < file->size; at += step) {
        struct pfx *back = NULL;
        enum fault fault;

        file->data[at] ^= (uint8_t)(1 << at % 8);
        fault = pfx_read(file->data, file->size, "password", &back);
        assert_null(back);
        assert_true(is_refusal(fault));
        told += fault == FAULT_DAMAGED;
        changed++;
        file->data[at] ^= (uint8_t)(1 << at % 8);
    }
    /* It is seldom that nothing else tells damage from a wrong password. */
    assert_true(told * 2 > changed);
}

static void test_flips(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    struct bytes out;

    (void)state;
    write_file(pfx, PFX_CRYPTOPRO, "password", &out);
    flip(&out, 7);
    bytes_free(&out);
    write_file(pfx, PFX_TC26, "password", &out);
    flip(&out, 151);
    bytes_free(&out);
    pfx_free(&pfx);
}

static void test_truncation(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    struct pfx *back = NULL;

    (void)state;
    for (size_t f = 0; f < FORMATS; f++) {
        struct bytes out;

        write_file(pfx, formats[f], "password", &out);
        for (size_t size = 0; size < out.size; size++) {
            uint8_t *part = malloc(size + 1);

            /* In memory of that size, so that a sanitizer sees more. */
            memcpy(part, out.data, size);
            assert_int_equal(pfx_read(part, size, "password", &back),
                             size == 0 ? FAULT_NOT_CONTAINER : FAULT_DAMAGED);
            free(part);
        }
        bytes_put_byte(&out, 0);
        assert_int_equal(pfx_read(out.data, out.size, "password", &back),
                         FAULT_DAMAGED);
        bytes_free(&out);
    }
    pfx_free(&pfx);
}

/* --- what is no PFX ------------------------------------------------------ */

static const struct row {
    const char *what, *hex;
    enum fault fault;
} rows[] = {
    {"nothing", "", FAULT_NOT_CONTAINER},
    {"text", "6b657920", FAULT_NOT_CONTAINER},
    {"an empty sequence", "3000", FAULT_NOT_CONTAINER},
    {"a longer one, cut off", "3082", FAULT_DAMAGED},
    {"indefinite", "30800000", FAULT_DAMAGED},
    {"version 2", "3005 020102 3000", FAULT_NOT_CONTAINER},
    {"nothing in it", "3005 020103 3000", FAULT_DAMAGED},
    {"signed by a key",
     "301A 020103 3015 06092A864886F70D010702 A008 0406 300430020500",
     FAULT_DAMAGED},
    {"without a checksum",
     "3018 020103 3013 06092A864886F70D010701 A006 0404 30020500",
     FAULT_DAMAGED},
    {"a certificate", "3015 3007 020101 06022A03 0304 00000000 0304 00000000",
     FAULT_NOT_CONTAINER},
    {"an encrypted key", "3010 300A 06082A85030701010101 0402 0000",
     FAULT_PASSWORD_NEEDED},
    {"a plain key of another kind",
     "3015 020100 300B 06092A864886F70D010101 0403 020100", FAULT_UNSUPPORTED},
    {"a plain key, malformed",
     "3046 020100 301F 06082A85030701010101 3013 06072A850302022400"
     "06082A85030701010202 0420"
     "0000000000000000000000000000000000000000000000000000000000000000",
     FAULT_DAMAGED},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pfx *pfx = NULL;
        struct bytes file;

        print_message("# %s\n", rows[i].what);
        bytes_init(&file, 1024);
        hex_put(&file, rows[i].hex);
        assert_int_equal(pfx_read(file.data, file.size, NULL, &pfx),
                         rows[i].fault);
        assert_null(pfx);
        bytes_free(&file);
    }
}

static void test_maxima(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    struct pfx *back = NULL;
    uint8_t *large = calloc(1, PFX_MAX + 1);
    struct bytes out;

    (void)state;
    assert_int_equal(pfx_read(large, PFX_MAX + 1, "x", &back), FAULT_TOO_LARGE);
    assert_int_equal(pfx_read(large, PFX_MAX, "x", &back), FAULT_NOT_CONTAINER);
    free(large);
    for (int i = 0; i < PFX_CERTIFICATES_MAX; i++)
        pfx_sample_add_certificate(pfx, pool);
    /* One more than fits, with that of the key. */
    write_file(pfx, PFX_CRYPTOPRO, "x", &out);
    assert_int_equal(pfx_read(out.data, out.size, "x", &back), FAULT_TOO_LARGE);
    bytes_free(&out);
    bytes_init(&out, 100);
    assert_int_equal(pfx_write(pfx, PFX_CRYPTOPRO, "x", pool, &out),
                     FAULT_TOO_LARGE);
    bytes_free(&out);
    pfx_free(&pfx);
}

static void test_not_exportable(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool), *none;
    struct bytes out;

    (void)state;
    bytes_init(&out, PFX_MAX);
    pfx->key[0].key.flags = CONTAINER_EXCHANGE;
    assert_int_equal(pfx_write(pfx, PFX_CRYPTOPRO, "x", pool, &out),
                     FAULT_NOT_EXPORTABLE);
    assert_int_equal(out.size, 0);
    pfx_free(&pfx);
    assert_int_equal(pfx_new(&none), FAULT_NONE);
    assert_int_equal(pfx_write(none, PFX_TC26, "x", pool, &out),
                     FAULT_ARGUMENT);
    pfx_free(&none);
    bytes_free(&out);
}

/* PEM: the file of a support engineer, key and certificate in one. */
static void test_pem(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    const struct material_key *key = &pfx->key[0].key;
    gnutls_datum_t pem = {NULL, 0};
    struct pfx *back = NULL;
    struct bytes file, text;

    (void)state;
    bytes_init(&file, PFX_MAX);
    bytes_init(&text, PFX_MAX);
    hex_put(&file, "3046 020100 301F 06082A85030701010101 3013"
                   "06072A850302022400 06082A85030701010202 0420");
    bytes_put(&file, key->scalar, 32);
    file.data[1] = (uint8_t)(file.size - 2);
    assert_int_equal(pfx_read(file.data, file.size, NULL, &back), FAULT_NONE);
    assert_null(back->key[0].key.certificate);
    pfx_free(&back);
    assert_int_equal(gnutls_pem_base64_encode2(
                         "PRIVATE KEY",
                         &(gnutls_datum_t){file.data, (unsigned)file.size},
                         &pem),
                     0);
    bytes_put(&text, "Ключ\n", strlen("Ключ\n"));
    bytes_put(&text, pem.data, pem.size);
    gnutls_free(pem.data);
    assert_int_equal(
        gnutls_pem_base64_encode2("CERTIFICATE", &key->certificate->der, &pem),
        0);
    bytes_put(&text, pem.data, pem.size);
    gnutls_free(pem.data);
    assert_int_equal(pfx_read(text.data, text.size, NULL, &back), FAULT_NONE);
    assert_memory_equal(back->key[0].key.scalar, key->scalar, 32);
    assert_string_equal(back->key[0].key.certificate->thumbprint,
                        key->certificate->thumbprint);
    pfx_free(&back);
    bytes_free(&file);
    bytes_free(&text);
    pfx_free(&pfx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_two_keys),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_wrong_password),
        cmocka_unit_test(test_flips),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_maxima),
        cmocka_unit_test(test_not_exportable),
        cmocka_unit_test(test_pem),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, end);
}
