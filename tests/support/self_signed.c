#include "tests/support/self_signed.h"

#include "keygen/external_key.h"
#include "keygen/keypair.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The key under another name of its curve. */
static void rename_curve(gnutls_pubkey_t key, gnutls_ecc_curve_t curve)
{
    gnutls_digest_algorithm_t digest;
    gnutls_gost_paramset_t paramset;
    gnutls_datum_t x, y;

    assert_int_equal(gnutls_pubkey_export_gost_raw2(key, NULL, &digest,
                                                    &paramset, &x, &y, 0),
                     0);
    assert_int_equal(
        gnutls_pubkey_import_gost_raw(key, curve, digest, paramset, &x, &y), 0);
    gnutls_free(x.data);
    gnutls_free(y.data);
}

static void fill(gnutls_x509_crt_t crt, gnutls_pubkey_t key, size_t padding)
{
    const time_t now = time(NULL);
    uint8_t *filling = calloc(1, padding + 1);

    assert_int_equal(gnutls_x509_crt_set_version(crt, 3), 0);
    assert_int_equal(gnutls_x509_crt_set_serial(crt, "\x01", 1), 0);
    assert_int_equal(gnutls_x509_crt_set_dn(crt, "CN=test", NULL), 0);
    assert_int_equal(gnutls_x509_crt_set_activation_time(crt, now), 0);
    assert_int_equal(gnutls_x509_crt_set_expiration_time(crt, now + 86400), 0);
    assert_int_equal(gnutls_x509_crt_set_pubkey(crt, key), 0);
    if (padding > 0)
        assert_int_equal(gnutls_x509_crt_set_extension_by_oid(
                             crt, "1.2.3.4", filling, (unsigned)padding, 0),
                         0);
    free(filling);
}

/* Signed by key, which is the private one of public. */
static struct certificate *sign(const struct algorithm *algorithm,
                                gnutls_privkey_t key, gnutls_pubkey_t public,
                                size_t padding)
{
    struct certificate *certificate = NULL;
    gnutls_x509_crt_t crt;
    gnutls_datum_t der;

    assert_int_equal(gnutls_x509_crt_init(&crt), 0);
    fill(crt, public, padding);
    assert_int_equal(
        gnutls_x509_crt_privkey_sign(crt, crt, key, algorithm->digest, 0), 0);
    assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der),
                     0);
    assert_int_equal(certificate_read(der.data, der.size, &certificate),
                     FAULT_NONE);
    gnutls_free(der.data);
    gnutls_x509_crt_deinit(crt);
    gnutls_pubkey_deinit(public);
    return certificate;
}

struct certificate *self_signed_new(const struct algorithm *algorithm,
                                    const uint8_t *scalar,
                                    gnutls_ecc_curve_t curve, size_t padding)
{
    struct certificate *certificate;
    gnutls_privkey_t key;
    gnutls_pubkey_t public;

    assert_int_equal(keypair_import(algorithm, scalar, &key), FAULT_NONE);
    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    rename_curve(public, curve);
    certificate = sign(algorithm, key, public, padding);
    gnutls_privkey_deinit(key);
    return certificate;
}

struct certificate *self_signed_inside(const struct container *container)
{
    gnutls_pubkey_t public;

    assert_int_equal(external_key_public(container->external, &public),
                     FAULT_NONE);
    return sign(container->info.algorithm, container->key, public, 0);
}
