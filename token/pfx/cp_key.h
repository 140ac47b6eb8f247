/* What CryptoPro CSP puts into a key bag of its own kind: a PrivateKeyInfo
 * around an export blob, in which the key is wrapped once more (RFC 4357
 * 6.3, R 50.1.113) under the key that the password gave. */
#ifndef TOKEN_PFX_CP_KEY_H
#define TOKEN_PFX_CP_KEY_H

#include "keygen/der.h"
#include "token/pfx/pfx.h"

enum { CP_KEY_KEK = 32, CP_KEY_UKM = 8, CP_KEY_MAC = 4 };

/* Read it as decrypted; kek is the key that decrypted it. Fills all of key
 * but certificate and name. FAULT_PASSWORD_WRONG where it is no
 * PrivateKeyInfo at all; FAULT_DAMAGED; FAULT_UNSUPPORTED. */
MUST_CHECK enum fault cp_key_read(struct der in, const uint8_t *kek,
                                  struct pfx_key *key);

/* Append it. */
MUST_CHECK enum fault cp_key_put(const struct pfx_key *key, const uint8_t *kek,
                                 struct entropy *pool, struct bytes *out);

/* The provider that a bag names for a key, or Windows gives it to another. */
const char *cp_key_provider(const struct material_key *key);

/* --- for tests --- */

/* Unwrap size bytes under a KEK that was diversified already: RFC 4357 6.2.
 * FAULT_DAMAGED where the checksum does not agree. */
MUST_CHECK enum fault cp_key_unwrap(const uint8_t *kek, const uint8_t *ukm,
                                    const uint8_t *wrapped, size_t size,
                                    const uint8_t *mac, uint8_t *out);

/* The KEK for one UKM: of 2012 (R 50.1.113 4.5) or 2001 (RFC 4357 6.5). */
MUST_CHECK enum fault cp_key_diversify(const struct algorithm *algorithm,
                                       const uint8_t *kek, const uint8_t *ukm,
                                       uint8_t *out);

#endif
