/* PFX files by the word of OpenSSL with the GOST engine and of certtool. */
#include "token/pfx/pfx.h"

#include "tests/support/peer.h"
#include "tests/support/pfx_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gnutls/pkcs12.h>
#include <sodium.h>

enum { OUTPUT_MAX = 1024 * 1024 };

static struct entropy *pool;

static int start(void **state)
{
    return entropy_new(&pool) == FAULT_NONE ? peer_set_up(state) : -1;
}

static int end(void **state)
{
    entropy_free(&pool);
    return peer_tear_down(state);
}

static void write_file(const struct pfx *pfx, enum pfx_format format,
                       const char *password)
{
    struct bytes out;

    bytes_init(&out, PFX_MAX);
    assert_int_equal(pfx_write(pfx, format, password, pool, &out), FAULT_NONE);
    peer_write("file.pfx", out.data, out.size);
    bytes_free(&out);
}

static void write_certificate(const struct material_key *key)
{
    gnutls_datum_t pem = {NULL, 0};

    assert_int_equal(
        gnutls_pem_base64_encode2("CERTIFICATE", &key->certificate->der, &pem),
        0);
    peer_write("own.pem", pem.data, pem.size);
    gnutls_free(pem.data);
}

/* The key that OpenSSL takes out signs for the certificate that it is for. */
static void test_openssl(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one; one++) {
        struct pfx *pfx = pfx_sample_new(*one, pool);

        pfx_sample_add_certificate(pfx, pool);
        write_file(pfx, PFX_TC26, "pass-1");
        write_certificate(&pfx->key[0].key);
        peer_says("openssl pkcs12 -in @file.pfx -passin pass:pass-1 -nokeys "
                  "-clcerts -info",
                  "GOST R 34.11-2012 with 512 bit hash, Iteration 10000");
        peer_says("openssl pkcs12 -in @file.pfx -passin pass:pass-1 -nodes "
                  "-nocerts -out @key.pem",
                  "");
        peer_write("text", "text", 4);
        peer_says("openssl cms -sign -binary -in @text -signer @own.pem "
                  "-inkey @key.pem -outform DER -out @signed -nodetach",
                  "");
        peer_says("openssl cms -verify -binary -inform DER -in @signed "
                  "-CAfile @own.pem -purpose any -out @back",
                  "successful");
        assert_int_not_equal(peer_ask(NULL, "openssl pkcs12 -in @file.pfx "
                                            "-passin pass:pass-2 -noout"),
                             0);
        pfx_free(&pfx);
    }
}

/* GnuTLS's own reading: the key, its certificate. */
static void test_gnutls(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);
    const struct material_key *key = &pfx->key[0].key;
    uint8_t number[ALGORITHM_KEY_MAX] = {0};
    gnutls_x509_privkey_t private;
    gnutls_datum_t in, k;
    gnutls_x509_crt_t *chain;
    gnutls_pkcs12_t p12;
    unsigned length = 0;
    struct bytes out;

    (void)state;
    bytes_init(&out, PFX_MAX);
    assert_int_equal(pfx_write(pfx, PFX_TC26, "пароль", pool, &out),
                     FAULT_NONE);
    in = (gnutls_datum_t){out.data, (unsigned)out.size};
    assert_int_equal(gnutls_pkcs12_init(&p12), 0);
    assert_int_equal(gnutls_pkcs12_import(p12, &in, GNUTLS_X509_FMT_DER, 0), 0);
    assert_int_equal(gnutls_pkcs12_verify_mac(p12, "пароль"), 0);
    assert_int_equal(gnutls_pkcs12_simple_parse(p12, "пароль", &private, &chain,
                                                &length, NULL, NULL, NULL, 0),
                     0);
    assert_int_equal(length, 1);
    assert_true(gnutls_x509_crt_equals2(chain[0], &key->certificate->der));
    assert_int_equal(gnutls_x509_privkey_export_gost_raw(private, NULL, NULL,
                                                         NULL, NULL, NULL, &k),
                     0);
    memcpy(number, k.data, k.size);
    assert_memory_equal(number, key->scalar, key->algorithm->key_size);
    gnutls_free(k.data);
    gnutls_x509_crt_deinit(chain[0]);
    gnutls_free(chain);
    gnutls_x509_privkey_deinit(private);
    gnutls_pkcs12_deinit(p12);
    bytes_free(&out);
    pfx_free(&pfx);
}

static void test_certtool(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);

    (void)state;
    write_file(pfx, PFX_TC26, "пароль");
    peer_says("certtool --p12-info --inder --infile @file.pfx --password "
              "пароль",
              "PBES2-GOST28147-89-TC26Z");
    pfx_free(&pfx);
}

/* CSP's own kind: what GnuTLS knows of it, checksum and certificates. */
static void test_certtool_cryptopro(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);

    (void)state;
    write_file(pfx, PFX_CRYPTOPRO, "pass-1");
    peer_says("certtool --p12-info --inder --infile @file.pfx --password "
              "pass-1",
              "PKCS12-RC2-40-SHA1");
    peer_says("openssl pkcs12 -in @file.pfx -passin pass:pass-1 -nokeys "
              "-info -provider legacy -provider default",
              "CN = test");
    pfx_free(&pfx);
}

/* --- the other way ------------------------------------------------------- */

/* certtool iterates 600,000 times: of its GOST kinds there is none here, for
 * each takes it half a minute. */
static const char *const kinds[] = {
    "certtool --to-p12 --load-privkey @key.pem --load-certificate @own.pem "
    "--p12-name name --password pass-1 --outder --outfile @theirs.pfx "
    "--pkcs-cipher aes-256 --hash sha1",
    "openssl pkcs12 -export -inkey @key.pem -in @own.pem -passout pass:pass-1 "
    "-name name -keypbe gost89 -certpbe gost89 -macalg md_gost12_512 "
    "-out @theirs.pfx",
    "openssl pkcs12 -export -inkey @key.pem -in @own.pem -passout pass:pass-1 "
    "-name name -out @theirs.pfx",
    "openssl pkcs12 -export -inkey @key.pem -in @own.pem -passout pass:pass-1 "
    "-name name -keypbe NONE -certpbe NONE -out @theirs.pfx",
    "openssl pkcs12 -export -inkey @key.pem -in @own.pem -passout pass:pass-1 "
    "-name name -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1 "
    "-provider legacy -provider default -out @theirs.pfx",
};

static void read_theirs(const struct pfx *pfx, const char *password)
{
    struct pfx *back = NULL;
    struct bytes file;

    bytes_init(&file, PFX_MAX);
    peer_read("theirs.pfx", &file);
    assert_int_equal(pfx_read(file.data, file.size, password, &back),
                     FAULT_NONE);
    assert_int_equal(back->keys, 1);
    assert_string_equal(back->key[0].name, "name");
    assert_memory_equal(back->key[0].key.scalar, pfx->key[0].key.scalar,
                        pfx->key[0].key.algorithm->key_size);
    assert_string_equal(back->key[0].key.certificate->thumbprint,
                        pfx->key[0].key.certificate->thumbprint);
    pfx_free(&back);
    assert_int_equal(pfx_read(file.data, file.size, "pass-2", &back),
                     FAULT_PASSWORD_WRONG);
    bytes_free(&file);
}

static void write_own(const struct pfx *pfx)
{
    write_file(pfx, PFX_TC26, "pass-1");
    write_certificate(&pfx->key[0].key);
    peer_says("openssl pkcs12 -in @file.pfx -passin pass:pass-1 -nodes "
              "-nocerts -out @key.pem",
              "");
}

static void test_theirs(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);

    (void)state;
    write_own(pfx);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        print_message("# %s\n", kinds[i]);
        assert_int_equal(peer_ask(NULL, kinds[i]), 0);
        read_theirs(pfx, "pass-1");
    }
    pfx_free(&pfx);
}

static void test_no_password(void **state)
{
    struct pfx *pfx = pfx_sample_new(algorithm_by_word(NULL), pool);

    (void)state;
    write_own(pfx);
    assert_int_equal(
        peer_ask(NULL, "openssl pkcs12 -export -inkey @key.pem -in @own.pem "
                       "-passout pass: -name name -out @theirs.pfx"),
        0);
    read_theirs(pfx, "");
    pfx_free(&pfx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openssl),
        cmocka_unit_test(test_gnutls),
        cmocka_unit_test(test_certtool),
        cmocka_unit_test(test_certtool_cryptopro),
        cmocka_unit_test(test_theirs),
        cmocka_unit_test(test_no_password),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, end);
}
