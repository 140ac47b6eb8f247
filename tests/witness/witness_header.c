#include "tests/witness/witness_header.h"

#include <string.h>

enum { HAS_PASSWORD = 0x80, HAS_RESERVE = 0x40, FINGERPRINT = 8 };

static const struct kind {
    const char *oid;
    size_t size;
    const struct gost_profile *profile;
} kinds[] = {
    {"1.2.643.2.2.98", 32, &gost_2001},
    {"1.2.643.2.2.19", 32, &gost_2001},
    {"1.2.643.7.1.1.6.1", 32, &gost_2012},
    {"1.2.643.7.1.1.1.1", 32, &gost_2012},
    {"1.2.643.7.1.1.6.2", 64, &gost_2012},
    {"1.2.643.7.1.1.1.2", 64, &gost_2012},
};

/* One byte at most is of interest: the flags of both kinds are in it. */
static bool read_flags(struct span bits, uint8_t *flags)
{
    *flags = bits.size > 1 ? bits.at[1] : 0;
    return bits.size >= 1 && bits.at[0] < 8;
}

static bool read_oid(struct span *from, char text[ASN1_OID_TEXT])
{
    struct span oid;

    return asn1_take(from, 0x06, &oid) && asn1_oid(oid, text);
}

/* GostPrivateKeyParameters */
static bool read_key(struct span parameters, struct witness_key *key)
{
    struct span bits, algorithm, curve;

    if (!asn1_take(&parameters, 0x03, &bits) ||
        !read_flags(bits, &key->attributes) ||
        !asn1_take(&parameters, 0xA0, &algorithm) || parameters.size != 0 ||
        !read_oid(&algorithm, key->algorithm) ||
        !asn1_take(&algorithm, 0x30, &curve) || algorithm.size != 0 ||
        !read_oid(&curve, key->curve))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].oid, key->algorithm) == 0) {
            key->profile = kinds[i].profile;
            key->size = kinds[i].size;
            key->present = true;
        }
    return key->present;
}

/* keyValidity among the extensions; another one is passed over. */
static bool read_validity(struct span extensions, char not_after[16])
{
    struct span one, value, dates, from, until;
    char oid[ASN1_OID_TEXT];

    while (extensions.size > 0) {
        if (!asn1_take(&extensions, 0x30, &one) || !read_oid(&one, oid) ||
            (asn1_tag(&one) == 0x01 && !asn1_skip(&one)) ||
            !asn1_take(&one, 0x04, &value))
            return false;
        if (strcmp(oid, "1.2.643.2.2.37.3.10") != 0)
            continue;
        if (!asn1_take(&value, 0x30, &dates) ||
            !asn1_maybe(&dates, 0x80, &from) ||
            !asn1_maybe(&dates, 0x81, &until) || until.size > 15)
            return false;
        if (until.at != NULL)
            memcpy(not_after, until.at, until.size);
    }
    return true;
}

/* What stands behind the parameters of the first key: each field may be
 * missing, the order is fixed. */
static bool read_fields(struct witness *witness, struct span *from)
{
    struct span second, ignored, extensions;
    struct witness_key *key = witness->key;

    if (!asn1_maybe(from, 0x82, &witness->password_seal) ||
        !asn1_maybe(from, 0x83, &ignored) || !asn1_maybe(from, 0xA4, &second) ||
        !asn1_maybe(from, 0x85, &key[0].certificate) ||
        !asn1_maybe(from, 0x86, &key[1].certificate) ||
        !asn1_maybe(from, 0x87, &ignored) ||
        !asn1_maybe(from, 0xA8, &ignored) ||
        !asn1_maybe(from, 0xA9, &ignored) ||
        !asn1_maybe(from, 0x8A, &key[0].fingerprint) ||
        !asn1_maybe(from, 0x8B, &key[1].fingerprint) ||
        !asn1_maybe(from, 0x30, &ignored) ||
        !asn1_maybe(from, 0x02, &ignored) ||
        !asn1_maybe(from, 0xAC, &extensions) ||
        !asn1_maybe(from, 0x8D, &ignored) || from->size != 0)
        return false;
    if (second.at != NULL && !read_key(second, &key[1]))
        return false;
    for (int i = 0; i < WITNESS_KEYS; i++)
        if (key[i].present && key[i].fingerprint.size != FINGERPRINT)
            return false;
    return read_validity(extensions, witness->not_after);
}

bool witness_header_read(struct witness *witness, struct span header)
{
    const uint8_t *start = header.at;
    struct span content, version, name, bits, parameters;
    char oid[ASN1_OID_TEXT];
    uint8_t flags;

    if (!asn1_take(&header, 0x30, &content))
        return false;
    witness->content = (struct span){start, (size_t)(header.at - start)};
    if (!asn1_take(&header, 0x04, &witness->seal) || header.size != 0 ||
        witness->seal.size != GOST_MAC ||
        !asn1_take(&content, 0xA0, &version) || !read_oid(&version, oid) ||
        strcmp(oid, "1.2.643.2.2.37.2.1") != 0 ||
        !asn1_maybe(&content, 0x16, &name) ||
        !asn1_take(&content, 0x03, &bits) || !read_flags(bits, &flags) ||
        !asn1_take(&content, 0x30, &parameters) ||
        !read_key(parameters, &witness->key[0]))
        return false;
    witness->has_password = (flags & HAS_PASSWORD) != 0;
    witness->has_reserve = (flags & HAS_RESERVE) != 0;
    return read_fields(witness, &content);
}

bool witness_header_point(struct span certificate, size_t size, struct span *x,
                          struct span *y)
{
    struct span outer, body, key, bits, point;

    if (!asn1_take(&certificate, 0x30, &outer) ||
        !asn1_take(&outer, 0x30, &body))
        return false;
    /* version, serial number, signature, issuer, validity, subject */
    for (int i = 0; i < 6; i++)
        if (!asn1_skip(&body))
            return false;
    if (!asn1_take(&body, 0x30, &key) || !asn1_skip(&key) ||
        !asn1_take(&key, 0x03, &bits) || bits.size < 1 || bits.at[0] != 0)
        return false;
    bits.at++;
    bits.size--;
    if (!asn1_take(&bits, 0x04, &point) || point.size != 2 * size)
        return false;
    *x = (struct span){point.at, size};
    *y = (struct span){point.at + size, size};
    return true;
}
