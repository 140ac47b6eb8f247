#include "token/pfx/private_key.h"

#include "keygen/scalar.h"
#include "token/container/suite.h"

#include <string.h>

enum { TAG_ATTRIBUTES = 0xA0, MASKS_MAX = 16 };

bool private_key_split(struct der in, struct private_key_info *info)
{
    struct der list, version, kind, skipped, whole;
    uint8_t tag;

    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in) ||
        !der_read(&list, DER_INTEGER, &version) || version.left != 1 ||
        version.at[0] > 1 || !der_read(&list, DER_SEQUENCE, &kind) ||
        !der_read(&kind, DER_OID, &info->oid) ||
        !der_read(&list, DER_OCTET_STRING, &info->value) ||
        !der_read_optional(&list, TAG_ATTRIBUTES, &info->attributes))
        return false;
    info->parameters = kind;
    while (!der_at_end(&list))
        if (!der_read_any(&list, &tag, &skipped, &whole))
            return false;
    return true;
}

enum fault private_key_kind(const struct der *oid, struct der parameters,
                            struct material_key *key)
{
    const struct suite *suite = suite_find(oid);
    struct der list, name;
    const struct curve *curve;

    if (suite == NULL)
        return FAULT_UNSUPPORTED;
    if (!der_read(&parameters, DER_SEQUENCE, &list) ||
        !der_at_end(&parameters) || !der_read(&list, DER_OID, &name))
        return FAULT_DAMAGED;
    curve = curve_find(&name);
    key->algorithm = curve == NULL ? NULL : suite_algorithm(suite, curve);
    if (key->algorithm == NULL)
        return FAULT_UNSUPPORTED;
    return der_oid_text(&name, key->curve_oid, sizeof key->curve_oid)
               ? FAULT_NONE
               : FAULT_DAMAGED;
}

/* An INTEGER, big-endian as they are. */
static enum fault take_integer(struct der number, struct material_key *key)
{
    const size_t size = key->algorithm->key_size;

    while (number.left > 0 && number.at[0] == 0) {
        number.at++;
        number.left--;
    }
    if (number.left > size)
        return FAULT_DAMAGED;
    memset(key->scalar, 0, sizeof key->scalar);
    for (size_t i = 0; i < number.left; i++)
        key->scalar[i] = number.at[number.left - 1 - i];
    return FAULT_NONE;
}

/* The number, or the number masked and its masks (R 50.1.112 4): the product
 * of all. */
static enum fault take_bare(struct der value, struct material_key *key)
{
    const size_t size = key->algorithm->key_size;
    enum fault fault = FAULT_NONE;

    if (value.left == 0 || value.left % size != 0 ||
        value.left / size > MASKS_MAX)
        return FAULT_DAMAGED;
    memcpy(key->scalar, value.at, size);
    for (size_t at = size; at < value.left && fault == FAULT_NONE; at += size)
        fault = scalar_multiply(key->algorithm, key->scalar, value.at + at,
                                key->scalar);
    return fault;
}

static enum fault take_value(struct der value, struct material_key *key)
{
    struct der rest = value, inner;

    if (value.left % key->algorithm->key_size == 0)
        return take_bare(value, key);
    if (der_read(&rest, DER_OCTET_STRING, &inner) && der_at_end(&rest))
        return take_bare(inner, key);
    if (der_read(&rest, DER_INTEGER, &inner) && der_at_end(&rest))
        return take_integer(inner, key);
    return FAULT_DAMAGED;
}

enum fault private_key_read(struct der in, struct material_key *key)
{
    struct private_key_info info;
    enum fault fault = FAULT_DAMAGED;

    if (!private_key_split(in, &info))
        return fault;
    fault = private_key_kind(&info.oid, info.parameters, key);
    if (fault == FAULT_NONE)
        fault = take_value(info.value, key);
    if (fault == FAULT_NONE && !scalar_valid(key->algorithm, key->scalar))
        fault = FAULT_DAMAGED;
    return fault;
}

void private_key_put_kind(const struct material_key *key, const char *oid,
                          struct bytes *out)
{
    const size_t start = out->size;
    const char *curve =
        key->curve_oid[0] != '\0' ? key->curve_oid : key->algorithm->curve_oid;
    size_t parameters;

    der_put_oid(out, oid != NULL ? oid : key->algorithm->key_oid);
    parameters = out->size;
    der_put_oid(out, curve);
    der_put_oid(out, key->algorithm->digest_parameters_oid);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, start, DER_SEQUENCE);
}

void private_key_put_shell(const struct material_key *key, struct bytes *out)
{
    static const uint8_t zero[ALGORITHM_KEY_MAX];
    const size_t start = out->size;

    der_put(out, DER_INTEGER, zero, 1);
    private_key_put_kind(key, NULL, out);
    der_put(out, DER_OCTET_STRING, zero, key->algorithm->key_size);
    der_wrap(out, start, DER_SEQUENCE);
}
