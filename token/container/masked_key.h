/* primary.key and masks.key: a private scalar, multiplied by a random mask
 * and encrypted with the storage key that the password gives. */
#ifndef TOKEN_CONTAINER_MASKED_KEY_H
#define TOKEN_CONTAINER_MASKED_KEY_H

#include "keygen/algorithm.h"
#include "keygen/der.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/container/suite.h"

enum {
    MASKED_KEY_MAX = 1024, /* bytes of either file, with a token's padding */
    MASKED_KEY_SALT = 12
};

/* The two files of one pair. */
struct masked_key_pair {
    struct der primary, masks;
};

/* Unmask: cells is the password (token/container/container_password.h), scalar
 * secret memory of the caller's, key_size bytes. FAULT_DAMAGED where a checksum
 * or a size is wrong or what comes out is no scalar; FAULT_OLD_FORMAT;
 * FAULT_UNSUPPORTED where there are two keys. That it is the right scalar
 * only its public key tells. */
MUST_CHECK enum fault masked_key_open(const struct suite *suite,
                                      const struct algorithm *algorithm,
                                      const struct masked_key_pair *pair,
                                      const uint8_t *cells, size_t cells_size,
                                      uint8_t *scalar);

/* What masked_key_make fills; lives in secret memory. */
struct masked_key_files {
    uint8_t primary[MASKED_KEY_MAX], masks[MASKED_KEY_MAX];
    size_t primary_size, masks_size;
};

/* Mask with a fresh mask and salt, into files in secret memory. */
MUST_CHECK enum fault masked_key_make(const struct suite *suite,
                                      const struct algorithm *algorithm,
                                      const uint8_t *scalar,
                                      struct entropy *pool,
                                      const uint8_t *cells, size_t cells_size,
                                      struct masked_key_files *files);

#endif
