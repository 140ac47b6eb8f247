/* primary.key and masks.key: a private scalar, multiplied by a random mask
 * and encrypted with the storage key that the password gives. */
#ifndef TOKEN_CONTAINER_MASKED_KEY_H
#define TOKEN_CONTAINER_MASKED_KEY_H

#include "keygen/algorithm.h"
#include "keygen/der.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/container/container_password.h"
#include "token/container/suite.h"

#include <stdbool.h>

enum {
    MASKED_KEY_MAX = 1024, /* bytes of either file, with a token's padding */
    MASKED_KEY_SALT = 12
};

/* The two files of one pair. */
struct masked_key_pair {
    struct der primary, masks;
};

/* Whether the masks have the right form and checksum; size is that of a
 * scalar. */
bool masked_key_masks_good(const struct suite *suite, struct der masks,
                           size_t size);

/* Unmask one of the keys (0, or 1 for the second of two): scalar is secret
 * memory of the caller's, key_size bytes. FAULT_DAMAGED where a checksum or a
 * size is wrong or what comes out is no scalar; FAULT_OLD_FORMAT. That it is
 * the right scalar only its public key tells. */
MUST_CHECK enum fault
masked_key_open(const struct suite *suite, const struct algorithm *algorithm,
                const struct masked_key_pair *pair, size_t key,
                struct container_password *password, uint8_t *scalar);

/* What masked_key_make fills; lives in secret memory. */
struct masked_key_files {
    uint8_t primary[MASKED_KEY_MAX], masks[MASKED_KEY_MAX];
    size_t primary_size, masks_size;
};

/* Mask with a fresh mask and salt, which all keys (1 or 2, of one algorithm)
 * share, into files in secret memory. */
MUST_CHECK enum fault masked_key_make(const struct algorithm *algorithm,
                                      const uint8_t *const scalar[],
                                      size_t keys, struct entropy *pool,
                                      struct container_password *password,
                                      struct masked_key_files *files);

#endif
