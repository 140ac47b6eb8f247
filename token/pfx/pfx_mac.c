#include "token/pfx/pfx_mac.h"

#include "keygen/secret.h"
#include "token/pfx/pbe_kdf.h"

#include <sodium.h>
#include <string.h>

enum {
    MAC_MAX = 64,
    GOST_DERIVED = 96, /* R 50.1.112: of so many bytes the last 32 are it */
    GOST_KEY = 32
};

static const struct digest {
    const char *oid;
    gnutls_mac_algorithm_t mac; /* with the number of the digest */
    bool gost;
    uint32_t iterations; /* of new ones */
    size_t salt;
} digests[] = {
    [PFX_MAC_SHA1] = {"1.3.14.3.2.26", GNUTLS_MAC_SHA1, false, 2000, 20},
    [PFX_MAC_STREEBOG_512] = {"1.2.643.7.1.1.2.3", GNUTLS_MAC_STREEBOG_512,
                              true, 10000, 32},
    {"1.2.643.7.1.1.2.2", GNUTLS_MAC_STREEBOG_256, true, 0, 0},
    {"1.2.643.2.2.9", GNUTLS_MAC_GOSTR_94, true, 0, 0},
    {"2.16.840.1.101.3.4.2.1", GNUTLS_MAC_SHA256, false, 0, 0},
    {"2.16.840.1.101.3.4.2.2", GNUTLS_MAC_SHA384, false, 0, 0},
    {"2.16.840.1.101.3.4.2.3", GNUTLS_MAC_SHA512, false, 0, 0},
};

enum { DIGESTS = sizeof digests / sizeof digests[0] };

static enum fault derive(const struct digest *digest,
                         const struct pbe_kdf *from, uint8_t *key,
                         size_t *key_size)
{
    enum fault fault;

    *key_size = gnutls_hmac_get_len(digest->mac);
    if (!digest->gost)
        return pbe_kdf_pkcs12(from, (gnutls_digest_algorithm_t)digest->mac,
                              PBE_KDF_MAC, key, *key_size);
    fault = pbe_kdf_pbkdf2(from, digest->mac, key, GOST_DERIVED);
    memmove(key, key + GOST_DERIVED - GOST_KEY, GOST_KEY);
    *key_size = GOST_KEY;
    return fault;
}

static enum fault compute(const struct digest *digest,
                          const struct pbe_kdf *from, struct der data,
                          uint8_t mac[MAC_MAX])
{
    uint8_t *key = secret_new(GOST_DERIVED);
    enum fault fault = FAULT_MEMORY;
    size_t key_size;

    if (key == NULL)
        return fault;
    fault = derive(digest, from, key, &key_size);
    if (fault == FAULT_NONE && gnutls_hmac_fast(digest->mac, key, key_size,
                                                data.at, data.left, mac) < 0)
        fault = FAULT_LIBRARY;
    secret_free(&key);
    return fault;
}

static const struct digest *find(const struct der *oid)
{
    for (size_t i = 0; i < DIGESTS; i++)
        if (der_is_oid(oid, digests[i].oid))
            return &digests[i];
    return NULL;
}

enum fault pfx_mac_check(struct der mac_data, const char *password,
                         struct pbe_budget *budget, struct der data)
{
    struct pbe_kdf from = {.password = password, .iterations = 1};
    struct der info, algorithm, oid, null, value;
    const struct digest *digest;
    enum fault fault = FAULT_NONE;
    uint8_t mac[MAC_MAX];

    if (!der_read(&mac_data, DER_SEQUENCE, &info) ||
        !der_read(&info, DER_SEQUENCE, &algorithm) ||
        !der_read(&algorithm, DER_OID, &oid) ||
        !der_read_optional(&algorithm, 5, &null) || null.left != 0 ||
        !der_at_end(&algorithm) || !der_read(&info, DER_OCTET_STRING, &value) ||
        !der_at_end(&info) ||
        !der_read(&mac_data, DER_OCTET_STRING, &from.salt))
        return FAULT_DAMAGED;
    if (!der_at_end(&mac_data))
        fault = pbe_read_iterations(&mac_data, &from.iterations);
    if (fault == FAULT_NONE && !der_at_end(&mac_data))
        fault = FAULT_DAMAGED;
    if (fault != FAULT_NONE)
        return fault;
    digest = find(&oid);
    if (digest == NULL)
        return FAULT_UNSUPPORTED;
    fault = pbe_spend(budget, from.iterations);
    if (fault == FAULT_NONE)
        fault = compute(digest, &from, data, mac);
    if (fault == FAULT_NONE &&
        (value.left != gnutls_hmac_get_len(digest->mac) ||
         sodium_memcmp(mac, value.at, value.left) != 0))
        fault = FAULT_SIGNATURE;
    return fault;
}

enum fault pfx_mac_put(enum pfx_mac_kind kind, const char *password,
                       struct entropy *pool, struct der data, struct bytes *out)
{
    const struct digest *digest = &digests[kind];
    const size_t start = out->size;
    uint8_t mac[MAC_MAX], salt[32];
    const struct pbe_kdf from = {
        password, {salt, digest->salt}, digest->iterations};
    enum fault fault = entropy_draw(pool, "salt", salt, sizeof salt);

    if (fault == FAULT_NONE)
        fault = compute(digest, &from, data, mac);
    if (fault != FAULT_NONE)
        return fault;
    der_put_oid(out, digest->oid);
    if (!digest->gost)
        der_put(out, 5, NULL, 0);
    der_wrap(out, start, DER_SEQUENCE);
    der_put(out, DER_OCTET_STRING, mac, gnutls_hmac_get_len(digest->mac));
    der_wrap(out, start, DER_SEQUENCE);
    der_put(out, DER_OCTET_STRING, salt, digest->salt);
    pbe_put_iterations(out, digest->iterations);
    der_wrap(out, start, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}
