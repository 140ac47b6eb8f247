/* Objects on a token, as its module tells of them: each size has a maximum
 * before anything is read. */
#ifndef TOKEN_PKCS11_PKCS11_OBJECT_H
#define TOKEN_PKCS11_PKCS11_OBJECT_H

#include "token/pkcs11/pkcs11_token.h"

enum { PKCS11_OBJECTS_MAX = 512 /* of one class on one token */ };

struct pkcs11_objects {
    size_t count;
    CK_OBJECT_HANDLE at[PKCS11_OBJECTS_MAX];
};

/* Those of a class, with id only those of that CKA_ID (size 0: any).
 * FAULT_TOO_LARGE, FAULT_TOKEN_ANSWER. */
MUST_CHECK enum fault pkcs11_object_find(const struct pkcs11_token *token,
                                         CK_OBJECT_CLASS class, const void *id,
                                         size_t id_size,
                                         struct pkcs11_objects *found);

/* The first of those; 0 where there is none. */
MUST_CHECK enum fault pkcs11_object_first(const struct pkcs11_token *token,
                                          CK_OBJECT_CLASS class, const void *id,
                                          size_t id_size,
                                          CK_OBJECT_HANDLE *object);

/* An attribute that is wanted into room bytes, and what came of it: as
 * pkcs11_object_read says. */
struct pkcs11_value {
    CK_ATTRIBUTE_TYPE type;
    void *value;
    size_t room, size;
    enum fault fault;
};

enum { PKCS11_VALUES_MAX = 8 };

/* Read several at once; where one is missing each by itself, for not all
 * modules look at those behind it. */
void pkcs11_object_read_each(const struct pkcs11_token *token,
                             CK_OBJECT_HANDLE object,
                             struct pkcs11_value *values, size_t count);

/* Read an attribute into room bytes; *size is what it has. FAULT_NOT_FOUND
 * where the object has no such, FAULT_TOO_LARGE. */
MUST_CHECK enum fault pkcs11_object_read(const struct pkcs11_token *token,
                                         CK_OBJECT_HANDLE object,
                                         CK_ATTRIBUTE_TYPE type, void *value,
                                         size_t room, size_t *size);

/* The same of a number; FAULT_TOKEN_ANSWER where it has not the size of
 * one. */
MUST_CHECK enum fault pkcs11_object_number(const struct pkcs11_token *token,
                                           CK_OBJECT_HANDLE object,
                                           CK_ATTRIBUTE_TYPE type,
                                           CK_ULONG *number);

/* Of a CK_BBOOL; false where there is none. */
bool pkcs11_object_flag(const struct pkcs11_token *token,
                        CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

/* The label as one line of UTF-8; "" where there is none. */
void pkcs11_object_label(const struct pkcs11_token *token,
                         CK_OBJECT_HANDLE object, char *label, size_t room);

/* The same of one that was read, with room for a NUL more. */
void pkcs11_object_tidy_label(const struct pkcs11_value *read);

/* A row of a template; the value is not changed by any call. */
CK_ATTRIBUTE pkcs11_object_row(CK_ATTRIBUTE_TYPE type, const void *value,
                               size_t size);

#endif
