#include "keygen/external_key.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct external_key {
    const struct algorithm *algorithm;
    const struct external_ops *ops;
    void *context; /* owned */
    gnutls_pubkey_t public;
    bool reversed;    /* as its last good signature was */
    enum fault fault; /* of the last signature */
};

static void free_it(struct external_key *external)
{
    if (external->public != NULL)
        gnutls_pubkey_deinit(external->public);
    external->ops->close(external->context);
    free(external);
}

static void reverse(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        const uint8_t one = bytes[i];

        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = one;
    }
}

static bool verifies(const struct external_key *external, const uint8_t *digest,
                     uint8_t *signature)
{
    const unsigned size = (unsigned)external->algorithm->key_size;
    const gnutls_datum_t hash = {(void *)(uintptr_t)digest, size};
    const gnutls_datum_t signed_one = {signature, 2 * size};

    return gnutls_pubkey_verify_hash2(external->public,
                                      external->algorithm->sign, 0, &hash,
                                      &signed_one) >= 0;
}

/* Into 2 * key_size bytes; tried first in the order that was right before. */
static enum fault sign(struct external_key *external, const uint8_t *digest,
                       uint8_t *signature)
{
    const size_t size = 2 * external->algorithm->key_size;

    external->fault = external->ops->sign(external->context, digest, signature);
    if (external->fault != FAULT_NONE)
        return external->fault;
    if (external->reversed)
        reverse(signature, size);
    if (verifies(external, digest, signature))
        return FAULT_NONE;
    reverse(signature, size);
    if (verifies(external, digest, signature))
        external->reversed = !external->reversed;
    else
        external->fault = FAULT_SIGNATURE;
    return external->fault;
}

static int sign_hash(gnutls_privkey_t key, gnutls_sign_algorithm_t sign_with,
                     void *data, unsigned flags, const gnutls_datum_t *hash,
                     gnutls_datum_t *signature)
{
    struct external_key *external = data;
    uint8_t bytes[2 * ALGORITHM_KEY_MAX] = {0};
    const unsigned size = 2 * (unsigned)external->algorithm->key_size;

    (void)key;
    (void)flags;
    if (sign_with != external->algorithm->sign || 2 * hash->size != size)
        return GNUTLS_E_INVALID_REQUEST;
    if (sign(external, hash->data, bytes) != FAULT_NONE)
        return GNUTLS_E_PK_SIGN_FAILED;
    signature->data = gnutls_malloc(size);
    if (signature->data == NULL)
        return GNUTLS_E_MEMORY_ERROR;
    memcpy(signature->data, bytes, size);
    signature->size = size;
    return 0;
}

static int tell(gnutls_privkey_t key, unsigned flags, void *data)
{
    const struct external_key *external = data;

    (void)key;
    if (flags & GNUTLS_PRIVKEY_INFO_PK_ALGO)
        return (int)external->algorithm->pk;
    if (flags & GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO)
        return GNUTLS_FLAGS_TO_SIGN_ALGO(flags) == external->algorithm->sign;
    if (flags & GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS)
        return 8 * (int)external->algorithm->key_size;
    return -1;
}

static void let_go(gnutls_privkey_t key, void *data)
{
    (void)key;
    free_it(data);
}

static enum fault import_point(struct external_key *external,
                               gnutls_ecc_curve_t curve, const uint8_t *point)
{
    const struct algorithm *algorithm = external->algorithm;
    const unsigned size = (unsigned)algorithm->key_size;
    const gnutls_datum_t x = {(void *)(uintptr_t)point, size};
    const gnutls_datum_t y = {(void *)(uintptr_t)(point + size), size};

    if (gnutls_pubkey_init(&external->public) < 0)
        return FAULT_MEMORY;
    if (gnutls_pubkey_import_gost_raw(external->public, curve,
                                      algorithm->digest,
                                      GNUTLS_GOST_PARAMSET_UNKNOWN, &x, &y) < 0)
        return FAULT_LIBRARY;
    return algorithm_of_key(external->public) == algorithm ? FAULT_NONE
                                                           : FAULT_UNSUPPORTED;
}

enum fault external_key_new(const struct algorithm *algorithm,
                            gnutls_ecc_curve_t curve, const uint8_t *point,
                            const struct external_ops *ops, void *context,
                            gnutls_privkey_t *key,
                            struct external_key **external)
{
    enum fault fault = FAULT_MEMORY;

    *key = NULL;
    *external = calloc(1, sizeof **external);
    if (*external == NULL) {
        ops->close(context);
        return fault;
    }
    **external = (struct external_key){
        .algorithm = algorithm, .ops = ops, .context = context};
    fault = import_point(*external, curve, point);
    if (fault == FAULT_NONE && gnutls_privkey_init(key) < 0)
        fault = FAULT_MEMORY;
    if (fault == FAULT_NONE &&
        gnutls_privkey_import_ext4(*key, *external, NULL, sign_hash, NULL,
                                   let_go, tell, 0) < 0) {
        gnutls_privkey_deinit(*key);
        *key = NULL;
        fault = FAULT_LIBRARY;
    }
    if (fault != FAULT_NONE) {
        free_it(*external);
        *external = NULL;
    }
    return fault;
}

enum fault external_key_public(const struct external_key *external,
                               gnutls_pubkey_t *public)
{
    gnutls_datum_t der = {NULL, 0};
    enum fault fault = FAULT_LIBRARY;

    *public = NULL;
    if (gnutls_pubkey_init(public) >= 0 &&
        gnutls_pubkey_export2(external->public, GNUTLS_X509_FMT_DER, &der) >=
            0 &&
        gnutls_pubkey_import(*public, &der, GNUTLS_X509_FMT_DER) >= 0)
        fault = FAULT_NONE;
    gnutls_free(der.data);
    if (fault != FAULT_NONE && *public != NULL) {
        gnutls_pubkey_deinit(*public);
        *public = NULL;
    }
    return fault;
}

enum fault external_key_fault(const struct external_key *external)
{
    return external->fault;
}

/* A digest of nothing: what is signed here can never stand under a
 * document. */
enum fault external_key_prove(struct external_key *external)
{
    uint8_t digest[ALGORITHM_KEY_MAX], signature[2 * ALGORITHM_KEY_MAX] = {0};

    randombytes_buf(digest, sizeof digest);
    return sign(external, digest, signature);
}
