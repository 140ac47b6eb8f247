/* Key pairs that are made inside of a token. */
#ifndef TOKEN_PKCS11_PKCS11_PAIR_H
#define TOKEN_PKCS11_PKCS11_PAIR_H

#include "token/medium.h"

/* As medium_ops.generate is promised; the name of the container becomes the
 * CKA_ID, the name inside the label. FAULT_NOT_RESIDENT where the token does
 * not make keys of the algorithm. */
MUST_CHECK enum fault pkcs11_pair_generate(const char *location,
                                           const struct container_spec *spec,
                                           struct entropy *pool,
                                           struct container **container);

/* The mechanism that makes keys of an algorithm. */
unsigned long pkcs11_pair_mechanism(const struct algorithm *algorithm);

#endif
