/* The key algorithms that are computed here: those of GOST R 34.10-2012, and
 * that of 2001 for keys that are there already. */
#ifndef KEYGEN_ALGORITHM_H
#define KEYGEN_ALGORITHM_H

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALGORITHM_KEY_MAX = 64 };

struct algorithm {
    const char *word; /* "gost2012-256", "gost2012-512", "gost2001" */
    /* Its keys are read and sign; none is made, certified or trusted. */
    bool retired;
    size_t key_size; /* bytes of a scalar: 32 or 64 */
    gnutls_pk_algorithm_t pk;
    gnutls_digest_algorithm_t digest;
    gnutls_sign_algorithm_t sign;
    gnutls_ecc_curve_t curve;
    const char *key_oid;               /* 1.2.643.7.1.1.1.1 or .2 */
    const char *curve_oid;             /* CryptoPro-XchA, TC26-512-A */
    const char *digest_oid;            /* Streebog-256, -512 */
    const char *digest_parameters_oid; /* the same among a key's parameters */
    const uint8_t *order;              /* q, big-endian, key_size bytes */
};

/* Of new keys by its word, or NULL. NULL as word gives the default,
 * gost2012-256. */
const struct algorithm *algorithm_by_word(const char *word);

/* By its word, also a retired one; NULL where it is none. */
const struct algorithm *algorithm_find(const char *word);

/* Of a public key; NULL where it is none of the table. */
const struct algorithm *algorithm_of_key(gnutls_pubkey_t key);

/* Those of new keys, ended by NULL. */
const struct algorithm *const *algorithm_all(void);

#endif
