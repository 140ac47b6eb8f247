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
                                              CKA_GOST28147_PARAMS};
    const CK_ULONG type = mechanism->mechanism == CKM_GOSTR3410_KEY_PAIR_GEN
                              ? CKK_GOSTR3410
                              : CKK_GOSTR3410_512;
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
    if (rv == CKR_OK)
        rv = object_set(object, CKA_CLASS, &class, sizeof class);
    if (rv == CKR_OK)
        rv = object_set(object, CKA_KEY_TYPE, &type, sizeof type);
    object->private = class == CKO_PRIVATE_KEY;
    return rv;
}

static CK_RV make(struct object *public, struct object *private,
                  const CK_ATTRIBUTE *parameters, size_t size)
{
    uint8_t point[KEY_POINT_MAX], bytes[KEY_PRIVATE_MAX];
    size_t bytes_size;
    CK_RV rv = key_make(parameters->pValue, parameters->ulValueLen, point,
                        bytes, &bytes_size);

    if (rv == CKR_OK)
        rv = object_set(public, CKA_VALUE, point, 2 * size);
    if (rv == CKR_OK)
        rv = object_set(private, CKA_VALUE, bytes, bytes_size);
    if (rv == CKR_OK)
        rv = object_set(private, CKA_GOSTR3410_PARAMS, parameters->pValue,
                        parameters->ulValueLen);
    return rv;
}

CK_RV module_generate(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism,
                      CK_ATTRIBUTE *of_public, CK_ULONG public_count,
                      CK_ATTRIBUTE *of_private, CK_ULONG private_count,
                      CK_OBJECT_HANDLE *made_public,
                      CK_OBJECT_HANDLE *made_private)
{
    CK_RV rv;
    struct object *public = NULL, *private = NULL;
    struct session *session;
    struct token *token;
    size_t size = 0;

    rv = module_call("C_GenerateKeyPair", "", handle, &session, &token);
    if (settings_has("careless")) {
        *made_public = 1;
        *made_private = 2;
    }
    if (rv != CKR_OK)
        return rv;
    if (!session->writable)
        rv = CKR_SESSION_READ_ONLY;
    else if (!module_logged_in(session->slot))
        rv = CKR_USER_NOT_LOGGED_IN;
    else
        rv = check(mechanism, of_public, public_count, &size);
    if (rv == CKR_OK && ((public = object_new(token)) == NULL ||
                         (private = object_new(token)) == NULL))
        rv = CKR_DEVICE_MEMORY;
    if (rv == CKR_OK)
        rv = fill(public, CKO_PUBLIC_KEY, mechanism, of_public, public_count);
    if (rv == CKR_OK)
        rv = fill(private, CKO_PRIVATE_KEY, mechanism, of_private,
                  private_count);
    if (rv == CKR_OK)
        rv = make(public, private,
                  pick(of_public, public_count, CKA_GOSTR3410_PARAMS), size);
    if (rv == CKR_OK) {
        *made_public = public->handle;
        *made_private = private->handle;
    } else {
        if (public != NULL)
        public->handle = 0;
        if (private != NULL)
        private->handle = 0;
    }
    token_leave();
    return rv;
}

/* --- signing ------------------------------------------------------------- */

CK_RV module_sign_init(CK_SESSION_HANDLE handle, CK_MECHANISM *mechanism,
                       CK_OBJECT_HANDLE which)
{
    CK_RV rv;
    const struct object *object;
    struct session *session;
    struct token *token;
    CK_ULONG type;

    rv = module_call("C_SignInit", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    object = module_object(token, session->slot, which);
    type = object != NULL ? object_number(object, CKA_KEY_TYPE) : ~0UL;
    if (session->key != 0)
        rv = CKR_OPERATION_ACTIVE;
    else if (object == NULL ||
             object_number(object, CKA_CLASS) != CKO_PRIVATE_KEY)
        rv = CKR_KEY_HANDLE_INVALID;
    else if (mechanism->mechanism !=
             (type == CKK_GOSTR3410_512 ? CKM_GOSTR3410_512 : CKM_GOSTR3410))
        rv = CKR_KEY_TYPE_INCONSISTENT;
    else
        session->key = which;
    session->authenticated = false;
    token_leave();
    return rv;
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
    CK_RV rv;
    const struct object *object;
    struct session *session;
    struct token *token;

    rv = module_call("C_Sign", "", handle, &session, &token);
    if (rv != CKR_OK)
        return rv;
    object = module_object(token, session->slot, session->key);
    rv = session->key == 0 ? CKR_OPERATION_NOT_INITIALIZED
         : object == NULL
             ? CKR_USER_NOT_LOGGED_IN
             : sign_with(session, object, data, data_size, signature, size);
    token_leave();
    return rv;
}
