/* Public keys of GOST R 34.10 as PKCS#11 has them: by the vendors' constants
 * of TC 26's profile (p11-kit/pkcs11x.h). */
#ifndef TOKEN_PKCS11_PKCS11_PUBLIC_H
#define TOKEN_PKCS11_PKCS11_PUBLIC_H

#include "keygen/der.h"
#include "token/pkcs11/pkcs11_object.h"

#include <p11-kit/pkcs11x.h>

struct pkcs11_public {
    enum fault refused; /* why it is not used here; FAULT_NONE: it is */
    const struct algorithm *algorithm; /* NULL where it is not computed */
    gnutls_ecc_curve_t curve;          /* under the name that it has */
    const char *kind, *curve_name;     /* as container_info has them */
    char algorithm_oid[CONTAINER_OID_MAX], curve_oid[CONTAINER_OID_MAX];
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    char label[4 * CONTAINER_NAME_MAX]; /* "": none */
};

/* Of an object. A key of another kind is no fault but refused. */
MUST_CHECK enum fault pkcs11_public_read(const struct pkcs11_token *token,
                                         CK_OBJECT_HANDLE object,
                                         struct pkcs11_public *public);

/* Of a certificate, where the token keeps no public key by itself. */
void pkcs11_public_of_certificate(const struct certificate *certificate,
                                  struct pkcs11_public *public);

/* The point of a CKA_VALUE, which some tokens give as it is and some in an
 * OCTET STRING. FAULT_TOKEN_ANSWER where it is neither. */
MUST_CHECK enum fault pkcs11_public_point(const uint8_t *value, size_t size,
                                          size_t key_size, uint8_t *point);

#endif
