#include "keygen/outline.h"

#include "keygen/moment.h"

#include <string.h>

enum {
    SERIAL_MAX = 20, /* RFC 5280 4.1.2.2 */
    EXTENSIONS_MAX = 32,
    TIME_SIZE = 15, /* "20251231235959Z" */
    TAG_VERSION = 0xA0,
    TAG_EXTENSIONS = 0xA3,
    TAG_FROM = 0x80, /* of PrivateKeyUsagePeriod */
    TAG_UNTIL = 0x81
};

/* AlgorithmIdentifier of signatures without parameters (RFC 9215 2). */
static const char *const signatures[] = {
    "\x30\x0A\x06\x08\x2A\x85\x03\x07\x01\x01\x03\x02",
    "\x30\x0A\x06\x08\x2A\x85\x03\x07\x01\x01\x03\x03",
};

enum { SIGNATURE_SIZE = 12 };

/* Content of the AlgorithmIdentifier of keys as they are found (RFC 9215 4.2):
 * the curves CryptoPro-XchA, CryptoPro-A and TC26-256-B with the digest named
 * and without, TC26-512-A. */
static const struct {
    const char *word;
    size_t size;
    const char *content;
} keys[] = {
    {"gost2012-256", 31,
     "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x01\x30\x13\x06\x07\x2A\x85\x03\x02"
     "\x02\x24\x00\x06\x08\x2A\x85\x03\x07\x01\x01\x02\x02"},
    {"gost2012-256", 31,
     "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x01\x30\x13\x06\x07\x2A\x85\x03\x02"
     "\x02\x23\x01\x06\x08\x2A\x85\x03\x07\x01\x01\x02\x02"},
    {"gost2012-256", 23,
     "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x01\x30\x0B\x06\x09\x2A\x85\x03\x07"
     "\x01\x02\x01\x01\x02"},
    {"gost2012-512", 33,
     "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x02\x30\x15\x06\x09\x2A\x85\x03\x07"
     "\x01\x02\x01\x02\x01\x06\x08\x2A\x85\x03\x07\x01\x01\x02\x03"},
    {"gost2012-512", 23,
     "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x02\x30\x0B\x06\x09\x2A\x85\x03\x07"
     "\x01\x02\x01\x02\x01"},
};

/* At least one arc, each minimal and below 2^28. */
static bool is_oid(const struct der *oid)
{
    enum { ARC_BYTES = 4 };
    size_t bytes = 0;

    for (size_t i = 0; i < oid->left; i++) {
        if (bytes == 0 && oid->at[i] == 0x80)
            return false;
        bytes = (oid->at[i] & 0x80) != 0 ? bytes + 1 : 0;
        if (bytes == ARC_BYTES)
            return false;
    }
    return oid->left > 0 && bytes == 0;
}

static bool read_version(struct der *body)
{
    struct der version, number;

    return der_read(body, TAG_VERSION, &version) &&
           der_read(&version, DER_INTEGER, &number) && der_at_end(&version) &&
           number.left == 1 && number.at[0] == 2; /* v3 */
}

/* Positive and minimal. */
static bool read_serial(struct der *body, struct der *serial)
{
    struct der at;

    if (!der_read(body, DER_INTEGER, serial) || serial->left == 0)
        return false;
    at = *serial;
    if (at.at[0] == 0 && at.left > 1) {
        at.at++;
        at.left--;
        if (at.at[0] < 0x80)
            return false;
    } else if (at.at[0] >= 0x80) {
        return false;
    }
    return at.left <= SERIAL_MAX;
}

static bool is_signature(const struct der *whole)
{
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (der_equals(whole, signatures[i], SIGNATURE_SIZE))
            return true;
    return false;
}

static bool is_attribute(struct der *rdn)
{
    struct der attribute, oid, value, whole;
    uint8_t tag;

    /* A primitive value: what a SEQUENCE would hold is looked at nowhere. */
    return der_read(rdn, DER_SEQUENCE, &attribute) &&
           der_read(&attribute, DER_OID, &oid) && is_oid(&oid) &&
           der_read_any(&attribute, &tag, &value, &whole) && tag < 0x20 &&
           der_at_end(&attribute);
}

static bool read_name(struct der *body, struct der *name)
{
    struct der list, rdn;
    uint8_t tag;

    if (!der_read_any(body, &tag, &list, name) || tag != DER_SEQUENCE ||
        der_at_end(&list))
        return false;
    while (!der_at_end(&list)) {
        if (!der_read(&list, DER_SET, &rdn) || der_at_end(&rdn))
            return false;
        while (!der_at_end(&rdn))
            if (!is_attribute(&rdn))
                return false;
    }
    return true;
}

static bool read_time(struct der *in, time_t *when)
{
    struct der content, whole;
    uint8_t tag;

    return der_read_any(in, &tag, &content, &whole) &&
           moment_read(&whole, when) && *when > 0;
}

static bool read_validity(struct der *body, struct outline *out)
{
    struct der validity;

    return der_read(body, DER_SEQUENCE, &validity) &&
           read_time(&validity, &out->not_before) &&
           read_time(&validity, &out->not_after) && der_at_end(&validity);
}

static const struct algorithm *algorithm_named(const struct der *identifier)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (der_equals(identifier, keys[i].content, keys[i].size))
            return algorithm_by_word(keys[i].word);
    return NULL;
}

/* An OCTET STRING within the BIT STRING (RFC 9215 4.3). */
static bool read_key(struct der *body, struct outline *out)
{
    struct der key, identifier, bits;

    if (!der_read(body, DER_SEQUENCE, &key) ||
        !der_read(&key, DER_SEQUENCE, &identifier) ||
        !der_read(&key, DER_BIT_STRING, &bits) || !der_at_end(&key))
        return false;
    out->algorithm = algorithm_named(&identifier);
    if (out->algorithm == NULL || bits.left == 0 || bits.at[0] != 0)
        return false;
    bits.at++;
    bits.left--;
    return der_read(&bits, DER_OCTET_STRING, &out->point) &&
           der_at_end(&bits) && out->point.left == 2 * out->algorithm->key_size;
}

/* --- extensions ---------------------------------------------------------- */

/* One end of the period: GeneralizedTime under another tag. */
static bool read_end(struct der *period, uint8_t tag, time_t *when)
{
    uint8_t plain[2 + TIME_SIZE] = {DER_GENERALIZED_TIME, TIME_SIZE};
    struct der whole = {plain, sizeof plain}, content;

    if (!der_read(period, tag, &content) || content.left != TIME_SIZE)
        return false;
    memcpy(plain + 2, content.at, TIME_SIZE);
    return moment_read(&whole, when) && *when > 0;
}

/* Both ends, as certificates have them. */
static bool take_key_period(const struct der *value, struct outline *out)
{
    struct der in = *value, period;

    return out->key_not_after == 0 && der_read(&in, DER_SEQUENCE, &period) &&
           der_at_end(&in) &&
           read_end(&period, TAG_FROM, &out->key_not_before) &&
           read_end(&period, TAG_UNTIL, &out->key_not_after) &&
           der_at_end(&period);
}

static bool is_repeated(const struct der *oid, const struct der *known,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (der_equals(oid, known[i].at, known[i].left))
            return true;
    return false;
}

static bool take_extension(const struct der *oid, const struct der *value,
                           struct outline *out)
{
    /* GnuTLS looks into other names of owner (2.5.29.17) and issuer (.18)
     * when it reads; they are left to it. */
    if (der_equals(oid, "\x55\x1D\x11", 3) ||
        der_equals(oid, "\x55\x1D\x12", 3))
        return false;
    if (der_equals(oid, "\x55\x1D\x10", 3)) /* privateKeyUsagePeriod */
        return take_key_period(value, out);
    return true;
}

static bool read_extension(struct der *list, struct der *oid, struct der *value)
{
    struct der extension, critical;

    return der_read(list, DER_SEQUENCE, &extension) &&
           der_read(&extension, DER_OID, oid) && is_oid(oid) &&
           der_read_optional(&extension, DER_BOOLEAN, &critical) &&
           (critical.at == NULL || der_equals(&critical, "\xFF", 1)) &&
           der_read(&extension, DER_OCTET_STRING, value) &&
           der_at_end(&extension);
}

static bool read_extensions(struct der *body, struct outline *out)
{
    struct der known[EXTENSIONS_MAX], tagged, list, value;
    size_t count = 0;

    if (!der_read(body, TAG_EXTENSIONS, &tagged) || !der_at_end(body) ||
        !der_read(&tagged, DER_SEQUENCE, &list) || !der_at_end(&tagged) ||
        der_at_end(&list))
        return false;
    out->extensions = list;
    for (; !der_at_end(&list); count++)
        if (count == EXTENSIONS_MAX ||
            !read_extension(&list, &known[count], &value) ||
            is_repeated(&known[count], known, count) ||
            !take_extension(&known[count], &value, out))
            return false;
    return true;
}

/* --- the whole ----------------------------------------------------------- */

static bool read_body(struct der *body, struct der *algorithm,
                      struct outline *out)
{
    struct der content;
    uint8_t tag;

    return read_version(body) && read_serial(body, &out->serial) &&
           der_read_any(body, &tag, &content, algorithm) &&
           is_signature(algorithm) && read_name(body, &out->issuer) &&
           read_validity(body, out) && read_name(body, &out->subject) &&
           read_key(body, out) && read_extensions(body, out);
}

bool outline_read_front(struct der certificate, struct outline *outline,
                        struct der *rest)
{
    struct der outer, content, algorithm;
    uint8_t tag;

    *outline = (struct outline){.algorithm = NULL};
    return der_read(&certificate, DER_SEQUENCE, &outer) &&
           der_at_end(&certificate) && der_read(&outer, DER_SEQUENCE, rest) &&
           read_version(rest) && read_serial(rest, &outline->serial) &&
           der_read_any(rest, &tag, &content, &algorithm) &&
           is_signature(&algorithm) &&
           der_read_any(rest, &tag, &content, &outline->issuer) &&
           tag == DER_SEQUENCE;
}

bool outline_read_owner(struct der rest, struct outline *outline)
{
    return read_validity(&rest, outline) && read_name(&rest, &outline->subject);
}

bool outline_read(const void *der, size_t size, struct outline *outline)
{
    struct der in = {der, size}, outer, body, inside, outside, content, bits;
    uint8_t tag;

    *outline = (struct outline){.algorithm = NULL};
    return der_read(&in, DER_SEQUENCE, &outer) && der_at_end(&in) &&
           der_read(&outer, DER_SEQUENCE, &body) &&
           read_body(&body, &inside, outline) &&
           der_read_any(&outer, &tag, &content, &outside) &&
           der_equals(&inside, outside.at, outside.left) &&
           der_read(&outer, DER_BIT_STRING, &bits) && der_at_end(&outer) &&
           bits.left > 1 && bits.at[0] == 0;
}
