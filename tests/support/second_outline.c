#include "tests/support/second_outline.h"

#include "keygen/keypair.h"

#include <gnutls/abstract.h>
#include <string.h>

static bool is_same(const gnutls_datum_t *read, const struct der *outline)
{
    return der_equals(outline, read->data, read->size);
}

static bool serial_agrees(gnutls_x509_crt_t crt, const struct outline *outline)
{
    uint8_t serial[64];
    size_t size = sizeof serial;

    return gnutls_x509_crt_get_serial(crt, serial, &size) >= 0 &&
           der_equals(&outline->serial, serial, size);
}

static bool times_agree(gnutls_x509_crt_t crt, const struct outline *outline)
{
    time_t from = 0, until = 0;
    const int got =
        gnutls_x509_crt_get_private_key_usage_period(crt, &from, &until, NULL);

    return (got >= 0 || got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) &&
           from == outline->key_not_before && until == outline->key_not_after &&
           gnutls_x509_crt_get_activation_time(crt) == outline->not_before &&
           gnutls_x509_crt_get_expiration_time(crt) == outline->not_after;
}

static bool names_agree(gnutls_x509_crt_t crt, const struct outline *outline)
{
    gnutls_datum_t subject = {NULL, 0}, issuer = {NULL, 0};
    const bool agree = gnutls_x509_crt_get_raw_dn(crt, &subject) >= 0 &&
                       gnutls_x509_crt_get_raw_issuer_dn(crt, &issuer) >= 0 &&
                       is_same(&subject, &outline->subject) &&
                       is_same(&issuer, &outline->issuer);

    gnutls_free(subject.data);
    gnutls_free(issuer.data);
    return agree;
}

static bool key_agrees(gnutls_x509_crt_t crt, const struct outline *outline)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    gnutls_pubkey_t key = NULL;
    const bool agrees =
        gnutls_pubkey_init(&key) >= 0 &&
        gnutls_pubkey_import_x509(key, crt, 0) >= 0 &&
        algorithm_of_key(key) == outline->algorithm &&
        keypair_point(key, outline->algorithm, point) == FAULT_NONE &&
        der_equals(&outline->point, point, 2 * outline->algorithm->key_size);

    gnutls_pubkey_deinit(key);
    return agrees;
}

/* Element i of the list against GnuTLS's extension i. */
static bool extension_agrees(gnutls_x509_crt_t crt, unsigned i,
                             const struct der *element)
{
    struct der in = *element, extension, oid, critical, value;
    gnutls_datum_t data = {NULL, 0};
    char text[128], read[128];
    size_t size = sizeof read;
    unsigned is_critical = 0;
    const bool agrees =
        der_read(&in, DER_SEQUENCE, &extension) &&
        der_read(&extension, DER_OID, &oid) &&
        der_read_optional(&extension, 1, &critical) &&
        der_read(&extension, DER_OCTET_STRING, &value) &&
        gnutls_x509_crt_get_extension_info(crt, i, read, &size, &is_critical) >=
            0 &&
        der_oid_text(&oid, text, sizeof text) && strcmp(text, read) == 0 &&
        (is_critical != 0) == (critical.at != NULL) &&
        gnutls_x509_crt_get_extension_data2(crt, i, &data) >= 0 &&
        is_same(&data, &value);

    gnutls_free(data.data);
    return agrees;
}

static bool extensions_agree(gnutls_x509_crt_t crt,
                             const struct outline *outline)
{
    struct der list = outline->extensions, content, whole;
    char oid[128];
    size_t size = sizeof oid;
    unsigned i = 0;
    uint8_t tag;

    for (; der_read_any(&list, &tag, &content, &whole); i++)
        if (!extension_agrees(crt, i, &whole))
            return false;
    return der_at_end(&list) &&
           gnutls_x509_crt_get_extension_info(crt, i, oid, &size, NULL) ==
               GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

bool second_outline_agrees(const void *der, size_t size,
                           const struct outline *outline)
{
    const gnutls_datum_t data = {(void *)(uintptr_t)der, (unsigned)size};
    gnutls_x509_crt_t crt = NULL;
    const bool agrees =
        gnutls_x509_crt_init(&crt) >= 0 &&
        gnutls_x509_crt_import(crt, &data, GNUTLS_X509_FMT_DER) >= 0 &&
        serial_agrees(crt, outline) && times_agree(crt, outline) &&
        names_agree(crt, outline) && key_agrees(crt, outline) &&
        extensions_agree(crt, outline);

    gnutls_x509_crt_deinit(crt);
    return agrees;
}
