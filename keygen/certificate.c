#include "keygen/certificate.h"

#include "keygen/der.h"
#include "keygen/keypair.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum fault take_thumbprint(struct certificate *one)
{
    uint8_t hash[20];

    if (gnutls_hash_fast(GNUTLS_DIG_SHA1, one->der.data, one->der.size, hash) <
        0)
        return FAULT_LIBRARY;
    sodium_bin2hex(one->thumbprint, sizeof one->thumbprint, hash, sizeof hash);
    return FAULT_NONE;
}

static enum fault take_serial(struct certificate *one)
{
    uint8_t serial[CERTIFICATE_SERIAL_MAX + 1];
    size_t size = sizeof serial, skip;

    if (gnutls_x509_crt_get_serial(one->crt, serial, &size) < 0 || size == 0)
        return FAULT_CERTIFICATE;
    skip = size > 1 && serial[0] == 0 ? 1 : 0;
    if (size - skip > CERTIFICATE_SERIAL_MAX)
        return FAULT_CERTIFICATE;
    sodium_bin2hex(one->serial, sizeof one->serial, serial + skip, size - skip);
    return FAULT_NONE;
}

/* A time that GnuTLS could not read is -1. */
static time_t or_zero(time_t when)
{
    return when == (time_t)-1 ? 0 : when;
}

static enum fault take_times(struct certificate *one)
{
    int got;

    one->not_before = gnutls_x509_crt_get_activation_time(one->crt);
    one->not_after = gnutls_x509_crt_get_expiration_time(one->crt);
    if (one->not_before == (time_t)-1 || one->not_after == (time_t)-1)
        return FAULT_CERTIFICATE;
    got = gnutls_x509_crt_get_private_key_usage_period(
        one->crt, &one->key_not_before, &one->key_not_after, NULL);
    if (got < 0 && got != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return FAULT_CERTIFICATE;
    one->key_not_before = or_zero(one->key_not_before);
    one->key_not_after = or_zero(one->key_not_after);
    return FAULT_NONE;
}

/* A key that GnuTLS cannot compute with is no fault of the certificate. */
static enum fault take_key(struct certificate *one)
{
    enum fault fault = FAULT_NONE;
    gnutls_pubkey_t key = NULL;

    if (gnutls_pubkey_init(&key) < 0)
        return FAULT_MEMORY;
    if (gnutls_pubkey_import_x509(key, one->crt, 0) >= 0)
        one->algorithm = algorithm_of_key(key);
    if (one->algorithm != NULL &&
        keypair_point(key, one->algorithm, one->point) != FAULT_NONE)
        fault = FAULT_CERTIFICATE;
    gnutls_pubkey_deinit(key);
    return fault;
}

/* The names are a matter of reading here, not of rules. */
static enum fault take_names(struct certificate *one)
{
    enum fault fault;

    fault = name_of_certificate(one->crt, false, &one->subject);
    if (fault == FAULT_NONE)
        fault = name_of_certificate(one->crt, true, &one->issuer);
    return fault == FAULT_NAME ? FAULT_CERTIFICATE : fault;
}

static enum fault take_all(struct certificate *one)
{
    static enum fault (*const takes[])(struct certificate * one) = {
        take_thumbprint, take_serial, take_times, take_key, take_names,
    };
    enum fault fault = FAULT_NONE;

    for (size_t i = 0;
         i < sizeof takes / sizeof takes[0] && fault == FAULT_NONE; i++)
        fault = takes[i](one);
    return fault;
}

/* one->der is there: the rest of it. */
static enum fault parse(struct certificate *one)
{
    struct der in = {one->der.data, one->der.size}, content;

    if (one->der.size > CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    if (!der_read(&in, DER_SEQUENCE, &content) || !der_at_end(&in))
        return FAULT_CERTIFICATE;
    if (gnutls_x509_crt_init(&one->crt) < 0)
        return FAULT_MEMORY;
    if (gnutls_x509_crt_import(one->crt, &one->der, GNUTLS_X509_FMT_DER) < 0)
        return FAULT_CERTIFICATE;
    return take_all(one);
}

static enum fault load(struct certificate *one, const void *data, size_t size)
{
    const gnutls_datum_t text = {(void *)(uintptr_t)data, (unsigned)size};

    if (size == 0)
        return FAULT_CERTIFICATE;
    if (((const uint8_t *)data)[0] != DER_SEQUENCE)
        return gnutls_pem_base64_decode2("CERTIFICATE", &text, &one->der) < 0
                   ? FAULT_CERTIFICATE
                   : FAULT_NONE;
    if (size > CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    one->der.data = gnutls_malloc(size);
    if (one->der.data == NULL)
        return FAULT_MEMORY;
    memcpy(one->der.data, data, size);
    one->der.size = (unsigned)size;
    return FAULT_NONE;
}

enum fault certificate_read(const void *data, size_t size,
                            struct certificate **certificate)
{
    struct certificate *one;
    enum fault fault;

    *certificate = NULL;
    if (size > 2 * CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    one = calloc(1, sizeof *one);
    if (one == NULL)
        return FAULT_MEMORY;
    fault = load(one, data, size);
    if (fault == FAULT_NONE)
        fault = parse(one);
    if (fault == FAULT_NONE)
        *certificate = one;
    else
        certificate_free(&one);
    return fault;
}

enum fault certificate_copy(const struct certificate *from,
                            struct certificate **to)
{
    return certificate_read(from->der.data, from->der.size, to);
}

void certificate_free(struct certificate **certificate)
{
    struct certificate *one = *certificate;

    if (one == NULL)
        return;
    if (one->crt != NULL)
        gnutls_x509_crt_deinit(one->crt);
    gnutls_free(one->der.data);
    name_free(&one->subject);
    name_free(&one->issuer);
    free(one);
    *certificate = NULL;
}

time_t certificate_signs_until(const struct certificate *certificate)
{
    if (certificate->key_not_after != 0 &&
        certificate->key_not_after < certificate->not_after)
        return certificate->key_not_after;
    return certificate->not_after;
}

bool certificate_has_point(const struct certificate *certificate,
                           const uint8_t *point, size_t size)
{
    return certificate->algorithm != NULL &&
           size == 2 * certificate->algorithm->key_size &&
           memcmp(certificate->point, point, size) == 0;
}
