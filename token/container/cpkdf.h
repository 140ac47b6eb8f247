/* CPKDF: the storage key of a CryptoPro container from its password. */
#ifndef TOKEN_CONTAINER_CPKDF_H
#define TOKEN_CONTAINER_CPKDF_H

#include "keygen/fault.h"

#include <gnutls/crypto.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CPKDF_KEY = 32,
    CPKDF_BLOCK_MAX = 64,
    CPKDF_SALT_MAX = 16,
    CPKDF_PASSWORD_MAX = 4096
};

/* The hash (its output is CPKDF_KEY bytes) and its block in this function:
 * Streebog-256 and 64, or GOST R 34.11-94 and 32 for keys of 2001. */
struct cpkdf_hash {
    gnutls_digest_algorithm_t digest;
    size_t block;
};

/* An empty password gives a key too (in 2 rounds); any other takes 2000, some
 * milliseconds. key is secret memory of the caller's, CPKDF_KEY bytes. */
MUST_CHECK enum fault cpkdf(const struct cpkdf_hash *hash,
                            const uint8_t *password, size_t password_size,
                            const uint8_t *salt, size_t salt_size,
                            uint8_t *key);

#endif
