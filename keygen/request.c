#include "keygen/request.h"

#include "keygen/der.h"
#include "keygen/utf8.h"

#include <string.h>

enum {
    CLASSES_MAX = 6, /* КС1 КС2 КС3 КВ1 КВ2 КА */
    KIND_MAX = 3,    /* RFC 9215 5.5 */
    SIGN_TOOL_MAX = 200,
    EXTENSION_MAX = 1024,
    TAG_ATTRIBUTES = 0xA0,
    TAG_FROM = 0x80, /* of PrivateKeyUsagePeriod */
    TAG_UNTIL = 0x81
};

static bool is_allowed(const struct request_content *content)
{
    return content->classes >= 1 && content->classes <= CLASSES_MAX &&
           content->identification_kind >= 0 &&
           content->identification_kind <= KIND_MAX &&
           utf8_is_line(content->sign_tool, strlen(content->sign_tool),
                        SIGN_TOOL_MAX) &&
           (content->key_not_before == 0) == (content->key_not_after == 0) &&
           content->key_not_before <= content->key_not_after;
}

/* digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment. */
static void put_usage(struct bytes *out, const struct request_content *content)
{
    static const uint8_t bits[] = {4 /* of no meaning */, 0xF0};

    (void)content;
    der_put(out, DER_BIT_STRING, bits, sizeof bits);
}

static void put_sign_tool(struct bytes *out,
                          const struct request_content *content)
{
    der_put(out, DER_UTF8_STRING, content->sign_tool,
            strlen(content->sign_tool));
}

static void put_kind(struct bytes *out, const struct request_content *content)
{
    const uint8_t kind = (uint8_t)content->identification_kind;

    der_put(out, DER_INTEGER, &kind, 1);
}

/* From the lowest class up to the strongest held (order 795). */
static void put_policies(struct bytes *out,
                         const struct request_content *content)
{
    char oid[] = "1.2.643.100.113.0";

    for (unsigned i = 1; i <= content->classes; i++) {
        const size_t start = out->size;

        oid[sizeof oid - 2] = (char)('0' + i);
        der_put_oid(out, oid);
        der_wrap(out, start, DER_SEQUENCE);
    }
    der_wrap(out, 0, DER_SEQUENCE);
}

static void put_purposes(struct bytes *out,
                         const struct request_content *content)
{
    (void)content;
    der_put_oid(out, GNUTLS_KP_TLS_WWW_CLIENT);
    der_put_oid(out, GNUTLS_KP_EMAIL_PROTECTION);
    der_wrap(out, 0, DER_SEQUENCE);
}

/* An IMPLICIT GeneralizedTime (RFC 3280 4.2.1.4). */
static void put_end(struct bytes *out, uint8_t tag, time_t when)
{
    char text[sizeof "20250101000000Z"] = "";
    struct tm utc;

    if (gmtime_r(&when, &utc) == NULL ||
        strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc) != sizeof text - 1)
        out->failed = true;
    der_put(out, tag, text, sizeof text - 1);
}

static void put_period(struct bytes *out, const struct request_content *content)
{
    if (content->key_not_after == 0)
        return;
    put_end(out, TAG_FROM, content->key_not_before);
    put_end(out, TAG_UNTIL, content->key_not_after);
    der_wrap(out, 0, DER_SEQUENCE);
}

/* What puts nothing leaves its extension out. */
static const struct {
    const char *oid;
    bool critical;
    void (*put)(struct bytes *out, const struct request_content *content);
} extensions[] = {
    {"2.5.29.15", true, put_usage},
    {"2.5.29.37", false, put_purposes},
    {"2.5.29.32", false, put_policies},
    {"1.2.643.100.111", false, put_sign_tool},
    {"1.2.643.100.114", false, put_kind},
    {"2.5.29.16", false, put_period},
};

static void put_extension(struct bytes *out, size_t i,
                          const struct request_content *content)
{
    static const uint8_t critical = 0xFF;
    const size_t start = out->size;
    struct bytes value;

    bytes_init(&value, EXTENSION_MAX);
    extensions[i].put(&value, content);
    if (value.size > 0) {
        der_put_oid(out, extensions[i].oid);
        if (extensions[i].critical)
            der_put(out, DER_BOOLEAN, &critical, 1);
        der_put(out, DER_OCTET_STRING, value.data, value.size);
        der_wrap(out, start, DER_SEQUENCE);
    }
    out->failed |= value.failed;
    bytes_free(&value);
}

/* One attribute, the extensions that are wished for (RFC 2985 5.4.2). */
static void put_attributes(struct bytes *out,
                           const struct request_content *content)
{
    const size_t start = out->size;
    size_t values;

    der_put_oid(out, "1.2.840.113549.1.9.14");
    values = out->size;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        put_extension(out, i, content);
    der_wrap(out, values, DER_SEQUENCE);
    der_wrap(out, values, DER_SET);
    der_wrap(out, start, DER_SEQUENCE);
    der_wrap(out, start, TAG_ATTRIBUTES);
}

static enum fault put_public(struct bytes *out, gnutls_pubkey_t public)
{
    gnutls_datum_t der = {NULL, 0};

    if (gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &der) < 0)
        return FAULT_LIBRARY;
    bytes_put(out, der.data, der.size);
    gnutls_free(der.data);
    return FAULT_NONE;
}

/* CertificationRequestInfo (RFC 2986 4.1). */
static enum fault put_info(struct bytes *out, gnutls_pubkey_t public,
                           const struct request_content *content)
{
    static const uint8_t version = 0;
    enum fault fault;

    der_put(out, DER_INTEGER, &version, 1);
    fault = name_put(content->subject, out);
    if (fault == FAULT_NONE)
        fault = put_public(out, public);
    if (fault != FAULT_NONE)
        return fault;
    put_attributes(out, content);
    der_wrap(out, 0, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* Behind what is signed, and around both (RFC 2986 4.2). */
static enum fault sign(struct bytes *out, gnutls_privkey_t key,
                       const struct algorithm *algorithm)
{
    static const uint8_t unused = 0;
    const gnutls_datum_t info = {out->data, (unsigned)out->size};
    gnutls_datum_t value = {NULL, 0};
    size_t start = out->size;

    if (gnutls_privkey_sign_data(key, algorithm->digest, 0, &info, &value) < 0)
        return FAULT_LIBRARY;
    der_put_oid(out, gnutls_sign_get_oid(algorithm->sign));
    der_wrap(out, start, DER_SEQUENCE);
    start = out->size;
    bytes_put_byte(out, unused);
    bytes_put(out, value.data, value.size);
    der_wrap(out, start, DER_BIT_STRING);
    der_wrap(out, 0, DER_SEQUENCE);
    gnutls_free(value.data);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* A request of a key on a token is signed by what may be broken: what was
 * made is verified before it leaves. */
static enum fault verify_own(const struct bytes *der)
{
    struct name subject;
    gnutls_x509_crq_t crq;

    if (request_read(der->data, der->size, &crq, &subject) != FAULT_NONE)
        return FAULT_LIBRARY;
    name_free(&subject);
    gnutls_x509_crq_deinit(crq);
    return FAULT_NONE;
}

enum fault request_make_for(gnutls_pubkey_t public, gnutls_privkey_t key,
                            const struct algorithm *algorithm,
                            const struct request_content *content,
                            struct bytes *out)
{
    enum fault fault = FAULT_ARGUMENT;
    struct bytes der;

    if (!is_allowed(content) || algorithm->retired ||
        algorithm_of_key(public) != algorithm)
        return fault;
    bytes_init(&der, REQUEST_MAX);
    fault = put_info(&der, public, content);
    if (fault == FAULT_NONE)
        fault = sign(&der, key, algorithm);
    if (fault == FAULT_NONE &&
        gnutls_privkey_get_type(key) != GNUTLS_PRIVKEY_X509)
        fault = verify_own(&der);
    if (fault == FAULT_NONE) {
        bytes_put(out, der.data, der.size);
        fault = out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
    }
    bytes_free(&der);
    return fault;
}

enum fault request_make(gnutls_privkey_t key, const struct algorithm *algorithm,
                        const struct request_content *content,
                        struct bytes *out)
{
    gnutls_pubkey_t public = NULL;
    enum fault fault = FAULT_LIBRARY;

    if (gnutls_pubkey_init(&public) >= 0 &&
        gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0)
        fault = request_make_for(public, key, algorithm, content, out);
    if (public != NULL)
        gnutls_pubkey_deinit(public);
    return fault;
}

/* The algorithm of its key, which must have signed it. */
static enum fault verify(gnutls_x509_crq_t crq)
{
    const struct algorithm *algorithm = NULL;
    gnutls_pubkey_t public = NULL;

    if (gnutls_pubkey_init(&public) < 0)
        return FAULT_MEMORY;
    if (gnutls_pubkey_import_x509_crq(public, crq, 0) >= 0)
        algorithm = algorithm_of_key(public);
    gnutls_pubkey_deinit(public);
    if (algorithm == NULL || algorithm->retired)
        return FAULT_UNSUPPORTED;
    if (gnutls_x509_crq_get_signature_algorithm(crq) != (int)algorithm->sign ||
        gnutls_x509_crq_verify(crq, 0) < 0)
        return FAULT_SIGNATURE;
    return FAULT_NONE;
}

enum fault request_read(const void *der, size_t size, gnutls_x509_crq_t *crq,
                        struct name *subject)
{
    const gnutls_datum_t data = {(void *)(uintptr_t)der, (unsigned)size};
    struct der in = {der, size}, content;
    enum fault fault = FAULT_REQUEST;

    *crq = NULL;
    *subject = (struct name){{NULL}};
    if (size > REQUEST_MAX)
        return FAULT_TOO_LARGE;
    if (!der_read(&in, DER_SEQUENCE, &content) || !der_at_end(&in))
        return FAULT_REQUEST;
    if (gnutls_x509_crq_init(crq) < 0)
        return FAULT_MEMORY;
    if (gnutls_x509_crq_import(*crq, &data, GNUTLS_X509_FMT_DER) >= 0)
        fault = verify(*crq);
    if (fault == FAULT_NONE)
        fault = name_of_request(*crq, subject);
    if (fault == FAULT_NAME)
        fault = FAULT_REQUEST;
    if (fault != FAULT_NONE) {
        gnutls_x509_crq_deinit(*crq);
        *crq = NULL;
    }
    return fault;
}
