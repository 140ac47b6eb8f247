#include "keygen/name.h"

#include "keygen/bytes.h"
#include "keygen/der.h"
#include "keygen/dirstring.h"
#include "keygen/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    FOREIGN_MAX = 4096,     /* bytes of a value as read, with its NUL */
    ATTRIBUTES_MAX = 64,    /* of a name as read */
    RFC4514_MAX = 64 * 1024 /* bytes of text */
};

/* X.520 gives 64 characters to most of these; authorities write more. */
static const struct name_rule rules[NAME_COUNT] = {
    [NAME_COUNTRY] = {"countryName", "2.5.4.6", DER_PRINTABLE_STRING, 2, 2},
    [NAME_STATE] = {"stateOrProvinceName", "2.5.4.8", DER_UTF8_STRING, 1, 128},
    [NAME_LOCALITY] = {"localityName", "2.5.4.7", DER_UTF8_STRING, 1, 128},
    [NAME_STREET] = {"streetAddress", "2.5.4.9", DER_UTF8_STRING, 1, 255},
    [NAME_ORGANIZATION] = {"organizationName", "2.5.4.10", DER_UTF8_STRING, 1,
                           255},
    [NAME_UNIT] = {"organizationalUnitName", "2.5.4.11", DER_UTF8_STRING, 1,
                   255},
    [NAME_TITLE] = {"title", "2.5.4.12", DER_UTF8_STRING, 1, 255},
    [NAME_COMMON_NAME] = {"commonName", "2.5.4.3", DER_UTF8_STRING, 1, 255},
    [NAME_SURNAME] = {"surname", "2.5.4.4", DER_UTF8_STRING, 1, 128},
    [NAME_GIVEN_NAME] = {"givenName", "2.5.4.42", DER_UTF8_STRING, 1, 128},
    [NAME_EMAIL] = {"emailAddress", "1.2.840.113549.1.9.1", DER_IA5_STRING, 3,
                    255},
    [NAME_INN] = {"inn", "1.2.643.3.131.1.1", DER_NUMERIC_STRING, 12, 12},
    [NAME_INNLE] = {"innle", "1.2.643.100.4", DER_NUMERIC_STRING, 10, 10},
    [NAME_SNILS] = {"snils", "1.2.643.100.3", DER_NUMERIC_STRING, 11, 11},
    [NAME_OGRN] = {"ogrn", "1.2.643.100.1", DER_NUMERIC_STRING, 13, 13},
    [NAME_OGRNIP] = {"ogrnip", "1.2.643.100.5", DER_NUMERIC_STRING, 15, 15},
};

const struct name_rule *name_rule(enum name_attribute attribute)
{
    return &rules[attribute];
}

int name_find(const char *word)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        if (strcmp(rules[i].word, word) == 0)
            return i;
    }
    return -1;
}

/* The same as rules[].oid as DER has them, for they are compared often. */
static const struct {
    size_t size;
    const char *content;
} oids[NAME_COUNT] = {
    [NAME_COUNTRY] = {3, "\x55\x04\x06"},
    [NAME_STATE] = {3, "\x55\x04\x08"},
    [NAME_LOCALITY] = {3, "\x55\x04\x07"},
    [NAME_STREET] = {3, "\x55\x04\x09"},
    [NAME_ORGANIZATION] = {3, "\x55\x04\x0A"},
    [NAME_UNIT] = {3, "\x55\x04\x0B"},
    [NAME_TITLE] = {3, "\x55\x04\x0C"},
    [NAME_COMMON_NAME] = {3, "\x55\x04\x03"},
    [NAME_SURNAME] = {3, "\x55\x04\x04"},
    [NAME_GIVEN_NAME] = {3, "\x55\x04\x2A"},
    [NAME_EMAIL] = {9, "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01"},
    [NAME_INN] = {8, "\x2A\x85\x03\x03\x81\x03\x01\x01"},
    [NAME_INNLE] = {5, "\x2A\x85\x03\x64\x04"},
    [NAME_SNILS] = {5, "\x2A\x85\x03\x64\x03"},
    [NAME_OGRN] = {5, "\x2A\x85\x03\x64\x01"},
    [NAME_OGRNIP] = {5, "\x2A\x85\x03\x64\x05"},
};

static int find_attribute(const struct der *oid)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        if (der_equals(oid, oids[i].content, oids[i].size))
            return i;
    }
    return -1;
}

void name_free(struct name *name)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        free(name->value[i]);
        name->value[i] = NULL;
    }
}

enum fault name_copy(const struct name *from, struct name *to)
{
    *to = (struct name){{NULL}};
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (from->value[i] == NULL)
            continue;
        to->value[i] = strdup(from->value[i]);
        if (to->value[i] == NULL) {
            name_free(to);
            return FAULT_MEMORY;
        }
    }
    return FAULT_NONE;
}

/* The alphabets of the types; UTF8String has none of its own. */
static bool fits_type(uint8_t tag, uint32_t character)
{
    const bool digit = character >= '0' && character <= '9';
    const bool letter = (character | 0x20) >= 'a' && (character | 0x20) <= 'z';

    switch (tag) {
    case DER_NUMERIC_STRING:
        return digit;
    case DER_PRINTABLE_STRING:
        return digit || letter ||
               (character < 0x80 && character != 0 &&
                strchr(" '()+,-./:=?", (int)character) != NULL);
    case DER_IA5_STRING:
        return character > ' ' && character < 0x7F;
    default:
        return true;
    }
}

static bool follows(const struct name_rule *rule, const char *value,
                    size_t size)
{
    uint32_t character;
    size_t count = 0;

    for (; size > 0; count++) {
        if (!utf8_read(&value, &size, &character) ||
            utf8_is_control(character) || !fits_type(rule->tag, character))
            return false;
    }
    return count >= rule->min && count <= rule->max;
}

/* Something before and behind the one @. */
static bool is_email(const char *value, size_t size)
{
    const char *at = memchr(value, '@', size);

    return at != NULL && at != value && at + 1 < value + size &&
           memchr(at + 1, '@', size - (size_t)(at + 1 - value)) == NULL;
}

enum fault name_set(struct name *name, enum name_attribute attribute,
                    const char *value, size_t size)
{
    char *copy;

    if (!follows(&rules[attribute], value, size) ||
        (attribute == NAME_EMAIL && !is_email(value, size)))
        return FAULT_NAME;
    copy = calloc(1, size + 1);
    if (copy == NULL)
        return FAULT_MEMORY;
    memcpy(copy, value, size);
    free(name->value[attribute]);
    name->value[attribute] = copy;
    return FAULT_NONE;
}

/* One attribute as found; an empty value counts as absent. */
static enum fault take(struct name *name, const struct der *oid, uint8_t tag,
                       const struct der *value)
{
    const int attribute = find_attribute(oid);
    struct bytes text;

    if (attribute < 0 || name->value[attribute] != NULL || value->left == 0)
        return FAULT_NONE;
    bytes_init(&text, FOREIGN_MAX);
    dirstring_read(tag, value->at, value->left, &text);
    bytes_put_byte(&text, '\0');
    if (text.failed) {
        bytes_free(&text);
        return FAULT_NAME;
    }
    name->value[attribute] = (char *)text.data;
    return FAULT_NONE;
}

/* RelativeDistinguishedName (RFC 5280 4.1.2.4); left counts attributes. */
static enum fault read_rdn(struct der rdn, unsigned *left, struct name *name)
{
    struct der attribute, oid, value, whole;
    enum fault fault = FAULT_NONE;
    uint8_t tag;

    while (!der_at_end(&rdn) && fault == FAULT_NONE) {
        if ((*left)-- == 0 || !der_read(&rdn, DER_SEQUENCE, &attribute) ||
            !der_read(&attribute, DER_OID, &oid) ||
            !der_read_any(&attribute, &tag, &value, &whole) ||
            !der_at_end(&attribute))
            return FAULT_NAME;
        fault = take(name, &oid, tag, &value);
    }
    return fault;
}

enum fault name_read(const void *der, size_t size, struct name *name)
{
    struct der in = {der, size};
    unsigned left = ATTRIBUTES_MAX;
    enum fault fault = FAULT_NAME;
    struct der list, rdn;

    *name = (struct name){{NULL}};
    if (der_read(&in, DER_SEQUENCE, &list) && der_at_end(&in))
        fault = FAULT_NONE;
    while (fault == FAULT_NONE && !der_at_end(&list))
        fault = der_read(&list, DER_SET, &rdn) ? read_rdn(rdn, &left, name)
                                               : FAULT_NAME;
    if (fault != FAULT_NONE)
        name_free(name);
    return fault;
}

enum fault name_of_certificate(gnutls_x509_crt_t certificate, bool issuer,
                               struct name *name)
{
    gnutls_datum_t der = {NULL, 0};
    enum fault fault = FAULT_NAME;
    const int got = issuer
                        ? gnutls_x509_crt_get_raw_issuer_dn(certificate, &der)
                        : gnutls_x509_crt_get_raw_dn(certificate, &der);

    *name = (struct name){{NULL}};
    if (got >= 0)
        fault = name_read(der.data, der.size, name);
    gnutls_free(der.data);
    return fault;
}

/* The subject within a CertificationRequest (RFC 2986 4.2). */
static bool find_subject(const gnutls_datum_t *der, struct der *subject)
{
    struct der in = {der->data, der->size}, request, info, content;
    uint8_t tag;

    return der_read(&in, DER_SEQUENCE, &request) &&
           der_read(&request, DER_SEQUENCE, &info) &&
           der_read(&info, DER_INTEGER, &content) &&
           der_read_any(&info, &tag, &content, subject);
}

enum fault name_of_request(gnutls_x509_crq_t request, struct name *name)
{
    gnutls_datum_t der = {NULL, 0};
    enum fault fault = FAULT_NAME;
    struct der subject;

    *name = (struct name){{NULL}};
    if (gnutls_x509_crq_export2(request, GNUTLS_X509_FMT_DER, &der) >= 0 &&
        find_subject(&der, &subject))
        fault = name_read(subject.at, subject.left, name);
    gnutls_free(der.data);
    return fault;
}

/* "OID=#DER in hex" */
static void put_attribute(struct bytes *out, const struct name_rule *rule,
                          const char *value)
{
    static const char digits[] = "0123456789ABCDEF";
    struct bytes der;

    bytes_init(&der, FOREIGN_MAX);
    der_put(&der, rule->tag, value, strlen(value));
    out->failed |= der.failed;
    bytes_put(out, rule->oid, strlen(rule->oid));
    bytes_put(out, "=#", 2);
    for (size_t i = 0; i < der.size; i++) {
        bytes_put_byte(out, (uint8_t)digits[der.data[i] >> 4]);
        bytes_put_byte(out, (uint8_t)digits[der.data[i] & 0xF]);
    }
    bytes_free(&der);
}

/* RelativeDistinguishedName of one attribute (X.501 9.3). */
static void put_rdn(struct bytes *out, const struct name_rule *rule,
                    const char *value)
{
    const size_t start = out->size;

    der_put_oid(out, rule->oid);
    der_put(out, rule->tag, value, strlen(value));
    der_wrap(out, start, DER_SEQUENCE);
    der_wrap(out, start, DER_SET);
}

enum fault name_put(const struct name *name, struct bytes *out)
{
    const size_t start = out->size;

    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (name->value[i] == NULL)
            continue;
        if (!follows(&rules[i], name->value[i], strlen(name->value[i])))
            return FAULT_NAME;
        put_rdn(out, &rules[i], name->value[i]);
    }
    der_wrap(out, start, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault name_to_rfc4514(const struct name *name, char **text)
{
    struct bytes out;

    *text = NULL;
    bytes_init(&out, RFC4514_MAX);
    /* RFC 4514 2.1: the text begins with the last of the sequence. */
    for (size_t i = NAME_COUNT; i-- > 0;) {
        if (name->value[i] == NULL)
            continue;
        if (!follows(&rules[i], name->value[i], strlen(name->value[i]))) {
            bytes_free(&out);
            return FAULT_NAME;
        }
        if (out.size > 0)
            bytes_put_byte(&out, ',');
        put_attribute(&out, &rules[i], name->value[i]);
    }
    bytes_put_byte(&out, '\0');
    if (out.failed) {
        bytes_free(&out);
        return FAULT_MEMORY;
    }
    *text = (char *)out.data;
    return FAULT_NONE;
}

bool name_equal(const struct name *a, const struct name *b)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        const char *left = a->value[i], *right = b->value[i];

        if ((left == NULL) != (right == NULL) ||
            (left != NULL && strcmp(left, right) != 0))
            return false;
    }
    return true;
}
