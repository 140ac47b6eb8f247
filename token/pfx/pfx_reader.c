/* Files of others: PKCS#12 (RFC 7292) and PKCS#8, DER or PEM. */
#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "token/pfx/pfx.h"
#include "token/pfx/pfx_bag.h"
#include "token/pfx/pfx_mac.h"
#include "token/pfx/private_key.h"

#include <gnutls/gnutls.h>
#include <sodium.h>
#include <string.h>

enum { PFX_VERSION = 3, TAG_CONTENT = 0xA0, TAG_ENCRYPTED = 0x80 };

static const char oid_data[] = "1.2.840.113549.1.7.1";
static const char oid_encrypted[] = "1.2.840.113549.1.7.6";

/* The outside of a PKCS#12 file. */
struct envelope {
    struct der safe; /* what the checksum is over */
    struct der mac;
};

/* ContentInfo of plain data: its OCTET STRING. */
static bool read_data(struct der info, struct der *data)
{
    struct der oid, content;

    return der_read(&info, DER_OID, &oid) && der_is_oid(&oid, oid_data) &&
           der_read(&info, TAG_CONTENT, &content) && der_at_end(&info) &&
           der_read(&content, DER_OCTET_STRING, data) && der_at_end(&content);
}

/* FAULT_NOT_CONTAINER where it does not even begin so. */
static enum fault split(struct der in, struct envelope *envelope)
{
    struct der list, version, info;

    if (!der_read(&in, DER_SEQUENCE, &list)) /* cut off, most likely */
        return der_peek(&in) == DER_SEQUENCE ? FAULT_DAMAGED
                                             : FAULT_NOT_CONTAINER;
    if (!der_read(&list, DER_INTEGER, &version) || version.left != 1 ||
        version.at[0] != PFX_VERSION || !der_read(&list, DER_SEQUENCE, &info))
        return FAULT_NOT_CONTAINER;
    /* A file without a checksum is refused: who changed it could have taken
     * the checksum away. */
    return der_at_end(&in) && read_data(info, &envelope->safe) &&
                   der_read(&list, DER_SEQUENCE, &envelope->mac) &&
                   der_at_end(&list)
               ? FAULT_NONE
               : FAULT_DAMAGED;
}

/* EncryptedData of version 0 (RFC 5652 8). */
static enum fault take_encrypted(struct pfx_bags *bags, struct der info)
{
    struct der content, list, version, part, oid, algorithm, data;

    if (!der_read(&info, TAG_CONTENT, &content) || !der_at_end(&info) ||
        !der_read(&content, DER_SEQUENCE, &list) || !der_at_end(&content) ||
        !der_read(&list, DER_INTEGER, &version) ||
        !der_read(&list, DER_SEQUENCE, &part) || !der_at_end(&list) ||
        !der_read(&part, DER_OID, &oid) || !der_is_oid(&oid, oid_data) ||
        !der_read(&part, DER_SEQUENCE, &algorithm) ||
        !der_read(&part, TAG_ENCRYPTED, &data) || !der_at_end(&part))
        return FAULT_DAMAGED;
    return pfx_bag_encrypted(bags, algorithm, data);
}

static enum fault take_content(struct pfx_bags *bags, struct der info)
{
    struct der rest = info, oid, data;

    if (!der_read(&rest, DER_OID, &oid))
        return FAULT_DAMAGED;
    if (der_is_oid(&oid, oid_encrypted))
        return take_encrypted(bags, rest);
    if (!der_is_oid(&oid, oid_data))
        return FAULT_UNSUPPORTED; /* encrypted for the key of somebody */
    return read_data(info, &data) ? pfx_bag_contents(bags, data)
                                  : FAULT_DAMAGED;
}

/* Every part, also behind one that does not open: what opens at all says
 * whether the password is right. */
static enum fault take_safe(struct pfx_bags *bags, struct der safe)
{
    enum fault fault = FAULT_NONE, one;
    struct der list, info;

    if (!der_read(&safe, DER_SEQUENCE, &list) || !der_at_end(&safe))
        return FAULT_DAMAGED;
    while (!der_at_end(&list)) {
        if (!der_read(&list, DER_SEQUENCE, &info))
            return FAULT_DAMAGED;
        one = take_content(bags, info);
        if (one == FAULT_MEMORY || one == FAULT_TOO_LARGE)
            return one;
        if (fault == FAULT_NONE)
            fault = one;
    }
    return fault;
}

/* The checksum; *password becomes NULL where "" stands for none at all, which
 * programs do not agree on. */
static enum fault check_mac(const struct envelope *envelope,
                            struct pbe_budget *budget, const char **password)
{
    enum fault fault =
        pfx_mac_check(envelope->mac, *password, budget, envelope->safe);

    if (fault != FAULT_SIGNATURE || (*password)[0] != '\0')
        return fault;
    fault = pfx_mac_check(envelope->mac, NULL, budget, envelope->safe);
    if (fault == FAULT_NONE)
        *password = NULL;
    return fault;
}

static enum fault read_pkcs12(struct pfx_bags *bags,
                              const struct envelope *envelope)
{
    const enum fault mac = check_mac(envelope, bags->budget, &bags->password);
    enum fault fault;

    if (mac != FAULT_NONE && mac != FAULT_SIGNATURE)
        return mac;
    fault = take_safe(bags, envelope->safe);
    if (mac == FAULT_NONE) /* then the password is right */
        return fault == FAULT_PASSWORD_WRONG ? FAULT_DAMAGED : fault;
    if (fault == FAULT_MEMORY || fault == FAULT_TOO_LARGE)
        return fault;
    return bags->opened ? FAULT_DAMAGED : FAULT_PASSWORD_WRONG;
}

static enum fault read_der(struct pfx_bags *bags, struct der in)
{
    struct private_key_info info;
    struct envelope envelope;
    enum fault fault = split(in, &envelope);

    if (fault == FAULT_NOT_CONTAINER && private_key_split(in, &info))
        return pfx_bag_plain(bags, in);
    if (fault == FAULT_NOT_CONTAINER && !pfx_bag_is_shrouded(in))
        return fault;
    if (fault != FAULT_DAMAGED && bags->password == NULL)
        return FAULT_PASSWORD_NEEDED;
    if (fault == FAULT_NOT_CONTAINER)
        return pfx_bag_shrouded(bags, in);
    return fault == FAULT_NONE ? read_pkcs12(bags, &envelope) : fault;
}

/* --- PEM ----------------------------------------------------------------- */

static const char certificate_begin[] = "-----BEGIN CERTIFICATE-----";
static const char certificate_end[] = "-----END CERTIFICATE-----";

static enum fault read_pem_certificates(struct pfx_bags *bags, struct der in)
{
    enum fault fault = FAULT_NONE;
    const uint8_t *begin, *end;

    while (fault == FAULT_NONE &&
           (begin = memmem(in.at, in.left, certificate_begin,
                           sizeof certificate_begin - 1)) != NULL) {
        in.left -= (size_t)(begin - in.at);
        end =
            memmem(begin, in.left, certificate_end, sizeof certificate_end - 1);
        if (end == NULL)
            return FAULT_DAMAGED;
        end += sizeof certificate_end - 1;
        fault = pfx_bag_certificate(bags,
                                    (struct der){begin, (size_t)(end - begin)});
        in.left -= (size_t)(end - begin);
        in.at = end;
    }
    return fault;
}

static enum fault read_pem(struct pfx_bags *bags, struct der in)
{
    static const char *const labels[] = {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                                         "PKCS12"};
    const gnutls_datum_t text = {(void *)(uintptr_t)in.at, (unsigned)in.left};
    enum fault fault = FAULT_NOT_CONTAINER;
    gnutls_datum_t der = {NULL, 0};

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (gnutls_pem_base64_decode2(labels[i], &text, &der) < 0)
            continue;
        fault = read_der(bags, (struct der){der.data, der.size});
        sodium_memzero(der.data, der.size);
        gnutls_free(der.data);
        break;
    }
    return fault == FAULT_NONE ? read_pem_certificates(bags, in) : fault;
}

/* --- certificates and their keys ------------------------------------------ */

static enum fault public_of(const struct material_key *key, uint8_t *point)
{
    gnutls_privkey_t private = NULL;
    enum fault fault = keypair_import(key->algorithm, key->scalar, &private);

    if (fault != FAULT_NONE)
        return fault;
    fault = keypair_public(private, key->algorithm, point);
    gnutls_privkey_deinit(private);
    return fault;
}

static bool is_for(const struct certificate *certificate,
                   const struct material_key *key, const uint8_t *point)
{
    return certificate->algorithm == key->algorithm &&
           certificate_has_point(certificate, point,
                                 2 * key->algorithm->key_size);
}

/* The certificate that is for a key moves to it; of several the one that
 * ends last. */
static enum fault match(struct pfx *pfx, struct material_key *key)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    size_t best = PFX_CERTIFICATES_MAX;
    enum fault fault = public_of(key, point);

    if (fault != FAULT_NONE)
        return fault;
    for (size_t i = 0; i < pfx->certificates; i++)
        if (is_for(pfx->certificate[i], key, point) &&
            (best == PFX_CERTIFICATES_MAX ||
             pfx->certificate[i]->not_after >
                 pfx->certificate[best]->not_after))
            best = i;
    if (best == PFX_CERTIFICATES_MAX)
        return FAULT_NONE;
    key->certificate = pfx->certificate[best];
    pfx->certificates--;
    for (size_t i = best; i < pfx->certificates; i++)
        pfx->certificate[i] = pfx->certificate[i + 1];
    return FAULT_NONE;
}

static enum fault finish(struct pfx *pfx)
{
    enum fault fault = FAULT_NONE;

    if (pfx->keys == 0)
        return pfx->refused > 0 ? FAULT_UNSUPPORTED : FAULT_NOT_FOUND;
    for (size_t i = 0; i < pfx->keys && fault == FAULT_NONE; i++)
        fault = match(pfx, &pfx->key[i].key);
    return fault;
}

enum fault pfx_read(const void *data, size_t size, const char *password,
                    struct pfx **pfx)
{
    struct pbe_budget budget = {PBE_BUDGET};
    struct pfx_bags bags = {.password = password, .budget = &budget};
    const struct der in = {data, size};
    enum fault fault;

    *pfx = NULL;
    if (size > PFX_MAX)
        return FAULT_TOO_LARGE;
    fault = pfx_new(pfx);
    if (fault != FAULT_NONE)
        return fault;
    bags.pfx = *pfx;
    fault = der_peek(&in) == DER_SEQUENCE ? read_der(&bags, in)
                                          : read_pem(&bags, in);
    if (fault == FAULT_NONE)
        fault = finish(*pfx);
    if (fault != FAULT_NONE)
        pfx_free(pfx);
    return fault;
}
