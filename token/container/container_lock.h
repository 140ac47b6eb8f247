/* A container and the password that opens it: the keys that come out of its
 * two pairs of files. */
#ifndef TOKEN_CONTAINER_CONTAINER_LOCK_H
#define TOKEN_CONTAINER_CONTAINER_LOCK_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/container/container_password.h"
#include "token/container/header.h"
#include "token/medium.h"

#include <gnutls/abstract.h>

enum { CONTAINER_PAIRS = 2 }; /* the first, the reserve copy */

struct container_lock {
    const struct container_files *files;
    const struct header *header;
    struct container_password *password; /* in the form that fits */
};

/* Find the form in which the password (UTF-8; NULL: none given) opens it: the
 * first key comes out of the first pair, or else the checksum of the header
 * fits, so that a right one takes the derivation alone that is needed anyway,
 * and a wrong one two for each form. A header without a checksum: any key comes
 * out of any pair. A password where there is none does not matter.
 * FAULT_PASSWORD_NEEDED, FAULT_PASSWORD_WRONG. Free with
 * container_lock_free. */
MUST_CHECK enum fault container_lock_open(struct container_lock *lock,
                                          const struct container_files *files,
                                          const struct header *header,
                                          const char *text);

/* Whether the checksum of the header, where it has one, fits the password:
 * FAULT_PASSWORD_WRONG. */
MUST_CHECK enum fault container_lock_check(const struct container_lock *lock);

void container_lock_free(struct container_lock *lock);

/* Whether a public key is the one whose fingerprint the header has, or where it
 * has none the one of its certificate. */
bool container_lock_fits(const struct header_key *key, const uint8_t *point);

/* A key (0 or 1) out of a pair. The caller frees key; scalar is secret memory
 * of the caller's; point is its public one. It fits, else
 * FAULT_DAMAGED. FAULT_UNSUPPORTED, FAULT_OLD_FORMAT. */
MUST_CHECK enum fault container_lock_key(const struct container_lock *lock,
                                         size_t index, size_t pair,
                                         uint8_t *scalar, gnutls_privkey_t *key,
                                         uint8_t *point);

/* Whether a pair gives a key that is known, of which nothing has to be computed
 * then. FAULT_DAMAGED where it gives another; the same as container_lock_key.
 */
MUST_CHECK enum fault container_lock_gives(const struct container_lock *lock,
                                           size_t index, size_t pair,
                                           const struct container *known);

/* The files of a pair. */
struct masked_key_pair container_lock_pair(const struct container_files *files,
                                           size_t pair);

/* The checksum by which the header tells a wrong password; all zero where
 * there is none or no fingerprint that it depends on. */
MUST_CHECK enum fault container_lock_mac(const struct suite *suite,
                                         struct container_password *password,
                                         const struct der *fingerprint,
                                         uint8_t mac[GOST28147_MAC]);

#endif
