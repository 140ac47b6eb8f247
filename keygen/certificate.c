#include "keygen/certificate.h"

#include "keygen/der.h"
#include "keygen/keypair.h"
#include "keygen/outline.h"

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

/* Without the zero that only says that the number is not negative. */
static enum fault put_serial(struct certificate *one, const uint8_t *serial,
                             size_t size)
{
    const size_t skip = size > 1 && serial[0] == 0 ? 1 : 0;

    if (size == 0 || size - skip > CERTIFICATE_SERIAL_MAX)
        return FAULT_CERTIFICATE;
    sodium_bin2hex(one->serial, sizeof one->serial, serial + skip, size - skip);
    return FAULT_NONE;
}

/* --- written plainly ----------------------------------------------------- */

static enum fault take_outline(struct certificate *one,
                               const struct outline *outline)
{
    enum fault fault =
        put_serial(one, outline->serial.at, outline->serial.left);

    one->not_before = outline->not_before;
    one->not_after = outline->not_after;
    one->key_not_before = outline->key_not_before;
    one->key_not_after = outline->key_not_after;
    one->algorithm = outline->algorithm;
    memcpy(one->point, outline->point.at, outline->point.left);
    if (fault == FAULT_NONE)
        fault = name_read(outline->subject.at, outline->subject.left,
                          &one->subject);
    if (fault == FAULT_NONE)
        fault =
            name_read(outline->issuer.at, outline->issuer.left, &one->issuer);
    return fault == FAULT_NAME ? FAULT_CERTIFICATE : fault;
}

/* --- written otherwise: GnuTLS reads it ---------------------------------- */

static gnutls_x509_crt_t import(const struct certificate *one)
{
    gnutls_x509_crt_t crt = NULL;

    if (gnutls_x509_crt_init(&crt) < 0)
        return NULL;
    if (gnutls_x509_crt_import(crt, &one->der, GNUTLS_X509_FMT_DER) >= 0)
        return crt;
    gnutls_x509_crt_deinit(crt);
    return NULL;
}

gnutls_x509_crt_t certificate_crt(const struct certificate *certificate)
{
    /* Threads may look at one certificate: the first handle counts. */
    struct certificate *one = (void *)(uintptr_t)certificate;
    gnutls_x509_crt_t known = atomic_load(&one->handle), made;

    if (known != NULL)
        return known;
    made = import(one);
    if (made == NULL ||
        atomic_compare_exchange_strong(&one->handle, &known, made))
        return made;
    gnutls_x509_crt_deinit(made);
    return known;
}

static enum fault take_serial(struct certificate *one)
{
    uint8_t serial[CERTIFICATE_SERIAL_MAX + 1];
    size_t size = sizeof serial;

    return gnutls_x509_crt_get_serial(certificate_crt(one), serial, &size) < 0
               ? FAULT_CERTIFICATE
               : put_serial(one, serial, size);
}

/* A time that GnuTLS could not read is -1. */
static time_t or_zero(time_t when)
{
    return when == (time_t)-1 ? 0 : when;
}

static enum fault take_times(struct certificate *one)
{
    int got;

    one->not_before = gnutls_x509_crt_get_activation_time(certificate_crt(one));
    one->not_after = gnutls_x509_crt_get_expiration_time(certificate_crt(one));
    if (one->not_before == (time_t)-1 || one->not_after == (time_t)-1)
        return FAULT_CERTIFICATE;
    got = gnutls_x509_crt_get_private_key_usage_period(
        certificate_crt(one), &one->key_not_before, &one->key_not_after, NULL);
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
    if (gnutls_pubkey_import_x509(key, certificate_crt(one), 0) >= 0)
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

    fault = name_of_certificate(certificate_crt(one), false, &one->subject);
    if (fault == FAULT_NONE)
        fault = name_of_certificate(certificate_crt(one), true, &one->issuer);
    return fault == FAULT_NAME ? FAULT_CERTIFICATE : fault;
}

static enum fault take_all(struct certificate *one)
{
    static enum fault (*const takes[])(struct certificate * one) = {
        take_serial,
        take_times,
        take_key,
        take_names,
    };
    enum fault fault =
        certificate_crt(one) != NULL ? FAULT_NONE : FAULT_CERTIFICATE;

    for (size_t i = 0;
         i < sizeof takes / sizeof takes[0] && fault == FAULT_NONE; i++)
        fault = takes[i](one);
    return fault;
}

/* one->der is there: the rest of it. */
static enum fault parse(struct certificate *one)
{
    struct der in = {one->der.data, one->der.size}, content;
    struct outline outline;
    enum fault fault;

    if (one->der.size > CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    if (!der_read(&in, DER_SEQUENCE, &content) || !der_at_end(&in))
        return FAULT_CERTIFICATE;
    fault = take_thumbprint(one);
    if (fault != FAULT_NONE)
        return fault;
    return outline_read(one->der.data, one->der.size, &outline)
               ? take_outline(one, &outline)
               : take_all(one);
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
    gnutls_x509_crt_deinit(atomic_load(&one->handle));
    gnutls_free(one->der.data);
    name_free(&one->subject);
    name_free(&one->issuer);
    free(one);
    *certificate = NULL;
}

enum fault certificate_public(const struct certificate *certificate,
                              gnutls_pubkey_t *key)
{
    const struct algorithm *algorithm = certificate->algorithm;
    gnutls_datum_t x, y;

    *key = NULL;
    if (algorithm == NULL)
        return FAULT_UNSUPPORTED;
    x = (gnutls_datum_t){(void *)(uintptr_t)certificate->point,
                         (unsigned)algorithm->key_size};
    y = (gnutls_datum_t){x.data + x.size, x.size};
    if (gnutls_pubkey_init(key) < 0)
        return FAULT_MEMORY;
    if (gnutls_pubkey_import_gost_raw(*key, algorithm->curve, algorithm->digest,
                                      GNUTLS_GOST_PARAMSET_UNKNOWN, &x,
                                      &y) >= 0)
        return FAULT_NONE;
    gnutls_pubkey_deinit(*key);
    *key = NULL;
    return FAULT_LIBRARY;
}

bool certificate_names(const struct certificate *certificate,
                       const struct certificate *issuer)
{
    gnutls_x509_crt_t below, above;

    /* What GnuTLS would find, too, after taking both apart. */
    if (!name_equal(&certificate->issuer, &issuer->subject))
        return false;
    below = certificate_crt(certificate);
    above = certificate_crt(issuer);
    return below != NULL && above != NULL &&
           gnutls_x509_crt_check_issuer(below, above);
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
