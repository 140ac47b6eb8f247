/* Key pairs of the test module: made and used by GnuTLS alone. */
#ifndef TESTS_PKCS11_KEY_H
#define TESTS_PKCS11_KEY_H

#include "tests/pkcs11/token.h"

enum { KEY_POINT_MAX = 128, KEY_PRIVATE_MAX = 512 };

/* The curve of an OID in DER, as CKA_GOSTR3410_PARAMS has it, and a digest of
 * 32 or 64 bytes; 0 where there is none. */
size_t key_size_of(const void *parameters, size_t size);

/* Make a pair: the point X ‖ Y little-endian, PKCS#8 into private. */
CK_RV key_make(const void *parameters, size_t size, uint8_t *point,
               uint8_t *private, size_t *private_size);

/* Sign a digest: s ‖ r big-endian, twice as long. */
CK_RV key_sign(const void *private, size_t private_size, const uint8_t *digest,
               size_t digest_size, uint8_t *signature);

#endif
