#include "token/container/header.h"

#include "token/container/validity.h"

#include <string.h>

static const char format_old[] = "1.2.643.2.2.37.1";
static const char format[] = "1.2.643.2.2.37.2.1";

/* The fields in the order in which they stand. */
enum kind {
    FORMAT,
    INNER_NAME,
    FLAGS,
    KEY,
    PASSWORD_MAC,
    SECOND_ENCRYPTED,
    SECOND_KEY,
    CERTIFICATE,
    SECOND_CERTIFICATE,
    ENCRYPTION_NAME,
    LINK,
    SECOND_LINK,
    FINGERPRINT,
    SECOND_FINGERPRINT,
    PASSWORD_POLICY,
    LEVEL,
    EXTENSIONS,
    SECOND_ENCRYPTION_NAME,
    KINDS
};

static const uint8_t tags[KINDS] = {
    [FORMAT] = 0xA0,
    [INNER_NAME] = DER_IA5_STRING,
    [FLAGS] = DER_BIT_STRING,
    [KEY] = DER_SEQUENCE,
    [PASSWORD_MAC] = 0x82,
    [SECOND_ENCRYPTED] = 0xA3,
    [SECOND_KEY] = 0xA4,
    [CERTIFICATE] = 0x85,
    [SECOND_CERTIFICATE] = 0x86,
    [ENCRYPTION_NAME] = 0x87,
    [LINK] = 0xA8,
    [SECOND_LINK] = 0xA9,
    [FINGERPRINT] = 0x8A,
    [SECOND_FINGERPRINT] = 0x8B,
    [PASSWORD_POLICY] = DER_SEQUENCE,
    [LEVEL] = DER_INTEGER,
    [EXTENSIONS] = 0xAC,
    [SECOND_ENCRYPTION_NAME] = 0x8D,
};

enum {
    FLAG_PASSWORD = 0x80,
    FLAG_RESERVE = 0x40,
    FLAG_KEY_ABSENT = 0x20,
    FLAG_SHARED = 0x10, /* a key that is made with a token's help */
    KEY_EXPORTABLE = 0x80,
    KEY_EXCHANGE = 0x20,
    TAG_KEY_ALGORITHM = 0xA0,
    MAC_KEY = 32
};

static const uint8_t zero_key[MAC_KEY];

/* The kind of a field that stands behind kind from - 1; KINDS where its tag
 * is none of the schema; -1 where it stands out of order or twice. */
static int find_kind(uint8_t tag, int from)
{
    for (int kind = from; kind < KINDS; kind++)
        if (tags[kind] == tag)
            return kind;
    return memchr(tags, tag, KINDS) == NULL ? KINDS : -1;
}

/* Take the content apart; fields of an unknown tag are passed over and stay
 * in before and after. */
static bool split(struct der content, struct header *header,
                  struct der field[KINDS])
{
    const uint8_t *start = content.at, *end = content.at + content.left;
    const uint8_t *cut = NULL, *rest = NULL;
    struct der value, whole;
    uint8_t tag;
    int next = 0;

    while (!der_at_end(&content)) {
        int kind;

        if (!der_read_any(&content, &tag, &value, &whole))
            return false;
        kind = find_kind(tag, next);
        if (kind < 0)
            return false;
        if (kind == KINDS)
            continue;
        if (cut == NULL && kind >= CERTIFICATE) {
            cut = whole.at;
            rest = kind == CERTIFICATE ? content.at : cut;
        }
        field[kind] = value;
        next = kind + 1;
    }
    cut = cut == NULL ? end : cut;
    rest = rest == NULL ? end : rest;
    header->before = (struct der){start, (size_t)(cut - start)};
    header->after = (struct der){rest, (size_t)(end - rest)};
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

static bool read_algorithm(struct der field, struct header *header)
{
    struct der oid, parameters, curve;

    if (!der_read(&field, DER_OID, &oid) ||
        !der_read(&field, DER_SEQUENCE, &parameters) ||
        !der_read(&parameters, DER_OID, &curve))
        return false;
    header->suite = suite_find(&oid);
    if (header->suite != NULL)
        header->algorithm = suite_algorithm(header->suite, &curve);
    return true;
}

static bool read_key(struct der field, struct header *header)
{
    struct der attributes, algorithm;
    uint8_t bits = 0;

    if (!der_read_optional(&field, DER_BIT_STRING, &attributes) ||
        !der_read_optional(&field, TAG_KEY_ALGORITHM, &algorithm) ||
        (attributes.at != NULL && !read_bits(&attributes, &bits)))
        return false;
    header->exportable = (bits & KEY_EXPORTABLE) != 0;
    return algorithm.at == NULL || read_algorithm(algorithm, header);
}

/* Why the key is not opened here. */
static enum fault judge(const struct header *header, uint8_t flags,
                        const struct der field[KINDS])
{
    static const enum kind second[] = {SECOND_ENCRYPTED, SECOND_KEY,
                                       SECOND_CERTIFICATE, SECOND_FINGERPRINT};
    struct der list = field[FORMAT], oid;

    if (list.at == NULL ||
        (der_read(&list, DER_OID, &oid) && der_is_oid(&oid, format_old)))
        return FAULT_OLD_FORMAT;
    list = field[FORMAT];
    if (!der_read(&list, DER_OID, &oid) || !der_is_oid(&oid, format))
        return FAULT_UNSUPPORTED;
    if ((flags & (FLAG_KEY_ABSENT | FLAG_SHARED)) != 0 || header->suite == NULL)
        return FAULT_UNSUPPORTED;
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++)
        if (field[second[i]].at != NULL)
            return FAULT_UNSUPPORTED;
    if (header->suite->fault != FAULT_NONE)
        return header->suite->fault;
    return header->algorithm == NULL ? FAULT_UNSUPPORTED : FAULT_NONE;
}

static bool fill(const struct der field[KINDS], struct header *header)
{
    uint8_t flags;

    if (field[FLAGS].at == NULL || field[KEY].at == NULL ||
        !read_bits(&field[FLAGS], &flags) || !read_key(field[KEY], header))
        return false;
    header->has_password = (flags & FLAG_PASSWORD) != 0;
    header->password_mac = field[PASSWORD_MAC];
    header->certificate = field[CERTIFICATE];
    header->fingerprint = field[FINGERPRINT];
    if (field[PASSWORD_MAC].at != NULL &&
        field[PASSWORD_MAC].left != GOST28147_MAC)
        return false;
    if (field[FINGERPRINT].at != NULL &&
        field[FINGERPRINT].left != HEADER_FINGERPRINT)
        return false;
    if (field[EXTENSIONS].at != NULL &&
        !validity_read(&field[EXTENSIONS], &header->key_not_after))
        return false;
    header->refused = judge(header, flags, field);
    return true;
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

static bool mac_matches(const struct header *header, const struct der *content,
                        const struct der *mac)
{
    const struct gost28147_sbox *sbox =
        header->suite == NULL ? &gost28147_z : header->suite->sbox;
    uint8_t computed[GOST28147_MAC];

    /* Whether the key changes here (RFC 4357 2.3.2) is not known; with this
     * S-box keys are not opened, so that nothing depends on it. */
    if (sbox == &gost28147_a && content->left > 1024)
        return true;
    gost28147_mac(sbox, zero_key, content->at, content->left, computed);
    return der_equals(mac, computed, sizeof computed);
}

enum fault header_read(const struct der *file, struct header *header)
{
    struct der rest = *file, outer, content, whole, mac;
    struct der field[KINDS] = {{NULL, 0}};
    uint8_t tag;

    *header = (struct header){.refused = FAULT_UNSUPPORTED};
    if (file->left > HEADER_MAX)
        return FAULT_TOO_LARGE;
    if (!der_read(&rest, DER_SEQUENCE, &outer) || !is_padding(&rest) ||
        !der_read_any(&outer, &tag, &content, &whole) || tag != DER_SEQUENCE ||
        !der_read(&outer, DER_OCTET_STRING, &mac) || !der_at_end(&outer))
        return FAULT_DAMAGED;
    if (!split(content, header, field) || !fill(field, header) ||
        !mac_matches(header, &whole, &mac))
        return FAULT_DAMAGED;
    return FAULT_NONE;
}

/* The fields that stand in out become a file. */
static enum fault seal(const struct suite *suite, struct bytes *out)
{
    uint8_t mac[GOST28147_MAC];

    der_wrap(out, 0, DER_SEQUENCE);
    if (!out->failed)
        gost28147_mac(suite->sbox, zero_key, out->data, out->size, mac);
    der_put(out, DER_OCTET_STRING, mac, sizeof mac);
    der_wrap(out, 0, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault header_replace(const struct header *header, const void *certificate,
                          size_t size, struct bytes *out)
{
    if (header->refused != FAULT_NONE)
        return header->refused;
    bytes_put(out, header->before.at, header->before.left);
    der_put(out, tags[CERTIFICATE], certificate, size);
    bytes_put(out, header->after.at, header->after.left);
    return seal(header->suite, out);
}

/* A BIT STRING whose last bits are unused. */
static void put_bits(struct bytes *out, uint8_t unused, unsigned bits)
{
    const uint8_t content[] = {unused, (uint8_t)bits};

    der_put(out, DER_BIT_STRING, content, sizeof content);
}

static void put_key(const struct header_content *content, struct bytes *out)
{
    const size_t start = out->size;
    size_t algorithm, parameters;

    put_bits(out, 5, KEY_EXCHANGE | (content->exportable ? KEY_EXPORTABLE : 0));
    algorithm = out->size;
    der_put_oid(out, suite_of(content->algorithm)->oid);
    parameters = out->size;
    der_put_oid(out, content->curve_oid);
    der_put_oid(out, content->algorithm->digest_oid);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, algorithm, TAG_KEY_ALGORITHM);
    der_wrap(out, start, tags[KEY]);
}

enum fault header_make(const struct header_content *content, struct bytes *out)
{
    der_put_oid(out, format);
    der_wrap(out, 0, tags[FORMAT]);
    put_bits(out, 6,
             FLAG_RESERVE | (content->has_password ? FLAG_PASSWORD : 0));
    put_key(content, out);
    der_put(out, tags[PASSWORD_MAC], content->password_mac, GOST28147_MAC);
    if (content->certificate != NULL)
        der_put(out, tags[CERTIFICATE], content->certificate->data,
                content->certificate->size);
    der_put(out, tags[FINGERPRINT], content->fingerprint, HEADER_FINGERPRINT);
    if (content->key_not_after != 0)
        validity_put(out, content->key_not_after);
    return seal(suite_of(content->algorithm), out);
}

void header_password_mac(const struct suite *suite, const uint8_t *key,
                         uint8_t mac[GOST28147_MAC])
{
    static const uint8_t zero[16];

    gost28147_mac(suite->sbox, key, zero, sizeof zero, mac);
}
