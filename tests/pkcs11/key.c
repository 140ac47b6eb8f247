#include "tests/pkcs11/key.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

static const struct curve {
    uint8_t size, der[12];
    gnutls_ecc_curve_t curve;
    size_t key_size;
} curves[] = {
    /* CryptoPro-A, XchA; TC26-256-B; TC26-512-A (RFC 4357, RFC 7836) */
    {9,
     {0x06, 0x07, 0x2A, 0x85, 0x03, 0x02, 0x02, 0x23, 0x01},
     GNUTLS_ECC_CURVE_GOST256CPA,
     32},
    {9,
     {0x06, 0x07, 0x2A, 0x85, 0x03, 0x02, 0x02, 0x24, 0x00},
     GNUTLS_ECC_CURVE_GOST256CPXA,
     32},
    {11,
     {0x06, 0x09, 0x2A, 0x85, 0x03, 0x07, 0x01, 0x02, 0x01, 0x01, 0x02},
     GNUTLS_ECC_CURVE_GOST256B,
     32},
    {11,
     {0x06, 0x09, 0x2A, 0x85, 0x03, 0x07, 0x01, 0x02, 0x01, 0x02, 0x01},
     GNUTLS_ECC_CURVE_GOST512A,
     64},
};

static const struct curve *find(const void *parameters, size_t size)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].size == size &&
            memcmp(curves[i].der, parameters, size) == 0)
            return &curves[i];
    return NULL;
}

size_t key_size_of(const void *parameters, size_t size)
{
    const struct curve *curve = find(parameters, size);

    return curve != NULL ? curve->key_size : 0;
}

/* GnuTLS strips the high zeros, which are at the end. */
static CK_RV put_point(gnutls_x509_privkey_t key, size_t size, uint8_t *point)
{
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0}, k = {NULL, 0};
    CK_RV rv = CKR_FUNCTION_FAILED;

    memset(point, 0, 2 * size);
    if (gnutls_x509_privkey_export_gost_raw(key, NULL, NULL, NULL, &x, &y,
                                            &k) >= 0 &&
        x.size <= size && y.size <= size) {
        memcpy(point, x.data, x.size);
        memcpy(point + size, y.data, y.size);
        rv = CKR_OK;
    }
    gnutls_free(x.data);
    gnutls_free(y.data);
    gnutls_free(k.data);
    return rv;
}

CK_RV key_make(const void *parameters, size_t size, uint8_t *point,
               uint8_t *private, size_t *private_size)
{
    const struct curve *curve = find(parameters, size);
    gnutls_x509_privkey_t key = NULL;
    CK_RV rv = CKR_FUNCTION_FAILED;

    *private_size = KEY_PRIVATE_MAX;
    if (curve == NULL || gnutls_x509_privkey_init(&key) < 0)
        return rv;
    if (gnutls_x509_privkey_generate(
            key,
            curve->key_size == 32 ? GNUTLS_PK_GOST_12_256
                                  : GNUTLS_PK_GOST_12_512,
            GNUTLS_CURVE_TO_BITS(curve->curve), 0) >= 0 &&
        gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_DER, NULL,
                                         GNUTLS_PKCS_PLAIN, private,
                                         private_size) >= 0)
        rv = put_point(key, curve->key_size, point);
    gnutls_x509_privkey_deinit(key);
    return rv;
}

static gnutls_privkey_t import(const void *private, size_t size)
{
    const gnutls_datum_t data = {(void *)(uintptr_t) private, (unsigned)size};
    gnutls_x509_privkey_t plain = NULL;
    gnutls_privkey_t key = NULL;

    if (gnutls_x509_privkey_init(&plain) < 0)
        return NULL;
    if (gnutls_x509_privkey_import_pkcs8(plain, &data, GNUTLS_X509_FMT_DER,
                                         NULL, GNUTLS_PKCS_PLAIN) < 0 ||
        gnutls_privkey_init(&key) < 0) {
        gnutls_x509_privkey_deinit(plain);
        return NULL;
    }
    if (gnutls_privkey_import_x509(key, plain,
                                   GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) < 0) {
        gnutls_x509_privkey_deinit(plain);
        gnutls_privkey_deinit(key);
        return NULL;
    }
    return key;
}

CK_RV key_sign(const void *private, size_t private_size, const uint8_t *digest,
               size_t digest_size, uint8_t *signature)
{
    const gnutls_datum_t hash = {(void *)(uintptr_t)digest,
                                 (unsigned)digest_size};
    gnutls_privkey_t key = import(private, private_size);
    gnutls_datum_t made = {NULL, 0};
    CK_RV rv = CKR_FUNCTION_FAILED;

    if (key == NULL)
        return rv;
    if (gnutls_privkey_sign_hash2(key,
                                  digest_size == 32 ? GNUTLS_SIGN_GOST_256
                                                    : GNUTLS_SIGN_GOST_512,
                                  0, &hash, &made) >= 0 &&
        made.size == 2 * digest_size) {
        memcpy(signature, made.data, made.size);
        rv = CKR_OK;
    }
    gnutls_free(made.data);
    gnutls_privkey_deinit(key);
    return rv;
}
