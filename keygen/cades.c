#include "keygen/cades.h"

#include "keygen/der.h"
#include "keygen/keypair.h"
#include "keygen/moment.h"
#include "keygen/signed_data.h"

#include <gnutls/crypto.h>
#include <string.h>

enum { HASH_MAX = 64, ATTRIBUTE_MAX = 256, ATTRIBUTES_MAX = 1024 };

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
    const size_t start = out->size;
    const struct algorithm *algorithm = certificate->algorithm;
    uint8_t hash[HASH_MAX];

    if (gnutls_hash_fast(algorithm->digest, certificate->der.data,
                         certificate->der.size, hash) < 0)
        out->failed = true;
    der_put_oid(out, algorithm->digest_oid);
    der_wrap(out, start, DER_SEQUENCE);
    der_put(out, DER_OCTET_STRING, hash,
            gnutls_hash_get_len((int)algorithm->digest));
    for (int i = 0; i < 3; i++)
        der_wrap(out, start, DER_SEQUENCE);
}

/* One attribute with one value, which stands in out from start on. */
static void wrap_attribute(struct bytes *out, size_t start, const char *oid)
{
    struct bytes type;

    bytes_init(&type, ATTRIBUTE_MAX);
    der_wrap(out, start, DER_SET);
    der_put_oid(&type, oid);
    out->failed |= type.failed;
    bytes_insert(out, start, type.data, type.size);
    der_wrap(out, start, DER_SEQUENCE);
    bytes_free(&type);
}

static void put_message_digest(struct bytes *out,
                               const struct algorithm *algorithm,
                               const gnutls_datum_t *data)
{
    uint8_t hash[HASH_MAX];

    if (gnutls_hash_fast(algorithm->digest, data->data, data->size, hash) < 0)
        out->failed = true;
    der_put(out, DER_OCTET_STRING, hash,
            gnutls_hash_get_len((int)algorithm->digest));
}

/* In the order of DER (X.690 11.6), which the lengths of these make this. */
static enum fault put_attributes(struct bytes *out,
                                 const struct certificate *certificate,
                                 const gnutls_datum_t *data, time_t when)
{
    size_t start = out->size;

    der_put_oid(out, "1.2.840.113549.1.7.1");
    wrap_attribute(out, start, "1.2.840.113549.1.9.3");
    start = out->size;
    moment_put(out, when);
    if (out->failed)
        return FAULT_ARGUMENT;
    wrap_attribute(out, start, "1.2.840.113549.1.9.5");
    start = out->size;
    put_message_digest(out, certificate->algorithm, data);
    wrap_attribute(out, start, "1.2.840.113549.1.9.4");
    start = out->size;
    put_signing_certificate(out, certificate);
    wrap_attribute(out, start, "1.2.840.113549.1.9.16.2.47");
    return out->failed ? FAULT_LIBRARY : FAULT_NONE;
}

/* The signature is over the attributes as a SET OF (RFC 5652 5.4). */
static enum fault sign(gnutls_privkey_t key, const struct algorithm *algorithm,
                       const struct bytes *attributes, gnutls_datum_t *value)
{
    enum fault fault = FAULT_MEMORY;
    struct bytes set;

    bytes_init(&set, ATTRIBUTES_MAX);
    der_put(&set, DER_SET, attributes->data, attributes->size);
    if (!set.failed) {
        const gnutls_datum_t data = datum(set.data, set.size);

        fault = gnutls_privkey_sign_data(key, algorithm->digest, 0, &data,
                                         value) < 0
                    ? FAULT_LIBRARY
                    : FAULT_NONE;
    }
    bytes_free(&set);
    return fault;
}

static enum fault make(gnutls_privkey_t key,
                       const struct certificate *certificate,
                       const gnutls_datum_t *data, bool attached, time_t when,
                       struct bytes *out)
{
    const struct algorithm *algorithm = certificate->algorithm;
    struct signed_data_parts parts = {
        .digest_oid = algorithm->digest_oid,
        .signature_oid = gnutls_sign_get_oid(algorithm->sign),
        .certificate = {certificate->der.data, certificate->der.size}};
    gnutls_datum_t value = {NULL, 0};
    struct bytes attributes;
    enum fault fault;

    bytes_init(&attributes, ATTRIBUTES_MAX);
    fault = put_attributes(&attributes, certificate, data, when);
    if (fault == FAULT_NONE)
        fault = sign(key, algorithm, &attributes, &value);
    if (fault == FAULT_NONE) {
        if (attached)
            parts.content = (struct der){data->data, data->size};
        parts.attributes = (struct der){attributes.data, attributes.size};
        parts.signature = (struct der){value.data, value.size};
        signed_data_put(out, &parts);
        fault = out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
    }
    gnutls_free(value.data);
    bytes_free(&attributes);
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
static enum fault verify_own(const struct bytes *der,
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

enum fault cades_sign(gnutls_privkey_t key,
                      const struct certificate *certificate, const void *data,
                      size_t size, bool attached, time_t when,
                      struct bytes *out)
{
    const gnutls_datum_t input = datum(data, size);
    struct bytes der;
    enum fault fault;

    if (size == 0)
        return FAULT_ARGUMENT;
    if (size > CADES_MAX)
        return FAULT_TOO_LARGE;
    bytes_init(&der, CADES_MAX);
    fault = key_fits(key, certificate);
    if (fault == FAULT_NONE)
        fault = make(key, certificate, &input, attached, when, &der);
    if (fault == FAULT_NONE && !is_computed_here(key))
        fault = verify_own(&der, certificate, &input, attached);
    if (fault == FAULT_NONE) {
        bytes_put(out, der.data, der.size);
        fault = out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
    }
    bytes_free(&der);
    return fault;
}
