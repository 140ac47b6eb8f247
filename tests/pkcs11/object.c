/* Objects of module.h: seeing, reading, making, removing them. */
#include "tests/pkcs11/module.h"

#include "tests/pkcs11/settings.h"

#include <stdio.h>
#include <string.h>

struct object *module_object(struct token *token, CK_SLOT_ID slot,
                             CK_OBJECT_HANDLE handle)
{
    for (size_t i = 0; i < OBJECTS_MAX; i++)
        if (handle != 0 && token->object[i].handle == handle &&
            (!token->object[i].private || module_logged_in(slot)))
            return &token->object[i];
    return NULL;
}

/* --- reading ------------------------------------------------------------- */

static CK_RV put(CK_ATTRIBUTE *out, const void *value, size_t size)
{
    CK_RV rv = CKR_OK;

    if (out->pValue != NULL && out->ulValueLen < size)
        rv = CKR_BUFFER_TOO_SMALL;
    else if (out->pValue != NULL && size > 0)
        memcpy(out->pValue, value, size);
    out->ulValueLen = rv == CKR_OK ? size : CK_UNAVAILABLE_INFORMATION;
    return rv;
}

static size_t from_hex(const char *text, uint8_t *out, size_t room)
{
    size_t size = 0;
    unsigned byte;

    while (size < room && sscanf(text + 2 * size, "%2x", &byte) == 1)
        out[size++] = (uint8_t)byte;
    return size;
}

/* What a test wants said instead of the truth. */
static bool lie(CK_ATTRIBUTE *out, CK_RV *rv)
{
    const struct setting *setting;
    uint8_t value[512];
    char type[24];

    snprintf(type, sizeof type, "0x%lx", out->type);
    if (settings_find("without", type) != NULL) {
        out->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        *rv = CKR_ATTRIBUTE_TYPE_INVALID;
        return true;
    }
    setting = settings_find("value", type);
    if (setting != NULL)
        *rv = put(out, value,
                  setting->words < 3
                      ? 0
                      : from_hex(setting->word[2], value, sizeof value));
    if (setting != NULL)
        return true;
    setting = settings_find("size", type);
    if (setting == NULL)
        return false;
    out->ulValueLen = settings_number(setting, 2, 0);
    *rv = CKR_OK;
    return true;
}

/* X ‖ Y as it is, or in an OCTET STRING of 64 or 128 bytes. */
static CK_RV put_point(CK_ATTRIBUTE *out, const uint8_t *value, size_t size)
{
    uint8_t wrapped[131] = {0x04};
    size_t head = 1;

    if (!settings_has("octetString"))
        return put(out, value, size);
    if (size > 127)
        wrapped[head++] = 0x81;
    wrapped[head++] = (uint8_t)size;
    memcpy(wrapped + head, value, size);
    return put(out, wrapped, head + size);
}

/* What a key may not do, and says when it is asked. */
static bool is_refusal(CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE type)
{
    static const CK_ATTRIBUTE_TYPE refusals[] = {
        CKA_DECRYPT,          CKA_ENCRYPT,          CKA_WRAP,
        CKA_UNWRAP,           CKA_DERIVE,           CKA_LOCAL,
        CKA_VERIFY,           CKA_EXTRACTABLE,      CKA_ALWAYS_AUTHENTICATE,
        CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE};

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (refusals[i] == type)
            return class == CKO_PUBLIC_KEY || class == CKO_PRIVATE_KEY;
    return false;
}

static CK_RV get_one(const struct object *object, CK_ATTRIBUTE *out)
{
    const CK_ULONG class = object_number(object, CKA_CLASS);
    const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_RV rv = CKR_OK;
    const void *value;
    size_t size;

    if (lie(out, &rv))
        return rv;
    value = object_get(object, out->type, &size);
    if (class == CKO_PRIVATE_KEY && out->type == CKA_VALUE) {
        out->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_ATTRIBUTE_SENSITIVE;
    }
    if (class == CKO_PRIVATE_KEY && out->type == CKA_ALWAYS_AUTHENTICATE &&
        settings_has("alwaysAuthenticate"))
        return put(out, &yes, sizeof yes);
    if (class == CKO_PUBLIC_KEY && out->type == CKA_VALUE && value != NULL)
        return put_point(out, value, size);
    if (value == NULL && is_refusal(class, out->type))
        return put(out, &no, sizeof no);
    if (value == NULL) {
        out->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return CKR_ATTRIBUTE_TYPE_INVALID;
    }
    return put(out, value, size);
}

CK_RV module_get_value(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which,
                       CK_ATTRIBUTE *template, CK_ULONG count)
{
    CK_RV rv, one;
    const struct object *object;
    struct session *session;
    struct token *token;

    rv = module_call("C_GetAttributeValue", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    object = module_object(token, session->slot, which);
    if (object == NULL)
        rv = CKR_OBJECT_HANDLE_INVALID;
    for (CK_ULONG i = 0; object != NULL && i < count; i++) {
        one = get_one(object, &template[i]);
        if (one != CKR_OK)
            rv = one;
    }
    token_leave();
    return rv;
}

/* --- finding ------------------------------------------------------------- */

static bool matches(const struct object *object, const CK_ATTRIBUTE *template,
                    CK_ULONG count)
{
    const void *value;
    size_t size;

    for (CK_ULONG i = 0; i < count; i++) {
        value = object_get(object, template[i].type, &size);
        if (value == NULL || size != template[i].ulValueLen ||
            memcmp(value, template[i].pValue, size) != 0)
            return false;
    }
    return true;
}

CK_RV module_find_init(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template,
                       CK_ULONG count)
{
    CK_RV rv;
    struct session *session;
    struct token *token;

    rv = module_call("C_FindObjectsInit", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    if (session->searching)
        rv = CKR_OPERATION_ACTIVE;
    session->found = session->at = 0;
    for (size_t i = 0; rv == CKR_OK && i < OBJECTS_MAX; i++)
        if (module_object(token, session->slot, token->object[i].handle) !=
                NULL &&
            matches(&token->object[i], template, count))
            session->find[session->found++] = token->object[i].handle;
    session->searching = true;
    token_leave();
    return rv;
}

CK_RV module_find(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *objects,
                  CK_ULONG room, CK_ULONG *count)
{
    CK_RV rv;
    struct session *session;
    struct token *token;

    *count = 0;
    rv = module_call("C_FindObjects", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    if (!session->searching)
        rv = CKR_OPERATION_NOT_INITIALIZED;
    while (rv == CKR_OK && *count < room && session->at < session->found) {
        objects[(*count)++] = session->find[session->at++];
        if (session->at == session->found && settings_has("endless"))
            session->at = 0;
    }
    if (settings_has("keepMany"))
        *count += 1000;
    token_leave();
    return rv;
}

CK_RV module_find_final(CK_SESSION_HANDLE handle)
{
    CK_RV rv;
    struct session *session;
    struct token *token;

    rv = module_call("C_FindObjectsFinal", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    session->searching = false;
    token_leave();
    return CKR_OK;
}

/* --- making and removing ------------------------------------------------- */

static bool is_certificate(const CK_ATTRIBUTE *template, CK_ULONG count)
{
    for (CK_ULONG i = 0; i < count; i++)
        if (template[i].type == CKA_CLASS &&
            template[i].ulValueLen == sizeof(CK_ULONG) &&
            *(const CK_ULONG *)template[i].pValue == CKO_CERTIFICATE)
            return true;
    return false;
}

static CK_RV fill(struct object *object, const CK_ATTRIBUTE *template,
                  CK_ULONG count)
{
    static const CK_ATTRIBUTE_TYPE known[] = {CKA_CLASS,
                                              CKA_TOKEN,
                                              CKA_PRIVATE,
                                              CKA_LABEL,
                                              CKA_ID,
                                              CKA_VALUE,
                                              CKA_SUBJECT,
                                              CKA_ISSUER,
                                              CKA_TRUSTED,
                                              CKA_CERTIFICATE_TYPE,
                                              CKA_SERIAL_NUMBER,
                                              CKA_CERTIFICATE_CATEGORY,
                                              CKA_MODIFIABLE};
    static const CK_ATTRIBUTE_TYPE needed[] = {CKA_CERTIFICATE_TYPE, CKA_VALUE,
                                               CKA_SUBJECT, CKA_TOKEN};
    CK_RV rv = CKR_OK;

    for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
        size_t k = 0;

        while (k < sizeof known / sizeof known[0] &&
               known[k] != template[i].type)
            k++;
        rv = k < sizeof known / sizeof known[0]
                 ? object_set(object, template[i].type, template[i].pValue,
                              template[i].ulValueLen)
                 : CKR_ATTRIBUTE_TYPE_INVALID;
    }
    for (size_t k = 0; rv == CKR_OK && k < sizeof needed / sizeof needed[0];
         k++)
        if (object_find(object, needed[k]) == NULL)
            rv = CKR_TEMPLATE_INCOMPLETE;
    return rv;
}

CK_RV module_create(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template,
                    CK_ULONG count, CK_OBJECT_HANDLE *made)
{
    CK_RV rv;
    struct object *object = NULL;
    struct session *session;
    struct token *token;

    rv = module_call("C_CreateObject", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    if (!session->writable)
        rv = CKR_SESSION_READ_ONLY;
    else if (!module_logged_in(session->slot))
        rv = CKR_USER_NOT_LOGGED_IN;
    else if (!is_certificate(template, count))
        rv = CKR_TEMPLATE_INCONSISTENT;
    else if ((object = object_new(token)) == NULL)
        rv = CKR_DEVICE_MEMORY;
    else
        rv = fill(object, template, count);
    if (rv == CKR_OK)
        *made = object->handle;
    else if (object != NULL)
        object->handle = 0;
    token_leave();
    return rv;
}

CK_RV module_destroy(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which)
{
    CK_RV rv;
    struct object *object;
    struct session *session;
    struct token *token;

    rv = module_call("C_DestroyObject", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    object = module_object(token, session->slot, which);
    if (object == NULL)
        rv = CKR_OBJECT_HANDLE_INVALID;
    else if (!session->writable)
        rv = CKR_SESSION_READ_ONLY;
    else if (!module_logged_in(session->slot))
        rv = CKR_USER_NOT_LOGGED_IN;
    else
        object->handle = 0;
    token_leave();
    return rv;
}
