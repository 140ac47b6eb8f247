/* Keys of module.h: making a pair, signing. */
#include "tests/pkcs11/module.h"

#include "tests/pkcs11/key.h"
#include "tests/pkcs11/settings.h"

#include <stdio.h>
#include <string.h>

/* --- making -------------------------------------------------------------- */

static const CK_ATTRIBUTE *pick(const CK_ATTRIBUTE *template, CK_ULONG count,
                                CK_ATTRIBUTE_TYPE type)
{
    for (CK_ULONG i = 0; i < count; i++)
        if (template[i].type == type)
            return &template[i];
    return NULL;
}

/* Of the hash that belongs to keys of that size (RFC 9215). */
static bool hash_fits(const CK_ATTRIBUTE *hash, size_t size)
{
    static const uint8_t streebog_256[] = {0x06, 0x08, 0x2A, 0x85, 0x03,
                                           0x07, 0x01, 0x01, 0x02, 0x02};
    static const uint8_t streebog_512[] = {0x06, 0x08, 0x2A, 0x85, 0x03,
                                           0x07, 0x01, 0x01, 0x02, 0x03};

    return hash == NULL ||
           (hash->ulValueLen == sizeof streebog_256 &&
            memcmp(hash->pValue, size == 32 ? streebog_256 : streebog_512,
                   sizeof streebog_256) == 0);
}

static bool is_refused(const CK_ATTRIBUTE *parameters)
{
    const struct setting *setting = settings_find("refuseParameters", NULL);
    const uint8_t *bytes = parameters->pValue;
    char hex[64] = "";

    for (CK_ULONG i = 0; i < parameters->ulValueLen && i < 31; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    return setting != NULL && setting->words > 1 &&
           strcmp(setting->word[1], hex) == 0;
}

static CK_RV check(const CK_MECHANISM *mechanism, const CK_ATTRIBUTE *template,
                   CK_ULONG count, size_t *size)
{
    const CK_ATTRIBUTE *parameters =
        pick(template, count, CKA_GOSTR3410_PARAMS);
    const CK_ATTRIBUTE *type = pick(template, count, CKA_KEY_TYPE);
    const bool is_512 = mechanism->mechanism == CKM_GOSTR3410_512_KEY_PAIR_GEN;
    const CK_ULONG wanted = is_512 ? CKK_GOSTR3410_512 : CKK_GOSTR3410;

    if ((!is_512 && mechanism->mechanism != CKM_GOSTR3410_KEY_PAIR_GEN) ||
        settings_has("noMechanisms"))
        return CKR_MECHANISM_INVALID;
    if (parameters == NULL)
        return CKR_TEMPLATE_INCOMPLETE;
    *size = key_size_of(parameters->pValue, parameters->ulValueLen);
    if (*size != (is_512 ? 64 : 32) || is_refused(parameters) ||
        !hash_fits(pick(template, count, CKA_GOSTR3411_PARAMS), *size))
        return CKR_ATTRIBUTE_VALUE_INVALID;
    return type == NULL || (type->ulValueLen == sizeof wanted &&
                            memcmp(type->pValue, &wanted, sizeof wanted) == 0)
               ? CKR_OK
               : CKR_TEMPLATE_INCONSISTENT;
}

static CK_RV fill(struct object *object, CK_OBJECT_CLASS class,
                  const CK_MECHANISM *mechanism, const CK_ATTRIBUTE *template,
                  CK_ULONG count)
{
    static const CK_ATTRIBUTE_TYPE known[] = {CKA_CLASS,
                                              CKA_KEY_TYPE,
                                              CKA_TOKEN,
                                              CKA_PRIVATE,
                                              CKA_ID,
                                              CKA_LABEL,
                                              CKA_SIGN,
                                              CKA_VERIFY,
                                              CKA_DERIVE,
                                              CKA_SENSITIVE,
                                              CKA_EXTRACTABLE,
                                              CKA_DECRYPT,
                                              CKA_ENCRYPT,
                                              CKA_GOSTR3410_PARAMS,
                                              CKA_GOSTR3411_PARAMS,
                                              CKA_GOST28147_PARAMS,
                                              TYPES_END};
    const CK_ULONG type = mechanism->mechanism == CKM_GOSTR3410_KEY_PAIR_GEN
                              ? CKK_GOSTR3410
                              : CKK_GOSTR3410_512;
    CK_RV rv = object_fill(object, template, count, known);

    if (rv == CKR_OK)
        rv = object_set(object, CKA_CLASS, &class, sizeof class);
    if (rv == CKR_OK)
        rv = object_set(object, CKA_KEY_TYPE, &type, sizeof type);
    object->private = class == CKO_PRIVATE_KEY;
    return rv;
}

static CK_RV make(struct object *pair[2], const CK_ATTRIBUTE *parameters,
                  size_t size)
{
    uint8_t point[KEY_POINT_MAX], bytes[KEY_PRIVATE_MAX];
    size_t bytes_size;
    CK_RV rv = key_make(parameters->pValue, parameters->ulValueLen, point,
                        bytes, &bytes_size);

    if (rv == CKR_OK)
        rv = object_set(pair[0], CKA_VALUE, point, 2 * size);
    if (rv == CKR_OK)
        rv = object_set(pair[1], CKA_VALUE, bytes, bytes_size);
    if (rv == CKR_OK)
        rv = object_set(pair[1], CKA_GOSTR3410_PARAMS, parameters->pValue,
                        parameters->ulValueLen);
    return rv;
}

CK_RV module_generate(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism,
                      CK_ATTRIBUTE *of_public, CK_ULONG public_count,
                      CK_ATTRIBUTE *of_private, CK_ULONG private_count,
                      CK_OBJECT_HANDLE *made_public,
                      CK_OBJECT_HANDLE *made_private)
{
    struct visit at = module_visit("C_GenerateKeyPair", "", handle);
    struct object *pair[2] = {NULL, NULL}; /* public, private */
    size_t size = 0;

    if (settings_has("careless")) {
        *made_public = 1;
        *made_private = 2;
    }
    module_want_rights(&at);
    if (at.rv == CKR_OK)
        at.rv = check(mechanism, of_public, public_count, &size);
    for (size_t i = 0; i < 2 && at.rv == CKR_OK; i++) {
        pair[i] = object_new(at.token);
        at.rv = pair[i] == NULL
                    ? CKR_DEVICE_MEMORY
                    : fill(pair[i], i == 0 ? CKO_PUBLIC_KEY : CKO_PRIVATE_KEY,
                           mechanism, i == 0 ? of_public : of_private,
                           i == 0 ? public_count : private_count);
    }
    if (at.rv == CKR_OK)
        at.rv = make(pair, pick(of_public, public_count, CKA_GOSTR3410_PARAMS),
                     size);
    if (at.rv == CKR_OK) {
        *made_public = pair[0]->handle;
        *made_private = pair[1]->handle;
    }
    for (size_t i = 0; i < 2; i++)
        if (at.rv != CKR_OK && pair[i] != NULL)
            pair[i]->handle = 0;
    return module_leave(&at);
}

/* --- signing ------------------------------------------------------------- */

static CK_RV check_key(const struct object *object,
                       const CK_MECHANISM *mechanism)
{
    const bool is_512 = object != NULL && object_number(object, CKA_KEY_TYPE) ==
                                              CKK_GOSTR3410_512;

    if (object == NULL || object_number(object, CKA_CLASS) != CKO_PRIVATE_KEY)
        return CKR_KEY_HANDLE_INVALID;
    return mechanism->mechanism == (is_512 ? CKM_GOSTR3410_512 : CKM_GOSTR3410)
               ? CKR_OK
               : CKR_KEY_TYPE_INCONSISTENT;
}

CK_RV module_sign_init(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism,
                       CK_OBJECT_HANDLE which)
{
    struct visit at = module_visit("C_SignInit", "", handle);

    if (at.rv == CKR_OK && at.session->key != 0)
        at.rv = CKR_OPERATION_ACTIVE;
    if (at.rv == CKR_OK)
        at.rv = check_key(module_object(&at, which), mechanism);
    if (at.rv == CKR_OK) {
        at.session->key = which;
        at.session->authenticated = false;
    }
    return module_leave(&at);
}

static CK_RV make_signature(const struct object *object, const uint8_t *digest,
                            size_t size, uint8_t *out)
{
    uint8_t made[KEY_POINT_MAX];
    size_t private_size;
    const void *private = object_get(object, CKA_VALUE, &private_size);
    CK_RV rv = key_sign(private, private_size, digest, size, made);

    for (size_t i = 0; i < 2 * size; i++)
        out[i] = made[settings_has("reversed") ? 2 * size - 1 - i : i];
    if (settings_has("spoiled"))
        out[0] ^= 1;
    return rv;
}

static CK_RV sign_with(struct session *session, const struct object *object,
                       const CK_BYTE *data, CK_ULONG data_size,
                       CK_BYTE *signature, CK_ULONG *size)
{
    const CK_ULONG wanted =
        object_number(object, CKA_KEY_TYPE) == CKK_GOSTR3410_512 ? 64 : 32;
    const CK_ULONG room = *size;
    CK_RV rv;

    *size = 2 * wanted;
    if (signature == NULL)
        return CKR_OK;
    if (room < 2 * wanted)
        return CKR_BUFFER_TOO_SMALL;
    session->key = 0;
    if (settings_has("alwaysAuthenticate") && !session->authenticated)
        return CKR_USER_NOT_LOGGED_IN;
    if (data_size != wanted)
        return CKR_DATA_LEN_RANGE;
    rv = make_signature(object, data, wanted, signature);
    *size = settings_number(settings_find("signature", NULL), 1, *size);
    return rv;
}

CK_RV module_sign(CK_SESSION_HANDLE handle, CK_BYTE *data, CK_ULONG data_size,
                  CK_BYTE *signature, CK_ULONG *size)
{
    struct visit at = module_visit("C_Sign", "", handle);
    const struct object *object = NULL;

    if (at.rv == CKR_OK && at.session->key == 0)
        at.rv = CKR_OPERATION_NOT_INITIALIZED;
    if (at.rv == CKR_OK)
        object = module_object(&at, at.session->key);
    if (at.rv == CKR_OK)
        at.rv = object == NULL ? CKR_USER_NOT_LOGGED_IN
                               : sign_with(at.session, object, data, data_size,
                                           signature, size);
    return module_leave(&at);
}
