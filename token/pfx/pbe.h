/* Encryption under a password: what the AlgorithmIdentifier of a PKCS#12 or
 * PKCS#8 file says.
 *
 * Read: PBES2 (RFC 8018; with GOST 28147-89 R 50.1.112), the old kinds of
 * RFC 7292 with 3DES and 40-bit RC2, CryptoPro's own
 * 1.2.840.113549.1.12.1.80. */
#ifndef TOKEN_PFX_PBE_H
#define TOKEN_PFX_PBE_H

#include "keygen/der.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"

#include <gnutls/crypto.h>

enum {
    PBE_KEY_MAX = 32,
    PBE_IV_MAX = 16,
    PBE_PADDING_MAX = 16,         /* what encryption adds at most */
    PBE_ITERATIONS_MAX = 1000000, /* of one derivation */
    PBE_BUDGET = 4 * PBE_ITERATIONS_MAX
};

/* A derived key with its cipher; in secret memory. */
struct pbe {
    const struct pbe_cipher *cipher;
    uint8_t key[PBE_KEY_MAX];
    uint8_t iv[PBE_IV_MAX];
    bool cryptopro; /* the key protects more than is encrypted with it */
};

/* Iterations that one file may still cost. */
struct pbe_budget {
    uint32_t left;
};

/* Take from the budget. FAULT_TOO_LARGE. */
MUST_CHECK enum fault pbe_spend(struct pbe_budget *budget, uint32_t iterations);

/* A count of iterations as an INTEGER: 1 to PBE_ITERATIONS_MAX.
 * FAULT_DAMAGED, FAULT_TOO_LARGE. */
MUST_CHECK enum fault pbe_read_iterations(struct der *in, uint32_t *count);
void pbe_put_iterations(struct bytes *out, uint32_t count);

/* Derive the key that the content of an AlgorithmIdentifier describes; free
 * with secret_free. password NULL: none (pbe_kdf.h). FAULT_UNSUPPORTED,
 * FAULT_DAMAGED, FAULT_TOO_LARGE. */
MUST_CHECK enum fault pbe_read(struct der algorithm, const char *password,
                               struct pbe_budget *budget, struct pbe **pbe);

/* Decrypt into out, of data.left bytes, secret memory of the caller's.
 * FAULT_PASSWORD_WRONG where the padding is wrong. */
MUST_CHECK enum fault pbe_decrypt(const struct pbe *pbe, struct der data,
                                  uint8_t *out, size_t *size);

enum pbe_kind {
    PBE_CRYPTOPRO, /* keys, as CSP writes them */
    PBE_RC2,       /* certificates, as CSP writes them */
    PBE_TC26       /* R 50.1.112: HMAC-Streebog-512, GOST 28147 TC26-Z CFB */
};

/* A fresh key; its AlgorithmIdentifier is appended to out. */
MUST_CHECK enum fault pbe_make(enum pbe_kind kind, const char *password,
                               struct entropy *pool, struct bytes *out,
                               struct pbe **pbe);

/* Append data encrypted, as an element with this tag. */
MUST_CHECK enum fault pbe_encrypt(const struct pbe *pbe, uint8_t tag,
                                  const void *data, size_t size,
                                  struct bytes *out);

#endif
