/* primary.key and masks.key: a private scalar, multiplied by a random mask
 * and encrypted with the storage key that the password gives. */
#ifndef TOKEN_CONTAINER_KEYS_H
#define TOKEN_CONTAINER_KEYS_H

#include "keygen/algorithm.h"
#include "keygen/der.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/container/profile.h"

enum {
    KEYS_MAX = 1024, /* bytes of either file, with a token's padding */
    KEYS_SALT = 12
};

/* The two files of one pair. */
struct keys_pair {
    struct der primary, masks;
};

/* Unmask: cells is the password (token/container/password.h), scalar secret
 * memory of the caller's, key_size bytes. FAULT_DAMAGED where a checksum or a
 * size is wrong or what comes out is no scalar; FAULT_OLD_FORMAT;
 * FAULT_UNSUPPORTED where there are two keys. That it is the right scalar
 * only its public key tells. */
MUST_CHECK enum fault keys_unmask(const struct profile *profile,
                                  const struct algorithm *algorithm,
                                  const struct keys_pair *pair,
                                  const uint8_t *cells, size_t cells_size,
                                  uint8_t *scalar);

/* What keys_mask fills; lives in secret memory. */
struct keys_files {
    uint8_t primary[KEYS_MAX], masks[KEYS_MAX];
    size_t primary_size, masks_size;
};

/* Mask with a fresh mask and salt, into files in secret memory. */
MUST_CHECK enum fault keys_mask(const struct profile *profile,
                                const struct algorithm *algorithm,
                                const uint8_t *scalar, struct entropy *pool,
                                const uint8_t *cells, size_t cells_size,
                                struct keys_files *files);

#endif
