/* A second reader of containers, by libgcrypt, that shares nothing with the
 * one of token/: what both read is so. It forgives nothing but padding, and
 * knows more curves. */
#ifndef TESTS_WITNESS_WITNESS_H
#define TESTS_WITNESS_WITNESS_H

#include "tests/witness/gost.h"

enum {
    WITNESS_FILES = 6,
    WITNESS_KEYS = 2,
    WITNESS_PAIRS = 2,
    WITNESS_NAME = 256
};

struct witness_key {
    bool present;
    const struct gost_profile *profile;
    char algorithm[ASN1_OID_TEXT], curve[ASN1_OID_TEXT];
    size_t size;        /* of each number */
    uint8_t attributes; /* as they stand: 0x80 exportable, 0x20 exchange */
    uint8_t scalar[GOST_NUMBER], x[GOST_NUMBER], y[GOST_NUMBER];
    uint8_t masked[WITNESS_PAIRS][GOST_NUMBER]; /* decrypted, not unmasked */
    struct span certificate, fingerprint;       /* at NULL: none */
};

struct witness {
    bool has_password, has_reserve;
    char name[WITNESS_NAME]; /* as it stands, in CP1251 */
    char not_after[16];      /* "20250606132158Z", or empty */
    struct witness_key key[WITNESS_KEYS];
    uint8_t storage[WITNESS_PAIRS][GOST_KEY]; /* what the password gives */
    struct span content, seal, password_seal; /* windows on the files */
    struct span file[WITNESS_FILES];          /* owned */
};

/* Open the container in a folder: with pairs 2 both copies are opened, which
 * must agree. password is UTF-8, NULL where none is given. NULL, or what is
 * wrong with it. The caller ends it with witness_close either way. */
const char *witness_open(struct witness *witness, const char *folder,
                         const char *password, int pairs);
void witness_close(struct witness *witness);

#endif
