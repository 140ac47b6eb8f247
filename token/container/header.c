#include "token/container/header.h"

#include "token/container/header_field.h"

#include <string.h>

/* RFC 4357 2.3.2: after so many bytes the key of the checksum may change. */
enum { MESHING = 1024 };

static const uint8_t zero_key[GOST28147_KEY];

/* Take the content apart, up to the last field that is wanted; fields of an
 * unknown tag are passed over. */
static bool split(struct der content, enum header_field last,
                  struct der field[FIELD_KINDS])
{
    struct der value, whole;
    uint8_t tag;
    int next = 0;

    while (!der_at_end(&content) && next <= (int)last) {
        int kind;

        if (!der_read_any(&content, &tag, &value, &whole))
            return false;
        kind = header_field_find(tag, next);
        if (kind < 0)
            return false;
        if (kind == FIELD_KINDS)
            continue;
        field[kind] = value;
        next = kind + 1;
    }
    return true;
}

/* The first eight bits of a BIT STRING, the first one highest. */
static bool read_bits(const struct der *content, uint8_t *bits)
{
    *bits = 0;
    if (content->left == 0 || content->at[0] > 7 ||
        (content->left == 1 && content->at[0] != 0))
        return false;
    if (content->left > 1)
        *bits = content->at[1];
    return true;
}

static bool read_algorithm(struct der field, struct header_key *key)
{
    struct der parameters;

    if (!der_read(&field, DER_OID, &key->algorithm_oid) ||
        !der_read(&field, DER_SEQUENCE, &parameters) ||
        !der_read(&parameters, DER_OID, &key->curve_oid))
        return false;
    key->suite = suite_find(&key->algorithm_oid);
    key->curve = curve_find(&key->curve_oid);
    if (key->suite != NULL && key->curve != NULL)
        key->algorithm = suite_algorithm(key->suite, key->curve);
    return true;
}

static bool read_parameters(struct der field, struct header_key *key)
{
    struct der attributes, algorithm;
    uint8_t bits = 0;

    if (!der_read_optional(&field, DER_BIT_STRING, &attributes) ||
        !der_read_optional(&field, TAG_KEY_ALGORITHM, &algorithm) ||
        (attributes.at != NULL && !read_bits(&attributes, &bits)))
        return false;
    key->flags = bits;
    return algorithm.at == NULL || read_algorithm(algorithm, key);
}

/* Why no key of the container is opened here. */
static enum fault judge(uint8_t flags, const struct der field[FIELD_KINDS])
{
    struct der list = field[FIELD_FORMAT], oid;

    if (list.at == NULL)
        return FAULT_OLD_FORMAT;
    if (!der_read(&list, DER_OID, &oid))
        return FAULT_UNSUPPORTED;
    if (der_is_oid(&oid, HEADER_FORMAT_OLD))
        return FAULT_OLD_FORMAT;
    return !der_is_oid(&oid, HEADER_FORMAT) || (flags & FLAG_SHARED) != 0
               ? FAULT_UNSUPPORTED
               : FAULT_NONE;
}

static bool read_key(size_t i, const struct der field[FIELD_KINDS],
                     struct header_key *key)
{
    const struct der *parameters = &field[header_field_of[i].key];

    if (parameters->at != NULL && !read_parameters(*parameters, key))
        return false;
    key->certificate = field[header_field_of[i].certificate];
    key->fingerprint = field[header_field_of[i].fingerprint];
    if (key->algorithm == NULL ||
        (header_field_of[i].encrypted != FIELD_KINDS &&
         field[header_field_of[i].encrypted].at != NULL))
        key->refused = FAULT_UNSUPPORTED;
    return key->fingerprint.at == NULL ||
           key->fingerprint.left == HEADER_FINGERPRINT;
}

static bool has_second(const struct der field[FIELD_KINDS])
{
    return field[FIELD_SECOND_KEY].at != NULL ||
           field[FIELD_SECOND_ENCRYPTED].at != NULL ||
           field[FIELD_SECOND_CERTIFICATE].at != NULL ||
           field[FIELD_SECOND_FINGERPRINT].at != NULL;
}

static bool read_keys(const struct der field[FIELD_KINDS], uint8_t flags,
                      struct header *header)
{
    const size_t keys = has_second(field) ? 2 : 1;
    const enum fault refused = judge(flags, field);

    for (size_t i = 0; i < keys; i++) {
        struct header_key *key = &header->key[i];

        if (!read_key(i, field, key))
            return false;
        if (header->suite == NULL)
            header->suite = key->suite;
        /* One mask and one key derivation serve both. */
        else if (key->suite == NULL || key->suite->sbox != header->suite->sbox)
            key->refused = FAULT_UNSUPPORTED;
        if (refused != FAULT_NONE)
            key->refused = refused;
    }
    if ((flags & FLAG_KEY_ABSENT) != 0 && header->key[0].refused == FAULT_NONE)
        header->key[0].refused = FAULT_UNSUPPORTED;
    header->keys = keys;
    return true;
}

static bool fill(const struct der field[FIELD_KINDS], struct header *header)
{
    uint8_t flags;

    if (field[FIELD_FLAGS].at == NULL || field[FIELD_KEY].at == NULL ||
        !read_bits(&field[FIELD_FLAGS], &flags))
        return false;
    header->flags = flags;
    header->has_password = (flags & FLAG_PASSWORD) != 0;
    header->has_reserve = (flags & FLAG_RESERVE) != 0;
    header->password_mac = field[FIELD_PASSWORD_MAC];
    header->extensions = field[FIELD_EXTENSIONS];
    if (field[FIELD_PASSWORD_MAC].at != NULL &&
        field[FIELD_PASSWORD_MAC].left != GOST28147_MAC)
        return false;
    if (field[FIELD_EXTENSIONS].at != NULL &&
        !extensions_period(&field[FIELD_EXTENSIONS], &header->period))
        return false;
    return read_keys(field, flags, header);
}

/* Tokens fill a file up with FF, some copying programs with 00. */
static bool is_padding(const struct der *rest)
{
    for (size_t i = 0; i < rest->left; i++)
        if (rest->at[i] != rest->at[0] ||
            (rest->at[i] != 0xFF && rest->at[i] != 0))
            return false;
    return true;
}

/* The checksum with a key that changes on the way, as the parameters of
 * S-box A demand (RFC 4357 2.3.2) though containers with S-box Z do not:
 * what CSP does is not published, so either counts. */
static bool meshed_mac_matches(const struct gost28147_sbox *sbox,
                               const struct der *content, const struct der *mac)
{
    uint8_t computed[GOST28147_MAC];

    gost28147_mac_meshed(sbox, zero_key, content->at, content->left, computed);
    return der_equals(mac, computed, sizeof computed);
}

static bool mac_matches(const struct header *header, const struct der *content,
                        const struct der *mac)
{
    const struct gost28147_sbox *sbox =
        header->suite == NULL ? &gost28147_z : header->suite->sbox;
    uint8_t computed[GOST28147_MAC];

    gost28147_mac(sbox, zero_key, content->at, content->left, computed);
    return der_equals(mac, computed, sizeof computed) ||
           (sbox == &gost28147_a && content->left > MESHING &&
            meshed_mac_matches(sbox, content, mac));
}

enum fault header_read(const struct der *file, struct header *header)
{
    struct der rest = *file, outer, whole, mac;
    struct der field[FIELD_KINDS] = {{NULL, 0}};
    uint8_t tag;

    *header = (struct header){.keys = 0};
    if (file->left > HEADER_MAX)
        return FAULT_TOO_LARGE;
    if (!der_read(&rest, DER_SEQUENCE, &outer) || !is_padding(&rest) ||
        !der_read_any(&outer, &tag, &header->content, &whole) ||
        tag != DER_SEQUENCE || !der_read(&outer, DER_OCTET_STRING, &mac) ||
        !der_at_end(&outer))
        return FAULT_DAMAGED;
    if (!split(header->content, FIELD_KINDS, field) || !fill(field, header))
        return FAULT_DAMAGED;
    header->mac_good = mac_matches(header, &whole, &mac);
    return header->mac_good ? FAULT_NONE : FAULT_DAMAGED;
}

enum fault header_read_front(const struct der *file, struct header *header)
{
    struct der rest = *file, outer;
    struct der field[FIELD_KINDS] = {{NULL, 0}};

    *header = (struct header){.keys = 0};
    return der_read(&rest, DER_SEQUENCE, &outer) &&
                   der_read(&outer, DER_SEQUENCE, &header->content) &&
                   split(header->content, FIELD_CERTIFICATE, field) &&
                   fill(field, header)
               ? FAULT_NONE
               : FAULT_DAMAGED;
}
