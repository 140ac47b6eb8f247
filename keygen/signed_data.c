#include "keygen/signed_data.h"

#include <string.h>

enum {
    TAG_0 = 0xA0,
    TAG_1 = 0xA1,
    TAG_4 = 0xA4,
    DER_NULL = 0x05,
    ATTRIBUTES_MAX = 32,
    CERTIFICATES_MAX = 16
};

/* Contents of object identifiers. */
static const uint8_t signed_data_oid[] = {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                          0x0D, 0x01, 0x07, 0x02};
static const uint8_t content_type_oid[] = {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                           0x0D, 0x01, 0x09, 0x03};
static const uint8_t message_digest_oid[] = {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                             0x0D, 0x01, 0x09, 0x04};
static const uint8_t signing_time_oid[] = {0x2A, 0x86, 0x48, 0x86, 0xF7,
                                           0x0D, 0x01, 0x09, 0x05};
static const uint8_t signing_certificate_v2_oid[] = {
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x2F};

/* An AlgorithmIdentifier without parameters, or with NULL as its. */
static bool read_identifier(struct der *in, struct der *oid)
{
    struct der identifier, null;

    return der_read(in, DER_SEQUENCE, &identifier) &&
           der_read(&identifier, DER_OID, oid) &&
           der_read_optional(&identifier, DER_NULL, &null) && null.left == 0 &&
           der_at_end(&identifier);
}

static bool read_whole(struct der *in, uint8_t tag, struct der *whole)
{
    struct der content;
    uint8_t found;

    return der_peek(in) == tag && der_read_any(in, &found, &content, whole);
}

static bool read_content(struct der *in, struct signed_data *out)
{
    struct der info, wrapped;

    return der_read(in, DER_SEQUENCE, &info) &&
           der_read(&info, DER_OID, &out->content_type) &&
           der_read_optional(&info, TAG_0, &wrapped) && der_at_end(&info) &&
           (wrapped.at == NULL ||
            (der_read(&wrapped, DER_OCTET_STRING, &out->content) &&
             der_at_end(&wrapped)));
}

/* The only element of signerInfos. */
static bool read_signer(struct der *in, struct signed_data *out)
{
    struct der set, info, version, id, unsigned_attributes;

    return der_read(in, DER_SET, &set) && der_read(&set, DER_SEQUENCE, &info) &&
           der_at_end(&set) && der_read(&info, DER_INTEGER, &version) &&
           der_read(&info, DER_SEQUENCE, &id) &&
           read_whole(&id, DER_SEQUENCE, &out->issuer) &&
           der_read(&id, DER_INTEGER, &out->serial) && der_at_end(&id) &&
           read_identifier(&info, &out->digest_oid) &&
           (der_peek(&info) != TAG_0 ||
            read_whole(&info, TAG_0, &out->signed_attributes)) &&
           read_identifier(&info, &out->signature_oid) &&
           der_read(&info, DER_OCTET_STRING, &out->signature) &&
           der_read_optional(&info, TAG_1, &unsigned_attributes) &&
           der_at_end(&info);
}

bool signed_data_parse(const void *der, size_t size, struct signed_data *out)
{
    struct der in = {der, size}, info, type, wrapped, data;
    struct der version, digests, crls;

    memset(out, 0, sizeof *out);
    return der_read(&in, DER_SEQUENCE, &info) && der_at_end(&in) &&
           der_read(&info, DER_OID, &type) &&
           der_equals(&type, signed_data_oid, sizeof signed_data_oid) &&
           der_read(&info, TAG_0, &wrapped) && der_at_end(&info) &&
           der_read(&wrapped, DER_SEQUENCE, &data) && der_at_end(&wrapped) &&
           der_read(&data, DER_INTEGER, &version) &&
           der_read(&data, DER_SET, &digests) && read_content(&data, out) &&
           der_read_optional(&data, TAG_0, &out->certificates) &&
           der_read_optional(&data, TAG_1, &crls) && read_signer(&data, out) &&
           der_at_end(&data);
}

static bool take_content_type(struct der *value, struct signed_attributes *out)
{
    return der_read(value, DER_OID, &out->content_type);
}

static bool take_message_digest(struct der *value,
                                struct signed_attributes *out)
{
    return der_read(value, DER_OCTET_STRING, &out->message_digest);
}

static bool take_signing_time(struct der *value, struct signed_attributes *out)
{
    struct der content;
    uint8_t tag;

    return der_read_any(value, &tag, &content, &out->signing_time);
}

/* IssuerSerial: GeneralNames of one directoryName, INTEGER. */
static bool take_issuer_serial(struct der *in, struct signed_attributes *out)
{
    struct der names, name;

    return der_read(in, DER_SEQUENCE, &names) &&
           der_read(&names, TAG_4, &name) && der_at_end(&names) &&
           read_whole(&name, DER_SEQUENCE, &out->issuer) && der_at_end(&name) &&
           der_read(in, DER_INTEGER, &out->serial) && der_at_end(in);
}

/* RFC 5035 section 3: the first of the certificates is the signer's. */
static bool take_signing_certificate(struct der *value,
                                     struct signed_attributes *out)
{
    struct der attribute, ids, id, issuer_serial, policies;

    if (!der_read(value, DER_SEQUENCE, &attribute) ||
        !der_read(&attribute, DER_SEQUENCE, &ids) ||
        !der_read_optional(&attribute, DER_SEQUENCE, &policies) ||
        !der_at_end(&attribute) || !der_read(&ids, DER_SEQUENCE, &id) ||
        (der_peek(&id) == DER_SEQUENCE &&
         !read_identifier(&id, &out->hash_oid)) ||
        !der_read(&id, DER_OCTET_STRING, &out->certificate_hash) ||
        !der_read_optional(&id, DER_SEQUENCE, &issuer_serial) ||
        !der_at_end(&id))
        return false;
    return issuer_serial.at == NULL || take_issuer_serial(&issuer_serial, out);
}

static const struct {
    const uint8_t *oid;
    size_t size;
    bool (*take)(struct der *value, struct signed_attributes *out);
} attributes[] = {
    {content_type_oid, sizeof content_type_oid, take_content_type},
    {message_digest_oid, sizeof message_digest_oid, take_message_digest},
    {signing_time_oid, sizeof signing_time_oid, take_signing_time},
    {signing_certificate_v2_oid, sizeof signing_certificate_v2_oid,
     take_signing_certificate},
};

enum { ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

/* One attribute; seen remembers which of the known were there. */
static bool read_attribute(struct der *in, bool seen[ATTRIBUTES],
                           struct signed_attributes *out)
{
    struct der attribute, oid, values;
    size_t i = 0;

    if (!der_read(in, DER_SEQUENCE, &attribute) ||
        !der_read(&attribute, DER_OID, &oid) ||
        !der_read(&attribute, DER_SET, &values) || !der_at_end(&attribute))
        return false;
    while (i < ATTRIBUTES &&
           !der_equals(&oid, attributes[i].oid, attributes[i].size))
        i++;
    if (i == ATTRIBUTES)
        return true;
    if (seen[i])
        return false;
    seen[i] = true;
    return attributes[i].take(&values, out) && der_at_end(&values);
}

bool signed_data_attributes(const struct signed_data *data,
                            struct signed_attributes *out)
{
    struct der in = data->signed_attributes, set;
    bool seen[ATTRIBUTES] = {false};

    memset(out, 0, sizeof *out);
    if (in.at == NULL || !der_read(&in, TAG_0, &set) || der_at_end(&set))
        return false;
    for (size_t i = 0; i < ATTRIBUTES_MAX && !der_at_end(&set); i++) {
        if (!read_attribute(&set, seen, out))
            return false;
    }
    return der_at_end(&set);
}

/* Issuer and serial number of a Certificate (RFC 5280 4.1). */
bool signed_data_id(struct der certificate, struct der *issuer,
                    struct der *serial)
{
    struct der outer, inner, version, identifier;

    return der_read(&certificate, DER_SEQUENCE, &outer) &&
           der_read(&outer, DER_SEQUENCE, &inner) &&
           der_read_optional(&inner, TAG_0, &version) &&
           der_read(&inner, DER_INTEGER, serial) &&
           der_read(&inner, DER_SEQUENCE, &identifier) &&
           read_whole(&inner, DER_SEQUENCE, issuer);
}

bool signed_data_signer(const struct signed_data *data, struct der *out)
{
    struct der in = data->certificates, content, issuer, serial;
    uint8_t tag;

    for (size_t i = 0; i < CERTIFICATES_MAX && !der_at_end(&in); i++) {
        if (!der_read_any(&in, &tag, &content, out))
            return false;
        if (tag == DER_SEQUENCE && signed_data_id(*out, &issuer, &serial) &&
            der_equals(&issuer, data->issuer.at, data->issuer.left) &&
            der_equals(&serial, data->serial.at, data->serial.left))
            return true;
    }
    return false;
}
