#include "token/pfx/cp_key.h"

#include "keygen/scalar.h"
#include "keygen/secret.h"
#include "token/container/extensions.h"
#include "token/container/gost28147.h"
#include "token/container/suite.h"
#include "token/pfx/private_key.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <string.h>

enum {
    TAG_PARAMETERS = 0xA0,
    TAG_ATTRIBUTES = 0xA0,
    TAG_NOT_AFTER = 0x81,
    BLOB_HEADER = 16,
    BLOB_MAX = 1024,
    FLAGS_KNOWN = 0xFF
};

static const char oid_period[] = "1.2.643.2.2.37.3.10";

/* A PRIVATEKEYBLOB of version 0x20, as CryptExportKey writes it; the number
 * of the algorithm stands at ALGORITHM_AT, in little-endian order. */
static const uint8_t blob_header[BLOB_HEADER] = {
    0x07, 0x20, 0, 0, 0, 0, 0, 0, 'M', 'A', 'G', '1', 0x20, 0, 0, 0};

enum { ALGORITHM_AT = 4, MAGIC_AT = 8, MAGIC_END = 12 };

static const struct provider {
    const char *word; /* of the algorithm */
    uint16_t exchange, signature;
    const char *name;
} providers[] = {
    {"gost2012-256", 0xAA46, 0x2E49,
     "Crypto-Pro GOST R 34.10-2012 Cryptographic Service Provider"},
    {"gost2012-512", 0xAA42, 0x2E3D,
     "Crypto-Pro GOST R 34.10-2012 Strong Cryptographic Service Provider"},
    {"gost2001", 0xAA24, 0x2E23,
     "Crypto-Pro GOST R 34.10-2001 Cryptographic Service Provider"},
};

static const struct provider *provider_of(const struct algorithm *algorithm)
{
    const struct provider *one = providers;

    while (strcmp(one->word, algorithm->word) != 0)
        one++;
    return one;
}

const char *cp_key_provider(const struct material_key *key)
{
    return provider_of(key->algorithm)->name;
}

/* --- the wrapping of the key --------------------------------------------- */

/* The checksum with an initial value, which is xored into the first block. */
static void mac_from(const uint8_t *kek, const uint8_t *ukm,
                     const uint8_t *data, size_t size, uint8_t *scratch,
                     uint8_t mac[CP_KEY_MAC])
{
    memcpy(scratch, data, size);
    for (size_t i = 0; i < CP_KEY_UKM; i++)
        scratch[i] ^= ukm[i];
    gost28147_mac(&gost28147_a, kek, scratch, size, mac);
}

enum fault cp_key_unwrap(const uint8_t *kek, const uint8_t *ukm,
                         const uint8_t *wrapped, size_t size,
                         const uint8_t *mac, uint8_t *out)
{
    uint8_t own[CP_KEY_MAC];
    uint8_t *scratch = secret_new(ALGORITHM_KEY_MAX);

    if (scratch == NULL)
        return FAULT_MEMORY;
    gost28147_decrypt(&gost28147_a, kek, wrapped, out, size);
    mac_from(kek, ukm, out, size, scratch, own);
    secret_free(&scratch);
    return sodium_memcmp(own, mac, sizeof own) == 0 ? FAULT_NONE
                                                    : FAULT_DAMAGED;
}

/* RFC 4357 6.5: eight times the key is encrypted with itself; the sums of its
 * words that a byte of the UKM picks, and of the others, begin it. */
static void diversify(const uint8_t *ukm, uint8_t *key)
{
    uint8_t vector[CP_KEY_UKM], gamma[CP_KEY_UKM], next[CP_KEY_KEK];

    for (size_t turn = 0; turn < CP_KEY_UKM; turn++) {
        uint32_t sum[2] = {0, 0};

        for (size_t i = 0; i < 8; i++)
            sum[(ukm[turn] >> i & 1) == 0] +=
                key[4 * i] | (uint32_t)key[4 * i + 1] << 8 |
                (uint32_t)key[4 * i + 2] << 16 | (uint32_t)key[4 * i + 3] << 24;
        for (size_t i = 0; i < CP_KEY_UKM; i++)
            vector[i] = (uint8_t)(sum[i / 4] >> 8 * (i % 4));
        for (size_t at = 0; at < CP_KEY_KEK; at += CP_KEY_UKM) {
            gost28147_encrypt(&gost28147_a, key, vector, gamma, CP_KEY_UKM);
            for (size_t i = 0; i < CP_KEY_UKM; i++)
                vector[i] = next[at + i] = gamma[i] ^ key[at + i];
        }
        secret_move(key, next, CP_KEY_KEK);
    }
    sodium_memzero(vector, sizeof vector);
    sodium_memzero(gamma, sizeof gamma);
    sodium_memzero(next, sizeof next);
}

enum fault cp_key_diversify(const struct algorithm *algorithm,
                            const uint8_t *kek, const uint8_t *ukm,
                            uint8_t *out)
{
    uint8_t seed[16] = {0x01, 0x26, 0xBD, 0xB8, 0x78, 0x00, [14] = 0x01};

    if (algorithm->retired) {
        memmove(out, kek, CP_KEY_KEK);
        diversify(ukm, out);
        return FAULT_NONE;
    }
    memcpy(seed + 6, ukm, CP_KEY_UKM);
    return gnutls_hmac_fast(GNUTLS_MAC_STREEBOG_256, kek, CP_KEY_KEK, seed,
                            sizeof seed, out) < 0
               ? FAULT_LIBRARY
               : FAULT_NONE;
}

/* --- reading ------------------------------------------------------------- */

struct blob {
    struct der inner; /* what the outer checksum is over */
    struct der mac;
    struct der ukm, wrapped, key_mac;
    struct der flags, oid, parameters;
};

static bool split_parameters(struct der in, struct blob *blob)
{
    struct der kind;

    if (!der_read(&in, DER_BIT_STRING, &blob->flags) || blob->flags.left < 1 ||
        !der_read(&in, TAG_PARAMETERS, &kind) || !der_at_end(&in) ||
        !der_read(&kind, DER_OID, &blob->oid))
        return false;
    blob->parameters = kind;
    return true;
}

static bool split_blob(struct der in, struct blob *blob)
{
    struct der outer, list, wrapped, parameters;
    uint8_t tag;

    if (in.left < BLOB_HEADER ||
        memcmp(in.at, blob_header, ALGORITHM_AT) != 0 ||
        memcmp(in.at + MAGIC_AT, blob_header + MAGIC_AT,
               MAGIC_END - MAGIC_AT) != 0)
        return false;
    in.at += BLOB_HEADER;
    in.left -= BLOB_HEADER;
    return der_read(&in, DER_SEQUENCE, &outer) && der_at_end(&in) &&
           der_read_any(&outer, &tag, &list, &blob->inner) &&
           tag == DER_SEQUENCE &&
           der_read(&outer, DER_OCTET_STRING, &blob->mac) &&
           der_at_end(&outer) && blob->mac.left == CP_KEY_MAC &&
           der_read(&list, DER_OCTET_STRING, &blob->ukm) &&
           blob->ukm.left == CP_KEY_UKM &&
           der_read(&list, DER_SEQUENCE, &wrapped) &&
           der_read(&list, TAG_PARAMETERS, &parameters) && der_at_end(&list) &&
           der_read(&wrapped, DER_OCTET_STRING, &blob->wrapped) &&
           der_read(&wrapped, DER_OCTET_STRING, &blob->key_mac) &&
           der_at_end(&wrapped) && blob->key_mac.left == CP_KEY_MAC &&
           split_parameters(parameters, blob);
}

static enum fault unwrap(const struct blob *blob, const uint8_t *kek,
                         struct material_key *key)
{
    uint8_t *own = NULL, mac[CP_KEY_MAC];
    enum fault fault = private_key_kind(&blob->oid, blob->parameters, key);

    if (fault == FAULT_NONE && blob->wrapped.left != key->algorithm->key_size)
        fault = FAULT_DAMAGED;
    if (fault != FAULT_NONE)
        return fault;
    own = secret_new(CP_KEY_KEK);
    if (own == NULL)
        return FAULT_MEMORY;
    fault = cp_key_diversify(key->algorithm, kek, blob->ukm.at, own);
    if (fault != FAULT_NONE)
        goto out;
    gost28147_mac(&gost28147_a, own, blob->inner.at, blob->inner.left, mac);
    fault = FAULT_DAMAGED;
    if (sodium_memcmp(mac, blob->mac.at, sizeof mac) == 0)
        fault =
            cp_key_unwrap(own, blob->ukm.at, blob->wrapped.at,
                          blob->wrapped.left, blob->key_mac.at, key->scalar);
    if (fault == FAULT_NONE && !scalar_valid(key->algorithm, key->scalar))
        fault = FAULT_DAMAGED;
out:
    secret_free(&own);
    return fault;
}

/* Attributes ::= SEQUENCE { OID, SET { value } } each; the period of the key
 * is read as the same extension of a container. */
static bool read_period(struct der attributes, struct pfx_key *key)
{
    struct der one, oid, set;
    struct key_period period = {.not_after = 0};

    key->not_after = 0;
    if (attributes.at == NULL)
        return true;
    while (!der_at_end(&attributes)) {
        if (!der_read(&attributes, DER_SEQUENCE, &one) ||
            !der_read(&one, DER_OID, &oid) || !der_read(&one, DER_SET, &set) ||
            !der_at_end(&one))
            return false;
        if (der_is_oid(&oid, oid_period) &&
            !extensions_period_value(set, &period))
            return false;
    }
    key->not_after = period.not_after;
    return true;
}

enum fault cp_key_read(struct der in, const uint8_t *kek, struct pfx_key *key)
{
    struct private_key_info info;
    struct blob blob;
    enum fault fault;

    if (!private_key_split(in, &info))
        return FAULT_PASSWORD_WRONG;
    if (!split_blob(info.value, &blob))
        return FAULT_DAMAGED;
    fault = unwrap(&blob, kek, &key->key);
    if (fault != FAULT_NONE)
        return fault;
    key->key.flags = blob.flags.left > 1 ? blob.flags.at[1] : 0;
    return read_period(info.attributes, key) ? FAULT_NONE : FAULT_DAMAGED;
}

/* --- writing ------------------------------------------------------------- */

/* BIT STRING of named bits: zeros at its end are left out (X.690 11.2.2). */
static void put_flags(struct bytes *out, unsigned flags)
{
    uint8_t bits[2] = {0, (uint8_t)flags};

    while (flags != 0 && (flags >> bits[0] & 1) == 0)
        bits[0]++;
    der_put(out, DER_BIT_STRING, bits, flags == 0 ? 1 : 2);
}

static void put_parameters(struct bytes *out, const struct material_key *key)
{
    const struct suite *suite = suite_of(key->algorithm);
    const size_t start = out->size;
    size_t kind;

    put_flags(out, key->flags & FLAGS_KNOWN);
    kind = out->size;
    private_key_put_kind(key,
                         (key->flags & CONTAINER_EXCHANGE) != 0
                             ? suite->exchange_oid
                             : suite->signature_oid,
                         out);
    if (!out->failed) /* [0] IMPLICIT takes the place of the SEQUENCE */
        out->data[kind] = TAG_PARAMETERS;
    der_wrap(out, start, TAG_PARAMETERS);
}

/* The sequence that the outer checksum is over, with the key wrapped. */
static enum fault put_inner(const struct material_key *key, const uint8_t *own,
                            const uint8_t *ukm, struct bytes *out)
{
    const size_t size = key->algorithm->key_size, start = out->size;
    uint8_t *work = secret_new(ALGORITHM_KEY_MAX), mac[CP_KEY_MAC];
    size_t wrapped;

    if (work == NULL)
        return FAULT_MEMORY;
    mac_from(own, ukm, key->scalar, size, work, mac);
    gost28147_encrypt(&gost28147_a, own, key->scalar, work, size);
    der_put(out, DER_OCTET_STRING, ukm, CP_KEY_UKM);
    wrapped = out->size;
    der_put(out, DER_OCTET_STRING, work, size);
    der_put(out, DER_OCTET_STRING, mac, sizeof mac);
    der_wrap(out, wrapped, DER_SEQUENCE);
    put_parameters(out, key);
    der_wrap(out, start, DER_SEQUENCE);
    secret_free(&work);
    return FAULT_NONE;
}

static enum fault put_blob(const struct material_key *key, const uint8_t *kek,
                           struct entropy *pool, struct bytes *out)
{
    const struct provider *provider = provider_of(key->algorithm);
    const uint16_t number = (key->flags & CONTAINER_EXCHANGE) != 0
                                ? provider->exchange
                                : provider->signature;
    uint8_t header[BLOB_HEADER], ukm[CP_KEY_UKM], mac[CP_KEY_MAC];
    uint8_t *own = secret_new(CP_KEY_KEK);
    enum fault fault = FAULT_MEMORY;
    size_t start;

    if (own == NULL)
        return fault;
    memcpy(header, blob_header, sizeof header);
    header[ALGORITHM_AT] = (uint8_t)number;
    header[ALGORITHM_AT + 1] = (uint8_t)(number >> 8);
    bytes_put(out, header, sizeof header);
    start = out->size;
    fault = entropy_draw(pool, "salt", ukm, sizeof ukm);
    if (fault == FAULT_NONE)
        fault = cp_key_diversify(key->algorithm, kek, ukm, own);
    if (fault == FAULT_NONE)
        fault = put_inner(key, own, ukm, out);
    if (fault == FAULT_NONE && !out->failed) {
        gost28147_mac(&gost28147_a, own, out->data + start, out->size - start,
                      mac);
        der_put(out, DER_OCTET_STRING, mac, sizeof mac);
        der_wrap(out, start, DER_SEQUENCE);
    }
    secret_free(&own);
    return fault;
}

static void put_period(struct bytes *out, time_t not_after)
{
    const struct key_period period = {.not_after = not_after};
    const size_t start = out->size;
    size_t set;

    if (not_after == 0)
        return;
    der_put_oid(out, oid_period);
    set = out->size;
    extensions_put_period_value(out, &period);
    der_wrap(out, set, DER_SET);
    der_wrap(out, start, DER_SEQUENCE);
    der_wrap(out, start, TAG_ATTRIBUTES);
}

enum fault cp_key_put(const struct pfx_key *key, const uint8_t *kek,
                      struct entropy *pool, struct bytes *out)
{
    static const uint8_t zero;
    const size_t start = out->size;
    size_t part;
    enum fault fault;

    der_put(out, DER_INTEGER, &zero, 1);
    part = out->size;
    der_put_oid(out, key->key.algorithm->key_oid);
    der_wrap(out, part, DER_SEQUENCE);
    part = out->size;
    fault = put_blob(&key->key, kek, pool, out);
    der_wrap(out, part, DER_OCTET_STRING);
    put_period(out, key->not_after);
    der_wrap(out, start, DER_SEQUENCE);
    if (fault == FAULT_NONE && out->failed)
        fault = FAULT_TOO_LARGE;
    return fault;
}
