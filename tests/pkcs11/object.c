/* Objects of module.h: seeing, reading, making, removing them. */
#include "tests/pkcs11/module.h"

#include "tests/pkcs11/settings.h"

#include <stdio.h>
#include <string.h>

struct object *module_object(const struct visit *at, CK_OBJECT_HANDLE handle)
{
    struct object *all = at->token->object;

    for (size_t i = 0; i < OBJECTS_MAX; i++)
        if (handle != 0 && all[i].handle == handle &&
            (!all[i].private || module_is_open(at)))
            return &all[i];
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
    struct visit at = module_visit("C_GetAttributeValue", "", handle);
    const struct object *object = NULL;

    if (at.rv == CKR_OK)
        object = module_object(&at, which);
    if (at.rv == CKR_OK && object == NULL)
        at.rv = CKR_OBJECT_HANDLE_INVALID;
    for (CK_ULONG i = 0; object != NULL && i < count; i++) {
        const CK_RV one = get_one(object, &template[i]);

        if (one != CKR_OK)
            at.rv = one;
    }
    return module_leave(&at);
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

static bool is_hidden(const struct object *object)
{
    return settings_has("hidden") &&
           object_number(object, CKA_CLASS) == CKO_CERTIFICATE;
}

static void search(const struct visit *at, const CK_ATTRIBUTE *template,
                   CK_ULONG count)
{
    struct session *session = at->session;

    session->found = session->at = 0;
    for (size_t i = 0; i < OBJECTS_MAX; i++) {
        const struct object *object =
            module_object(at, at->token->object[i].handle);

        if (object != NULL && !is_hidden(object) &&
            matches(object, template, count))
            session->find[session->found++] = object->handle;
    }
    session->searching = true;
}

CK_RV module_find_init(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template,
                       CK_ULONG count)
{
    struct visit at = module_visit("C_FindObjectsInit", "", handle);

    if (at.rv == CKR_OK && at.session->searching)
        at.rv = CKR_OPERATION_ACTIVE;
    if (at.rv == CKR_OK)
        search(&at, template, count);
    return module_leave(&at);
}

CK_RV module_find(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE *objects,
                  CK_ULONG room, CK_ULONG *count)
{
    struct visit at = module_visit("C_FindObjects", "", handle);
    struct session *session = at.session;

    *count = 0;
    if (at.rv == CKR_OK && !session->searching)
        at.rv = CKR_OPERATION_NOT_INITIALIZED;
    while (at.rv == CKR_OK && *count < room && session->at < session->found) {
        objects[(*count)++] = session->find[session->at++];
        if (session->at == session->found && settings_has("endless"))
            session->at = 0;
    }
    if (at.rv == CKR_OK && settings_has("keepMany"))
        *count += 1000;
    return module_leave(&at);
}

CK_RV module_find_final(CK_SESSION_HANDLE handle)
{
    struct visit at = module_visit("C_FindObjectsFinal", "", handle);

    if (at.rv == CKR_OK)
        at.session->searching = false;
    return module_leave(&at);
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
                                              CKA_MODIFIABLE,
                                              TYPES_END};
    static const CK_ATTRIBUTE_TYPE needed[] = {CKA_CERTIFICATE_TYPE, CKA_VALUE,
                                               CKA_SUBJECT, CKA_TOKEN};
    CK_RV rv = object_fill(object, template, count, known);

    for (size_t k = 0; rv == CKR_OK && k < sizeof needed / sizeof needed[0];
         k++)
        if (object_find(object, needed[k]) == NULL)
            rv = CKR_TEMPLATE_INCOMPLETE;
    return rv;
}

CK_RV module_create(CK_SESSION_HANDLE handle, CK_ATTRIBUTE *template,
                    CK_ULONG count, CK_OBJECT_HANDLE *made)
{
    struct visit at = module_visit("C_CreateObject", "", handle);
    struct object *object = NULL;

    module_want_rights(&at);
    if (at.rv == CKR_OK && !is_certificate(template, count))
        at.rv = CKR_TEMPLATE_INCONSISTENT;
    if (at.rv == CKR_OK) {
        object = object_new(at.token);
        at.rv =
            object == NULL ? CKR_DEVICE_MEMORY : fill(object, template, count);
    }
    if (at.rv == CKR_OK)
        *made = settings_has("careless") ? 1 : object->handle;
    else if (object != NULL)
        object->handle = 0;
    return module_leave(&at);
}

CK_RV module_destroy(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE which)
{
    struct visit at = module_visit("C_DestroyObject", "", handle);
    struct object *object;

    module_want_rights(&at);
    if (at.rv == CKR_OK) {
        object = module_object(&at, which);
        if (object == NULL)
            at.rv = CKR_OBJECT_HANDLE_INVALID;
        else
            object->handle = 0;
    }
    return module_leave(&at);
}
