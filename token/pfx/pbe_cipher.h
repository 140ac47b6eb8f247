/* The ciphers of encryption under a password. For pbe.c and pbe_scheme.c. */
#ifndef TOKEN_PFX_PBE_CIPHER_H
#define TOKEN_PFX_PBE_CIPHER_H

#include <gnutls/crypto.h>
#include <stddef.h>

struct pbe_cipher {
    gnutls_cipher_algorithm_t id;
    size_t key_size, iv_size;
    size_t block;    /* padded to whole blocks; 1: a stream */
    const char *oid; /* in PBES2; of GOST 28147-89 its parameters' OID */
};

extern const struct pbe_cipher pbe_cipher_3des, pbe_cipher_rc2_40,
    pbe_cipher_cryptopro, pbe_cipher_tc26;

#endif
