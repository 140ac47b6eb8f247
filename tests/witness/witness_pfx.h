/* A second reader of the PFX files of CryptoPro CSP, by libgcrypt, that
 * shares nothing with the one of token/. */
#ifndef TESTS_WITNESS_WITNESS_PFX_H
#define TESTS_WITNESS_WITNESS_PFX_H

#include "tests/witness/gost.h"

enum { WITNESS_PFX_TEXT = 128 };

/* Its first key and how many certificates there are. */
struct witness_pfx {
    char algorithm[ASN1_OID_TEXT]; /* of the PrivateKeyInfo */
    char agreement[ASN1_OID_TEXT]; /* of the blob */
    char curve[ASN1_OID_TEXT];
    uint8_t attributes, key_spec; /* as they stand */
    uint32_t number;              /* ALG_ID */
    char not_after[16];           /* "20250606132158Z", or empty */
    char name[WITNESS_PFX_TEXT];  /* friendlyName, each unit one character */
    char provider[WITNESS_PFX_TEXT];
    size_t size;
    uint8_t scalar[GOST_NUMBER];
    size_t keys, certificates;
    struct span certificate; /* the first, in plain */
    uint8_t *plain;          /* owned */
};

/* password is in 16-bit units, little-endian. NULL, or what is wrong. The
 * caller frees plain either way. */
const char *witness_pfx_open(struct witness_pfx *pfx, struct span file,
                             struct span password);

#endif
