/* The cryptography of containers by libgcrypt. Numbers are little-endian. */
#ifndef TESTS_WITNESS_GOST_H
#define TESTS_WITNESS_GOST_H

#include "tests/witness/asn1.h"

enum { GOST_KEY = 32, GOST_MAC = 4, GOST_NUMBER = 64 };

/* What differs between keys of 2001 and of 2012. */
struct gost_profile {
    int hash;         /* GCRY_MD_… */
    size_t block;     /* of the key derivation, bytes */
    const char *sbox; /* OID */
};

extern const struct gost_profile gost_2001, gost_2012;

/* Once, before anything else. */
bool gost_prepare(void);

/* The key derivation of a password, which is in cells of four bytes. */
bool gost_derive(const struct gost_profile *profile, struct span password,
                 struct span salt, uint8_t key[GOST_KEY]);

/* GOST 28147-89: ECB backwards, and the checksum. */
bool gost_decrypt(const struct gost_profile *profile,
                  const uint8_t key[GOST_KEY], struct span in, uint8_t *out);
bool gost_checksum(const struct gost_profile *profile,
                   const uint8_t key[GOST_KEY], struct span data,
                   uint8_t mac[GOST_MAC]);

/* scalar = masked / mask modulo the order of the curve, an OID. False also
 * where one of the two others is not between 0 and the order. */
bool gost_unmask(const char *curve, struct span masked, struct span mask,
                 uint8_t *scalar);

/* The point of a scalar; each number is size bytes. */
bool gost_point(const char *curve, const uint8_t *scalar, size_t size,
                uint8_t *x, uint8_t *y);

#endif
