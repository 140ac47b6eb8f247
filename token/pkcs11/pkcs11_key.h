/* Private keys that stay on a token: opened, so that they sign. */
#ifndef TOKEN_PKCS11_PKCS11_KEY_H
#define TOKEN_PKCS11_PKCS11_KEY_H

#include "token/pkcs11/pkcs11_token.h"

/* As medium_ops.open and .remove are promised. */
MUST_CHECK enum fault pkcs11_key_open(const char *where, const char *password,
                                      struct container **container);
MUST_CHECK enum fault pkcs11_key_remove(const char *where);

/* The key of an id on a token that the user is logged in to. The token goes
 * over to the container (*token becomes NULL) where that is made. */
MUST_CHECK enum fault pkcs11_key_adopt(struct pkcs11_token **token,
                                       const void *id, size_t size,
                                       struct container **container);

#endif
