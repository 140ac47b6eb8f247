/* One token behind a module, with a session. */
#ifndef TOKEN_PKCS11_PKCS11_TOKEN_H
#define TOKEN_PKCS11_PKCS11_TOKEN_H

#include "token/medium.h"
#include "token/pkcs11/pkcs11_module.h"
#include "token/pkcs11/pkcs11_place.h"

#include <stdbool.h>

#define PKCS11_ANY "pkcs11:" /* the place of whatever token there is */

struct pkcs11_token {
    const struct pkcs11_module *module;
    CK_FUNCTION_LIST *call; /* the module's */
    CK_SLOT_ID slot;
    CK_TOKEN_INFO info;          /* when it was opened */
    struct pkcs11_place place;   /* of the token, without a key */
    char location[LOCATION_MAX]; /* the same as text */
    CK_SESSION_HANDLE session;   /* 0: none */
    bool logged_in;              /* through this one */
    unsigned login;              /* which login of the process that was */
};

/* The token of a place, whether that names a key or not. writable: the session
 * is to change what is on it. FAULT_NO_TOKEN, FAULT_TOKEN_SEVERAL,
 * FAULT_TOKEN_UNKNOWN, FAULT_TOKEN_BUSY, FAULT_READ_ONLY and those of
 * pkcs11_module_open. Free with pkcs11_token_close. */
MUST_CHECK enum fault pkcs11_token_open(const struct pkcs11_place *place,
                                        bool writable,
                                        struct pkcs11_token **token);

/* The token of the key at where, a place that names it: FAULT_NOT_FOUND where
 * it names none, and those of pkcs11_place_read. Free both in any case. */
MUST_CHECK enum fault pkcs11_token_of_key(const char *where, bool writable,
                                          struct pkcs11_place *place,
                                          struct pkcs11_token **token);

/* Log out, unless another session is still at work, and close. */
void pkcs11_token_close(struct pkcs11_token **token);

/* Find it, without a session. */
MUST_CHECK enum fault pkcs11_token_find(const struct pkcs11_place *place,
                                        struct pkcs11_token **token);

/* Each that the usual module shows: as medium_ops.present is promised.
 * FAULT_MODULE_MISSING also where nobody has named a module. */
MUST_CHECK enum fault pkcs11_token_walk(medium_visitor *visit, void *context);

/* Read its info anew. FAULT_TOKEN_GONE where another one is in its slot. */
MUST_CHECK enum fault pkcs11_token_renew(struct pkcs11_token *token);

/* What there is to say of it, into info. */
void pkcs11_token_look(const struct pkcs11_token *token,
                       struct medium_info *info);

/* Whether it makes keys of an algorithm. */
bool pkcs11_token_makes(const struct pkcs11_token *token,
                        CK_MECHANISM_TYPE mechanism);

/* A field of a fixed size that is padded with blanks; "" where it is not
 * readable text. */
void pkcs11_token_text(const CK_UTF8CHAR *field, size_t size, char *text,
                       size_t room);
#define PKCS11_TOKEN_TEXT(field, text)                                         \
    pkcs11_token_text(field, sizeof(field), text, sizeof(text))

#endif
