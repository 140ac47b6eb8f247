/* A key that signs elsewhere and never comes here, on a token: GnuTLS's key
 * for it. What it signs is verified before it is handed on. */
#ifndef KEYGEN_EXTERNAL_KEY_H
#define KEYGEN_EXTERNAL_KEY_H

#include "keygen/algorithm.h"
#include "keygen/fault.h"

#include <gnutls/abstract.h>
#include <stddef.h>
#include <stdint.h>

/* What signs. */
struct external_ops {
    /* Sign a digest of algorithm->key_size bytes, in the order in which the
     * hash gives them, into 2 * key_size bytes: s ‖ r, each big-endian, as
     * signatures have it (RFC 9215 2), or all of them in reversed order,
     * which is how some tokens answer. */
    enum fault (*sign)(void *context, const uint8_t *digest,
                       uint8_t *signature);

    /* The key is no longer needed: free the context. */
    void (*close)(void *context);
};

struct external_key;

/* GnuTLS's key; point: the public one, X ‖ Y little-endian; curve:
 * algorithm->curve or another name of it. The context is taken over, also
 * where this fails. *external lives as long as *key, which the caller frees
 * with gnutls_privkey_deinit. That the point is none of the curve shows when
 * something is signed. FAULT_UNSUPPORTED: another curve. */
MUST_CHECK enum fault external_key_new(const struct algorithm *algorithm,
                                       gnutls_ecc_curve_t curve,
                                       const uint8_t *point,
                                       const struct external_ops *ops,
                                       void *context, gnutls_privkey_t *key,
                                       struct external_key **external);

/* Its public part, which GnuTLS cannot ask the key for; the caller frees it
 * with gnutls_pubkey_deinit. */
MUST_CHECK enum fault external_key_public(const struct external_key *external,
                                          gnutls_pubkey_t *public);

/* Why it did not sign the last time; FAULT_NONE where it did. GnuTLS says
 * only that it failed. FAULT_SIGNATURE: what it signed does not verify in
 * either order. */
enum fault external_key_fault(const struct external_key *external);

/* Sign something and verify it: whether it is the key of the point. */
MUST_CHECK enum fault external_key_prove(struct external_key *external);

#endif
