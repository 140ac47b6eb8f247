#include "keygen/keypair.h"

#include "keygen/der.h"
#include "keygen/scalar.h"
#include "keygen/secret.h"

#include <string.h>

enum {
    EXTRA_SIZE = 16, /* bytes past the order; 8 is the least allowed */
    PRIVATE_KEY_INFO_MAX = 256
};

enum fault keypair_make(const struct algorithm *algorithm, struct entropy *pool,
                        uint8_t *scalar)
{
    const size_t size = algorithm->key_size + EXTRA_SIZE;
    uint8_t *wide = secret_new(size);
    enum fault fault;

    if (wide == NULL)
        return FAULT_MEMORY;
    fault = entropy_draw(pool, "key", wide, size);
    if (fault == FAULT_NONE)
        fault = scalar_reduce(algorithm, wide, size, scalar);
    secret_free(&wide);
    return fault;
}

/* PrivateKeyInfo (RFC 5208, RFC 9215 4.4) whose key is all zero. The
 * parameters of a 512-bit curve name no digest (RFC 9215 4.2). */
static void put_private_key_info(struct bytes *out,
                                 const struct algorithm *algorithm)
{
    static const uint8_t version = 0;
    static const uint8_t zero[ALGORITHM_KEY_MAX];
    size_t identifier, parameters;

    der_put(out, DER_INTEGER, &version, 1);
    identifier = out->size;
    der_put_oid(out, algorithm->key_oid);
    parameters = out->size;
    der_put_oid(out, algorithm->curve_oid);
    if (algorithm->key_size == 32)
        der_put_oid(out, algorithm->digest_parameters_oid);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, identifier, DER_SEQUENCE);
    der_put(out, DER_OCTET_STRING, zero, algorithm->key_size);
    der_wrap(out, 0, DER_SEQUENCE);
}

/* The whole in secret memory, the scalar in its place at the end. */
static enum fault make_private_key_info(const struct algorithm *algorithm,
                                        const uint8_t *scalar,
                                        gnutls_datum_t *info)
{
    struct bytes out;

    bytes_init(&out, PRIVATE_KEY_INFO_MAX);
    put_private_key_info(&out, algorithm);
    info->data = out.failed ? NULL : secret_new(out.size);
    if (info->data != NULL) {
        info->size = (unsigned)out.size;
        memcpy(info->data, out.data, out.size);
        memcpy(info->data + out.size - algorithm->key_size, scalar,
               algorithm->key_size);
    }
    bytes_free(&out);
    return info->data != NULL ? FAULT_NONE : FAULT_MEMORY;
}

enum fault keypair_import(const struct algorithm *algorithm,
                          const uint8_t *scalar, gnutls_privkey_t *key)
{
    enum fault fault = FAULT_LIBRARY;
    gnutls_x509_privkey_t plain = NULL;
    gnutls_datum_t info = {NULL, 0};

    *key = NULL;
    if (!scalar_valid(algorithm, scalar))
        return FAULT_ARGUMENT;
    fault = make_private_key_info(algorithm, scalar, &info);
    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_LIBRARY;
    if (gnutls_x509_privkey_init(&plain) < 0 ||
        gnutls_x509_privkey_import_pkcs8(plain, &info, GNUTLS_X509_FMT_DER,
                                         NULL, GNUTLS_PKCS_PLAIN) < 0 ||
        gnutls_privkey_init(key) < 0)
        goto out;
    if (gnutls_privkey_import_x509(*key, plain,
                                   GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) < 0) {
        gnutls_privkey_deinit(*key);
        *key = NULL;
        goto out;
    }
    plain = NULL;
    fault = FAULT_NONE;
out:
    gnutls_x509_privkey_deinit(plain);
    secret_free(&info.data);
    return fault;
}

enum fault keypair_public(gnutls_privkey_t key,
                          const struct algorithm *algorithm, uint8_t *point)
{
    enum fault fault = FAULT_LIBRARY;
    gnutls_pubkey_t public = NULL;

    if (gnutls_pubkey_init(&public) >= 0 &&
        gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0)
        fault = keypair_point(public, algorithm, point);
    gnutls_pubkey_deinit(public);
    return fault;
}

/* GnuTLS strips the high zeros of a number, here those at the end. */
static bool put_coordinate(uint8_t *out, size_t size,
                           const gnutls_datum_t *coordinate)
{
    if (coordinate->size > size)
        return false;
    memset(out, 0, size);
    memcpy(out, coordinate->data, coordinate->size);
    return true;
}

enum fault keypair_point(gnutls_pubkey_t key, const struct algorithm *algorithm,
                         uint8_t *point)
{
    gnutls_datum_t x = {NULL, 0}, y = {NULL, 0};
    enum fault fault = FAULT_UNSUPPORTED;

    if (algorithm_of_key(key) != algorithm)
        return fault;
    fault = FAULT_LIBRARY;
    if (gnutls_pubkey_export_gost_raw2(key, NULL, NULL, NULL, &x, &y, 0) >= 0 &&
        put_coordinate(point, algorithm->key_size, &x) &&
        put_coordinate(point + algorithm->key_size, algorithm->key_size, &y))
        fault = FAULT_NONE;
    gnutls_free(x.data);
    gnutls_free(y.data);
    return fault;
}
