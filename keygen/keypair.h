/* Key pairs: a private scalar, GnuTLS's key for it, its public point. */
#ifndef KEYGEN_KEYPAIR_H
#define KEYGEN_KEYPAIR_H

#include "keygen/algorithm.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"

#include <gnutls/abstract.h>

/* A new private scalar, little-endian, key_size bytes, into secret memory of
 * the caller's. */
MUST_CHECK enum fault keypair_make(const struct algorithm *algorithm,
                                   struct entropy *pool, uint8_t *scalar);

/* GnuTLS's key of a scalar; the caller frees it with
 * gnutls_privkey_deinit. */
MUST_CHECK enum fault keypair_import(const struct algorithm *algorithm,
                                     const uint8_t *scalar,
                                     gnutls_privkey_t *key);

/* The public point X ‖ Y, each little-endian key_size bytes (RFC 9215 4.3),
 * into 2 * key_size bytes. */
MUST_CHECK enum fault keypair_public(gnutls_privkey_t key,
                                     const struct algorithm *algorithm,
                                     uint8_t *point);

/* The same of a public key. */
MUST_CHECK enum fault keypair_point(gnutls_pubkey_t key,
                                    const struct algorithm *algorithm,
                                    uint8_t *point);

#endif
