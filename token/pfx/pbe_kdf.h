/* Keys from passwords, in the three ways of PKCS#12 files. Passwords are
 * UTF-8, at most CONTAINER_PASSWORD_MAX characters; each way has its own form
 * of them. out is secret memory of the caller's. */
#ifndef TOKEN_PFX_PBE_KDF_H
#define TOKEN_PFX_PBE_KDF_H

#include "keygen/der.h"
#include "keygen/fault.h"

#include <gnutls/crypto.h>

enum {
    PBE_KDF_SALT_MAX = 128,
    PBE_KDF_OUT_MAX = 96,
    /* What a key is for (RFC 7292 B.3). */
    PBE_KDF_KEY = 1,
    PBE_KDF_IV = 2,
    PBE_KDF_MAC = 3
};

/* What every one of them takes. */
struct pbe_kdf {
    const char *password; /* NULL: none at all, which PKCS#12 tells from "" */
    struct der salt;
    uint32_t iterations;
};

/* RFC 7292 B.2: UTF-16BE with two zeros behind. */
MUST_CHECK enum fault pbe_kdf_pkcs12(const struct pbe_kdf *from,
                                     gnutls_digest_algorithm_t digest,
                                     uint8_t purpose, uint8_t *out,
                                     size_t size);

/* RFC 8018 5.2, with GOST hashes R 50.1.111: UTF-8. */
MUST_CHECK enum fault pbe_kdf_pbkdf2(const struct pbe_kdf *from,
                                     gnutls_mac_algorithm_t prf, uint8_t *out,
                                     size_t size);

/* CryptoPro's: GOST R 34.11-94 over and over; UTF-16LE. 32 bytes. */
MUST_CHECK enum fault pbe_kdf_cryptopro(const struct pbe_kdf *from,
                                        uint8_t *out);

#endif
