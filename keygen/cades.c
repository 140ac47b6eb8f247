#include "keygen/cades.h"

#include "keygen/der.h"
#include "keygen/keypair.h"
#include "keygen/moment.h"
#include "keygen/signed_data.h"

#include <gnutls/crypto.h>
#include <gnutls/pkcs7.h>
#include <string.h>

enum { HASH_MAX = 64, ATTRIBUTE_MAX = 256 };

/* What may name the signer's certificate; where no algorithm is said, RFC
 * 5035 means SHA-256. */
static const struct {
    const char *oid;
    gnutls_digest_algorithm_t digest;
} hashes[] = {
    {"2.16.840.1.101.3.4.2.1", GNUTLS_DIG_SHA256},
    {"1.2.643.7.1.1.2.2", GNUTLS_DIG_STREEBOG_256},
    {"1.2.643.7.1.1.2.3", GNUTLS_DIG_STREEBOG_512},
    {"1.2.643.2.2.9", GNUTLS_DIG_GOSTR_94},
};

static gnutls_datum_t datum(const void *data, size_t size)
{
    return (gnutls_datum_t){(void *)(uintptr_t)data, (unsigned)size};
}

/* Whether content is the hash of data. */
static bool is_hash(const struct der *content, gnutls_digest_algorithm_t digest,
                    const void *data, size_t size)
{
    uint8_t hash[HASH_MAX];

    return gnutls_hash_fast(digest, data, size, hash) >= 0 &&
           der_equals(content, hash, gnutls_hash_get_len((int)digest));
}

/* Whether signingCertificateV2 means this certificate. */
static bool names(const struct signed_attributes *attributes,
                  const struct signed_data *data,
                  const struct certificate *signer)
{
    const size_t count = sizeof hashes / sizeof hashes[0];
    size_t i = 0;

    if (attributes->hash_oid.at != NULL)
        while (i < count && !der_is_oid(&attributes->hash_oid, hashes[i].oid))
            i++;
    if (i == count || !is_hash(&attributes->certificate_hash, hashes[i].digest,
                               signer->der.data, signer->der.size))
        return false;
    return attributes->issuer.at == NULL ||
           (der_equals(&attributes->issuer, data->issuer.at,
                       data->issuer.left) &&
            der_equals(&attributes->serial, data->serial.at,
                       data->serial.left));
}

static bool algorithms_fit(const struct signed_data *data,
                           const struct algorithm *algorithm)
{
    const char *with_digest = gnutls_sign_get_oid(algorithm->sign);

    return der_is_oid(&data->digest_oid, algorithm->digest_oid) &&
           (der_is_oid(&data->signature_oid, algorithm->key_oid) ||
            (with_digest != NULL &&
             der_is_oid(&data->signature_oid, with_digest)));
}

/* The signature is over the attributes as a SET OF (RFC 5652 5.4). */
static enum fault verify_value(const struct signed_data *data,
                               const struct certificate *signer)
{
    const struct der *attributes = &data->signed_attributes;
    const gnutls_datum_t value =
        datum(data->signature.at, data->signature.left);
    /* GnuTLS counts GOST R 34.10-2001 as broken; whether one of it counts
     * was asked before. */
    const unsigned flags =
        signer->algorithm->retired ? GNUTLS_VERIFY_ALLOW_BROKEN : 0;
    enum fault fault = FAULT_SIGNATURE;
    gnutls_pubkey_t key = NULL;
    gnutls_datum_t set;
    struct bytes copy;

    bytes_init(&copy, CADES_MAX);
    bytes_put_byte(&copy, DER_SET);
    bytes_put(&copy, attributes->at + 1, attributes->left - 1);
    set = datum(copy.data, copy.size);
    if (copy.failed)
        fault = FAULT_MEMORY;
    else if (certificate_public(signer, &key) == FAULT_NONE &&
             gnutls_pubkey_verify_data2(key, signer->algorithm->sign, flags,
                                        &set, &value) >= 0)
        fault = FAULT_NONE;
    gnutls_pubkey_deinit(key);
    bytes_free(&copy);
    return fault;
}

/* Everything that a signature of this signer over this content must hold. */
static enum fault check(const struct signed_data *data,
                        const struct certificate *signer, const void *content,
                        size_t size, time_t *signing_time)
{
    struct signed_attributes attributes;

    *signing_time = 0;
    if (signer->algorithm == NULL)
        return FAULT_UNSUPPORTED;
    if (!algorithms_fit(data, signer->algorithm) ||
        !signed_data_attributes(data, &attributes) ||
        attributes.content_type.at == NULL ||
        attributes.message_digest.at == NULL ||
        attributes.certificate_hash.at == NULL ||
        !der_equals(&attributes.content_type, data->content_type.at,
                    data->content_type.left) ||
        !is_hash(&attributes.message_digest, signer->algorithm->digest, content,
                 size))
        return FAULT_SIGNATURE;
    if (attributes.signing_time.at != NULL &&
        !moment_read(&attributes.signing_time, signing_time))
        return FAULT_SIGNATURE;
    if (!names(&attributes, data, signer))
        return FAULT_SIGNER;
    return verify_value(data, signer);
}

/* What was signed: inside, or given, or both and the same. */
static bool find_content(const struct signed_data *data, const void *given,
                         size_t size, struct der *content)
{
    *content = data->content;
    if (!der_is_oid(&data->content_type, "1.2.840.113549.1.7.1"))
        return false;
    if (given == NULL)
        return content->at != NULL;
    if (content->at != NULL)
        return der_equals(content, given, size);
    *content = (struct der){given, size};
    return true;
}

enum fault cades_verify(const void *cms, size_t cms_size, const void *data,
                        size_t size, struct bytes *content,
                        struct certificate **signer, time_t *signing_time)
{
    struct signed_data parsed;
    struct der found, whole;
    enum fault fault;

    *signer = NULL;
    *signing_time = 0;
    if (cms_size > CADES_MAX)
        return FAULT_TOO_LARGE;
    if (!signed_data_parse(cms, cms_size, &parsed) ||
        !find_content(&parsed, data, size, &found))
        return FAULT_SIGNATURE;
    if (!signed_data_signer(&parsed, &whole))
        return FAULT_SIGNER;
    fault = certificate_read(whole.at, whole.left, signer);
    if (fault != FAULT_NONE)
        return fault;
    if ((*signer)->algorithm != NULL && (*signer)->algorithm->retired)
        fault = FAULT_UNSUPPORTED;
    if (fault == FAULT_NONE)
        fault = check(&parsed, *signer, found.at, found.left, signing_time);
    if (fault == FAULT_NONE && data == NULL) {
        bytes_put(content, found.at, found.left);
        fault = content->failed ? FAULT_TOO_LARGE : FAULT_NONE;
    }
    if (fault != FAULT_NONE)
        certificate_free(signer);
    return fault;
}

/* SigningCertificateV2 of one ESSCertIDv2 without issuer and serial, which
 * stand in the signer's id already. */
static void put_signing_certificate(struct bytes *out,
                                    const struct certificate *certificate)
{
    const struct algorithm *algorithm = certificate->algorithm;
    uint8_t hash[HASH_MAX];

    if (gnutls_hash_fast(algorithm->digest, certificate->der.data,
                         certificate->der.size, hash) < 0)
        out->failed = true;
    der_put_oid(out, algorithm->digest_oid);
    der_wrap(out, 0, DER_SEQUENCE);
    der_put(out, DER_OCTET_STRING, hash,
            gnutls_hash_get_len((int)algorithm->digest));
    for (int i = 0; i < 3; i++)
        der_wrap(out, 0, DER_SEQUENCE);
}

static enum fault add_attributes(gnutls_pkcs7_attrs_t *attributes,
                                 const struct certificate *certificate,
                                 time_t when)
{
    struct bytes id, time;
    enum fault fault = FAULT_LIBRARY;
    gnutls_datum_t value;

    bytes_init(&id, ATTRIBUTE_MAX);
    bytes_init(&time, ATTRIBUTE_MAX);
    put_signing_certificate(&id, certificate);
    moment_put(&time, when);
    if (time.failed)
        fault = FAULT_ARGUMENT;
    if (id.failed || time.failed)
        goto out;
    value = datum(id.data, id.size);
    if (gnutls_pkcs7_add_attr(attributes, "1.2.840.113549.1.9.16.2.47", &value,
                              0) < 0)
        goto out;
    value = datum(time.data, time.size);
    if (gnutls_pkcs7_add_attr(attributes, "1.2.840.113549.1.9.5", &value, 0) >=
        0)
        fault = FAULT_NONE;
out:
    bytes_free(&id);
    bytes_free(&time);
    return fault;
}

static enum fault make(gnutls_privkey_t key,
                       const struct certificate *certificate,
                       const gnutls_datum_t *data, bool attached,
                       gnutls_pkcs7_attrs_t attributes, gnutls_datum_t *der)
{
    const unsigned flags =
        GNUTLS_PKCS7_INCLUDE_CERT | (attached ? GNUTLS_PKCS7_EMBED_DATA : 0);
    enum fault fault = FAULT_LIBRARY;
    gnutls_pkcs7_t pkcs7 = NULL;

    if (certificate_crt(certificate) == NULL)
        return fault;
    if (gnutls_pkcs7_init(&pkcs7) < 0)
        return FAULT_MEMORY;
    if (gnutls_pkcs7_sign(pkcs7, certificate_crt(certificate), key, data,
                          attributes, NULL, certificate->algorithm->digest,
                          flags) >= 0 &&
        gnutls_pkcs7_export2(pkcs7, GNUTLS_X509_FMT_DER, der) >= 0)
        fault = FAULT_NONE;
    gnutls_pkcs7_deinit(pkcs7);
    return fault;
}

/* A key on a token may sign in another order of bytes, or for another key than
 * it says: what it signed is verified. One that GnuTLS computes with here, and
 * whose public key is the certificate's, does neither. */
static bool is_computed_here(gnutls_privkey_t key)
{
    return gnutls_privkey_get_type(key) == GNUTLS_PRIVKEY_X509;
}

/* A key that never leaves its token may not tell its public part; whether
 * it fits is then seen when what it signed is verified. */
static enum fault key_fits(gnutls_privkey_t key,
                           const struct certificate *certificate)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    const struct algorithm *algorithm = certificate->algorithm;
    enum fault fault;

    if (algorithm == NULL)
        return FAULT_UNSUPPORTED;
    fault = keypair_public(key, algorithm, point);
    if (fault == FAULT_LIBRARY)
        return FAULT_NONE;
    if (fault != FAULT_NONE ||
        !certificate_has_point(certificate, point, 2 * algorithm->key_size))
        return FAULT_KEY_MISMATCH;
    return FAULT_NONE;
}

/* Read what was made and verify it before it is handed out. */
static enum fault verify_own(const gnutls_datum_t *der,
                             const struct certificate *certificate,
                             const gnutls_datum_t *data, bool attached)
{
    struct signed_data parsed;
    struct der content;
    enum fault fault;
    time_t when;

    if (!signed_data_parse(der->data, der->size, &parsed) ||
        (parsed.content.at != NULL) != attached ||
        !find_content(&parsed, data->data, data->size, &content))
        return FAULT_LIBRARY;
    fault = check(&parsed, certificate, content.at, content.left, &when);
    return fault == FAULT_SIGNATURE ? FAULT_KEY_MISMATCH : fault;
}

static enum fault append(const gnutls_datum_t *der, struct bytes *out)
{
    bytes_put(out, der->data, der->size);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault cades_sign(gnutls_privkey_t key,
                      const struct certificate *certificate, const void *data,
                      size_t size, bool attached, time_t when,
                      struct bytes *out)
{
    const gnutls_datum_t input = datum(data, size);
    gnutls_pkcs7_attrs_t attributes = NULL;
    gnutls_datum_t der = {NULL, 0};
    enum fault fault;

    if (size == 0)
        return FAULT_ARGUMENT;
    if (size > CADES_MAX)
        return FAULT_TOO_LARGE;
    fault = key_fits(key, certificate);
    if (fault == FAULT_NONE)
        fault = add_attributes(&attributes, certificate, when);
    if (fault == FAULT_NONE)
        fault = make(key, certificate, &input, attached, attributes, &der);
    if (fault == FAULT_NONE && der.size > CADES_MAX)
        fault = FAULT_TOO_LARGE;
    if (fault == FAULT_NONE && !is_computed_here(key))
        fault = verify_own(&der, certificate, &input, attached);
    if (fault == FAULT_NONE)
        fault = append(&der, out);
    gnutls_pkcs7_attrs_deinit(attributes);
    gnutls_free(der.data);
    return fault;
}
