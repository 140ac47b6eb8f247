/* What there is on a token, by CKA_ID. */
#ifndef TOKEN_PKCS11_PKCS11_LISTING_H
#define TOKEN_PKCS11_PKCS11_LISTING_H

#include "token/pkcs11/pkcs11_object.h"

struct pkcs11_listing {
    size_t count;
    struct pkcs11_listed {
        size_t size;
        uint8_t id[PKCS11_ID_MAX];
    } key[PKCS11_OBJECTS_MAX];
    size_t nameless; /* keys that cannot be named: no id, or too long a one */
};

/* In the order of their ids, those of certificates alone too. Free with
 * pkcs11_listing_free. */
MUST_CHECK enum fault pkcs11_listing_read(const struct pkcs11_token *token,
                                          struct pkcs11_listing **listing);
void pkcs11_listing_free(struct pkcs11_listing **listing);

#endif
