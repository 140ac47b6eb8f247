#include "token/pkcs11/pkcs11_object.h"

#include "keygen/utf8.h"

#include <string.h>

enum { AT_ONCE = 64 };

CK_ATTRIBUTE pkcs11_object_row(CK_ATTRIBUTE_TYPE type, const void *value,
                               size_t size)
{
    return (CK_ATTRIBUTE){type, (void *)(uintptr_t)value, size};
}

/* One portion behind the others; *more: there may be another one. */
static enum fault take_some(const struct pkcs11_token *token,
                            struct pkcs11_objects *found, bool *more)
{
    CK_OBJECT_HANDLE some[AT_ONCE];
    CK_ULONG count = 0;
    const CK_RV rv =
        token->call->C_FindObjects(token->session, some, AT_ONCE, &count);

    *more = false;
    if (rv != CKR_OK)
        return pkcs11_module_fault(rv);
    if (count > AT_ONCE)
        return FAULT_TOKEN_ANSWER;
    if (count > PKCS11_OBJECTS_MAX - found->count)
        return FAULT_TOO_LARGE;
    memcpy(found->at + found->count, some, count * sizeof some[0]);
    found->count += count;
    *more = count > 0;
    return FAULT_NONE;
}

enum fault pkcs11_object_find(const struct pkcs11_token *token,
                              CK_OBJECT_CLASS class, const void *id,
                              size_t id_size, struct pkcs11_objects *found)
{
    CK_ATTRIBUTE wanted[] = {pkcs11_object_row(CKA_CLASS, &class, sizeof class),
                             pkcs11_object_row(CKA_ID, id, id_size)};
    enum fault fault = FAULT_NONE;
    bool more = true;
    CK_RV rv;

    found->count = 0;
    rv = token->call->C_FindObjectsInit(token->session, wanted,
                                        id_size > 0 ? 2 : 1);
    if (rv != CKR_OK)
        return pkcs11_module_fault(rv);
    while (more && fault == FAULT_NONE)
        fault = take_some(token, found, &more);
    rv = token->call->C_FindObjectsFinal(token->session);
    return fault != FAULT_NONE ? fault : pkcs11_module_fault(rv);
}

enum fault pkcs11_object_read(const struct pkcs11_token *token,
                              CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
                              void *value, size_t room, size_t *size)
{
    CK_ATTRIBUTE row = {type, value, room};
    const CK_RV rv =
        token->call->C_GetAttributeValue(token->session, object, &row, 1);

    *size = 0;
    if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE)
        return FAULT_NOT_FOUND;
    if (rv == CKR_BUFFER_TOO_SMALL)
        return FAULT_TOO_LARGE;
    if (rv != CKR_OK)
        return pkcs11_module_fault(rv);
    if (row.ulValueLen == CK_UNAVAILABLE_INFORMATION)
        return FAULT_NOT_FOUND;
    if (row.ulValueLen > room)
        return FAULT_TOKEN_ANSWER;
    *size = row.ulValueLen;
    return FAULT_NONE;
}

enum fault pkcs11_object_number(const struct pkcs11_token *token,
                                CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
                                CK_ULONG *number)
{
    CK_ULONG value = 0;
    size_t size;
    enum fault fault =
        pkcs11_object_read(token, object, type, &value, sizeof value, &size);

    *number = value;
    if (fault == FAULT_NONE && size != sizeof value)
        fault = FAULT_TOKEN_ANSWER;
    return fault;
}

bool pkcs11_object_flag(const struct pkcs11_token *token,
                        CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
    CK_BBOOL flag = CK_FALSE;
    size_t size;

    return pkcs11_object_read(token, object, type, &flag, sizeof flag, &size) ==
               FAULT_NONE &&
           size == sizeof flag && flag != CK_FALSE;
}

void pkcs11_object_label(const struct pkcs11_token *token,
                         CK_OBJECT_HANDLE object, char *label, size_t room)
{
    size_t size;

    if (pkcs11_object_read(token, object, CKA_LABEL, label, room - 1, &size) !=
            FAULT_NONE ||
        !utf8_is_line(label, size, CONTAINER_NAME_MAX))
        size = 0;
    label[size] = '\0';
}
