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

static enum fault begin_finding(const struct pkcs11_token *token,
                                CK_OBJECT_CLASS class, const void *id,
                                size_t id_size)
{
    CK_ATTRIBUTE wanted[] = {pkcs11_object_row(CKA_CLASS, &class, sizeof class),
                             pkcs11_object_row(CKA_ID, id, id_size)};

    return pkcs11_module_fault(token->call->C_FindObjectsInit(
        token->session, wanted, id_size > 0 ? 2 : 1));
}

enum fault pkcs11_object_find(const struct pkcs11_token *token,
                              CK_OBJECT_CLASS class, const void *id,
                              size_t id_size, struct pkcs11_objects *found)
{
    enum fault fault = begin_finding(token, class, id, id_size);
    bool more = true;
    CK_RV rv;

    found->count = 0;
    if (fault != FAULT_NONE)
        return fault;
    while (more && fault == FAULT_NONE)
        fault = take_some(token, found, &more);
    rv = token->call->C_FindObjectsFinal(token->session);
    return fault != FAULT_NONE ? fault : pkcs11_module_fault(rv);
}

enum fault pkcs11_object_first(const struct pkcs11_token *token,
                               CK_OBJECT_CLASS class, const void *id,
                               size_t id_size, CK_OBJECT_HANDLE *object)
{
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG count = 0;
    enum fault fault = begin_finding(token, class, id, id_size);
    CK_RV rv;

    *object = 0;
    if (fault != FAULT_NONE)
        return fault;
    rv = token->call->C_FindObjects(token->session, &found, 1, &count);
    fault = rv == CKR_OK && count > 1 ? FAULT_TOKEN_ANSWER
                                      : pkcs11_module_fault(rv);
    rv = token->call->C_FindObjectsFinal(token->session);
    if (fault == FAULT_NONE)
        fault = pkcs11_module_fault(rv);
    if (fault == FAULT_NONE && count == 1)
        *object = found;
    return fault;
}

/* What one row of an answer has. */
static enum fault take_row(const CK_ATTRIBUTE *row, size_t room, size_t *size)
{
    *size = 0;
    if (row->ulValueLen == CK_UNAVAILABLE_INFORMATION)
        return FAULT_NOT_FOUND;
    if (row->ulValueLen > room)
        return FAULT_TOKEN_ANSWER;
    *size = row->ulValueLen;
    return FAULT_NONE;
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
    return rv == CKR_OK ? take_row(&row, room, size) : pkcs11_module_fault(rv);
}

void pkcs11_object_read_each(const struct pkcs11_token *token,
                             CK_OBJECT_HANDLE object,
                             struct pkcs11_value *values, size_t count)
{
    CK_ATTRIBUTE rows[PKCS11_VALUES_MAX];
    CK_RV rv;

    if (count > PKCS11_VALUES_MAX)
        count = PKCS11_VALUES_MAX;
    for (size_t i = 0; i < count; i++)
        rows[i] =
            (CK_ATTRIBUTE){values[i].type, values[i].value, values[i].room};
    rv = token->call->C_GetAttributeValue(token->session, object, rows, count);
    for (size_t i = 0; i < count; i++) {
        struct pkcs11_value *one = &values[i];

        one->fault = rv == CKR_OK ? take_row(&rows[i], one->room, &one->size)
                                  : pkcs11_object_read(token, object, one->type,
                                                       one->value, one->room,
                                                       &one->size);
    }
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

void pkcs11_object_tidy_label(const struct pkcs11_value *read)
{
    char *label = read->value;
    const bool good = read->fault == FAULT_NONE &&
                      utf8_is_line(label, read->size, CONTAINER_NAME_MAX);

    label[good ? read->size : 0] = '\0';
}

void pkcs11_object_label(const struct pkcs11_token *token,
                         CK_OBJECT_HANDLE object, char *label, size_t room)
{
    struct pkcs11_value read = {
        .type = CKA_LABEL, .value = label, .room = room - 1};

    read.fault = pkcs11_object_read(token, object, read.type, read.value,
                                    read.room, &read.size);
    pkcs11_object_tidy_label(&read);
}
