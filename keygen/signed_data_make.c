#include "keygen/signed_data.h"

enum { TAG_0 = 0xA0, VERSION_1 = 1 };

static const char id_signed_data[] = "1.2.840.113549.1.7.2";
static const char id_data[] = "1.2.840.113549.1.7.1";

static void put_version(struct bytes *out)
{
    static const uint8_t version = VERSION_1;

    der_put(out, DER_INTEGER, &version, 1);
}

/* AlgorithmIdentifier without parameters (RFC 9215 2, RFC 4490 2). */
static void put_identifier(struct bytes *out, const char *oid)
{
    const size_t start = out->size;

    der_put_oid(out, oid);
    der_wrap(out, start, DER_SEQUENCE);
}

static void put_content(struct bytes *out, const struct der *content)
{
    const size_t start = out->size;
    size_t inner;

    der_put_oid(out, id_data);
    inner = out->size;
    if (content->at != NULL) {
        der_put(out, DER_OCTET_STRING, content->at, content->left);
        der_wrap(out, inner, TAG_0);
    }
    der_wrap(out, start, DER_SEQUENCE);
}

static void put_signer(struct bytes *out, const struct signed_data_parts *parts)
{
    const size_t start = out->size;
    struct der issuer, serial;
    size_t inner;

    put_version(out);
    inner = out->size;
    if (signed_data_id(parts->certificate, &issuer, &serial)) {
        bytes_put(out, issuer.at, issuer.left);
        der_put(out, DER_INTEGER, serial.at, serial.left);
    } else {
        out->failed = true;
    }
    der_wrap(out, inner, DER_SEQUENCE);
    put_identifier(out, parts->digest_oid);
    der_put(out, TAG_0, parts->attributes.at, parts->attributes.left);
    put_identifier(out, parts->signature_oid);
    der_put(out, DER_OCTET_STRING, parts->signature.at, parts->signature.left);
    der_wrap(out, start, DER_SEQUENCE);
}

void signed_data_put(struct bytes *out, const struct signed_data_parts *parts)
{
    const size_t start = out->size;
    size_t wrapped, inner;

    der_put_oid(out, id_signed_data);
    wrapped = out->size;
    put_version(out);
    inner = out->size;
    put_identifier(out, parts->digest_oid);
    der_wrap(out, inner, DER_SET);
    put_content(out, &parts->content);
    der_put(out, TAG_0, parts->certificate.at, parts->certificate.left);
    inner = out->size;
    put_signer(out, parts);
    der_wrap(out, inner, DER_SET);
    der_wrap(out, wrapped, DER_SEQUENCE);
    der_wrap(out, wrapped, TAG_0);
    der_wrap(out, start, DER_SEQUENCE);
}
