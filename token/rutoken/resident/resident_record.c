#include "token/rutoken/resident/resident_record.h"

#include "keygen/moment.h"
#include "keygen/utf8.h"

#include <gnutls/crypto.h>
#include <string.h>

enum { SUM = 32, COUNTER = 4, TAG_CERTIFICATE = 0x80, VERSION_ONE = 1 };

static bool sum(const void *data, size_t size, uint8_t out[SUM])
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA256, data, size, out) >= 0;
}

enum fault resident_record_write(const struct resident_record *from,
                                 struct bytes *out)
{
    const uint8_t version = VERSION_ONE;
    const uint8_t counter[COUNTER] = {
        (uint8_t)(from->counter >> 24), (uint8_t)(from->counter >> 16),
        (uint8_t)(from->counter >> 8), (uint8_t)from->counter};
    uint8_t digest[SUM];

    der_put(out, DER_INTEGER, &version, sizeof version);
    der_put(out, DER_OCTET_STRING, counter, sizeof counter);
    der_put(out, DER_UTF8_STRING, from->name, strlen(from->name));
    der_put_oid(out, from->algorithm->curve_oid);
    der_put(out, DER_OCTET_STRING, from->point,
            from->made ? sizeof from->point : 0);
    moment_put(out, from->key_not_after);
    if (from->certificate != NULL)
        der_put(out, TAG_CERTIFICATE, from->certificate->der.data,
                from->certificate->der.size);
    der_wrap(out, 0, DER_SEQUENCE);
    if (out->failed || !sum(out->data, out->size, digest))
        return out->failed ? FAULT_TOO_LARGE : FAULT_LIBRARY;
    der_put(out, DER_OCTET_STRING, digest, sizeof digest);
    der_wrap(out, 0, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

static bool is_text(struct der text)
{
    const char *at = (const char *)text.at;
    uint32_t character;

    while (text.left > 0)
        if (!utf8_read(&at, &text.left, &character) || character == 0)
            return false;
    return true;
}

static bool take_name(struct der *in, struct resident_record *record)
{
    struct der name;

    if (!der_read(in, DER_UTF8_STRING, &name) ||
        name.left >= sizeof record->name || !is_text(name))
        return false;
    if (name.left > 0)
        memcpy(record->name, name.at, name.left);
    record->name[name.left] = '\0';
    return true;
}

static bool take_point(struct der *in, struct resident_record *record)
{
    struct der point;

    if (!der_read(in, DER_OCTET_STRING, &point) ||
        (point.left != 0 && point.left != sizeof record->point))
        return false;
    record->made = point.left > 0;
    if (record->made)
        memcpy(record->point, point.at, point.left);
    return true;
}

static enum fault take_fields(struct der in, struct resident_record *record)
{
    struct der version, counter, curve, element, content, certificate;
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t tag;

    if (!der_read(&in, DER_INTEGER, &version) ||
        !der_equals(&version, "\x01", 1) ||
        !der_read(&in, DER_OCTET_STRING, &counter) || counter.left != COUNTER ||
        !take_name(&in, record) || !der_read(&in, DER_OID, &curve) ||
        !der_is_oid(&curve, algorithm->curve_oid) || !take_point(&in, record) ||
        !der_read_any(&in, &tag, &content, &element) ||
        !moment_read(&element, &record->key_not_after) ||
        !der_read_optional(&in, TAG_CERTIFICATE, &certificate) ||
        !der_at_end(&in))
        return FAULT_DAMAGED;
    record->algorithm = algorithm;
    for (size_t i = 0; i < COUNTER; i++)
        record->counter = record->counter << 8 | counter.at[i];
    if (certificate.at == NULL)
        return FAULT_NONE;
    return certificate_read(certificate.at, certificate.left,
                            &record->certificate);
}

enum fault resident_record_read(struct der file, struct resident_record *record)
{
    struct der outer, inner, body, mac;
    uint8_t tag, digest[SUM];
    enum fault fault = FAULT_DAMAGED;

    *record = (struct resident_record){.counter = 0};
    if (!der_read(&file, DER_SEQUENCE, &outer) ||
        !der_read_any(&outer, &tag, &inner, &body) || tag != DER_SEQUENCE ||
        !der_read(&outer, DER_OCTET_STRING, &mac) || !der_at_end(&outer) ||
        !sum(body.at, body.left, digest) || !der_equals(&mac, digest, SUM))
        return fault;
    fault = take_fields(inner, record);
    if (fault != FAULT_NONE)
        resident_record_free(record);
    return fault;
}

void resident_record_free(struct resident_record *record)
{
    certificate_free(&record->certificate);
}
