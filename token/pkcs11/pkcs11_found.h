/* What lies on a token under one CKA_ID: a public key, its certificates, and
 * after a login the private key. */
#ifndef TOKEN_PKCS11_PKCS11_FOUND_H
#define TOKEN_PKCS11_PKCS11_FOUND_H

#include "token/pkcs11/pkcs11_public.h"

struct pkcs11_found {
    struct pkcs11_public public;
    bool has_key, has_public;        /* one of a pair is there; the public */
    CK_OBJECT_HANDLE private;        /* 0: not there, or not seen */
    struct certificate *certificate; /* owned; NULL: none. The one for the key,
                                        of several the latest; one of an
                                        authority only if it is the key's */
    bool unread;                     /* one is there that cannot be read */
    bool misfit;                     /* it is for another key */
    char label[4 * CONTAINER_NAME_MAX];
};

/* FAULT_NOT_FOUND where nothing has that id but certificates of authorities,
 * FAULT_CERTIFICATE where there is only one that cannot be read. Free with
 * pkcs11_found_free in any case. */
MUST_CHECK enum fault pkcs11_found_read(const struct pkcs11_token *token,
                                        const void *id, size_t size,
                                        struct pkcs11_found *found);
void pkcs11_found_free(struct pkcs11_found *found);

/* The same without looking at certificates. */
MUST_CHECK enum fault pkcs11_found_key(const struct pkcs11_token *token,
                                       const void *id, size_t size,
                                       struct pkcs11_found *found);

/* What a medium says of it; the certificate goes over. */
MUST_CHECK enum fault pkcs11_found_tell(const struct pkcs11_token *token,
                                        const void *id, size_t size,
                                        struct pkcs11_found *found,
                                        struct container_info *info);

/* One certificate; it may be taken (*certificate NULL then). NULL: it cannot be
 * read. */
typedef void pkcs11_found_visitor(void *context, CK_OBJECT_HANDLE object,
                                  struct certificate **certificate);

/* Each certificate with that id. */
MUST_CHECK enum fault pkcs11_found_walk(const struct pkcs11_token *token,
                                        const void *id, size_t size,
                                        pkcs11_found_visitor *visit,
                                        void *context);

#endif
