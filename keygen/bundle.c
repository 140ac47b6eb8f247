#include "keygen/bundle.h"

#include "keygen/der.h"

#include <gnutls/pkcs7.h>
#include <string.h>

/* The names that PEM has for it (RFC 7468 8, 9, and older ones). */
static const char *const labels[] = {"PKCS7", "CMS", "PKCS #7 SIGNED DATA"};

/* Its one certificate after another. */
static enum fault take_certificates(struct chain *chain, gnutls_pkcs7_t pkcs7)
{
    const int count = gnutls_pkcs7_get_crt_count(pkcs7);
    enum fault fault = count > 0 ? FAULT_NONE : FAULT_NO_CERTIFICATE;

    for (int i = 0; i < count && fault == FAULT_NONE; i++) {
        gnutls_datum_t der = {NULL, 0};
        struct certificate *one = NULL;

        if (gnutls_pkcs7_get_crt_raw2(pkcs7, (unsigned)i, &der) < 0)
            return FAULT_CERTIFICATE;
        fault = certificate_read(der.data, der.size, &one);
        gnutls_free(der.data);
        if (fault == FAULT_NONE)
            fault = chain_add(chain, one);
        if (fault != FAULT_NONE)
            certificate_free(&one);
    }
    return fault;
}

static enum fault read_pkcs7(struct chain *chain, const gnutls_datum_t *der)
{
    enum fault fault = FAULT_CERTIFICATE;
    gnutls_pkcs7_t pkcs7 = NULL;

    if (gnutls_pkcs7_init(&pkcs7) < 0)
        return FAULT_MEMORY;
    if (gnutls_pkcs7_import(pkcs7, der, GNUTLS_X509_FMT_DER) >= 0)
        fault = take_certificates(chain, pkcs7);
    gnutls_pkcs7_deinit(pkcs7);
    return fault;
}

/* ContentInfo begins with an OID, a certificate with a SEQUENCE; the length
 * may be indefinite here, for GnuTLS reads that too. */
static bool is_pkcs7(const uint8_t *data, size_t size)
{
    size_t header = 2;

    if (size < 2 || data[0] != DER_SEQUENCE)
        return false;
    if ((data[1] & 0x80) != 0)
        header += data[1] & 0x7F;
    return header < size && data[header] == DER_OID;
}

static bool unwrap_pem(const gnutls_datum_t *text, gnutls_datum_t *der)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (gnutls_pem_base64_decode2(labels[i], text, der) >= 0)
            return true;
    return false;
}

/* Every SEQUENCE of this size begins with an M then. */
static bool unwrap_base64(const gnutls_datum_t *text, gnutls_datum_t *der)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                   "rstuvwxyz0123456789+/=\r\n\t ";

    for (unsigned i = 0; i < text->size; i++)
        if (text->data[i] == '\0' || strchr(alphabet, text->data[i]) == NULL)
            return false;
    return gnutls_base64_decode2(text, der) >= 0 && der->size > 0 &&
           der->data[0] == DER_SEQUENCE;
}

static enum fault read_der(struct chain *chain, const gnutls_datum_t *der)
{
    return is_pkcs7(der->data, der->size)
               ? read_pkcs7(chain, der)
               : chain_read(chain, der->data, der->size);
}

enum fault bundle_read(struct chain *chain, const void *data, size_t size)
{
    const gnutls_datum_t text = {(void *)(uintptr_t)data, (unsigned)size};
    const size_t before = chain->count;
    gnutls_datum_t der = {NULL, 0};
    enum fault fault;

    if (size > BUNDLE_MAX)
        return FAULT_TOO_LARGE;
    if (size == 0)
        return FAULT_CERTIFICATE;
    if (text.data[0] == DER_SEQUENCE)
        fault = read_der(chain, &text);
    else if (unwrap_pem(&text, &der))
        fault = read_pkcs7(chain, &der);
    else if (unwrap_base64(&text, &der))
        fault = read_der(chain, &der);
    else
        fault = chain_read(chain, data, size);
    gnutls_free(der.data);
    while (fault != FAULT_NONE && chain->count > before)
        certificate_free(&chain->certificate[--chain->count]);
    return fault;
}
