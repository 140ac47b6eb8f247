#include "keygen/request.h"

#include "keygen/der.h"
#include "keygen/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
    CLASSES_MAX = 6, /* КС1 КС2 КС3 КВ1 КВ2 КА */
    KIND_MAX = 3,    /* RFC 9215 5.5 */
    SIGN_TOOL_MAX = 200,
    EXTENSION_MAX = 1024
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

/* The extensions that GnuTLS has no call for; its own for the purposes makes
 * them critical, asked or not. */
static const struct {
    const char *oid;
    void (*put)(struct bytes *out, const struct request_content *content);
} extensions[] = {
    {"2.5.29.37", put_purposes},
    {"2.5.29.32", put_policies},
    {"1.2.643.100.111", put_sign_tool},
    {"1.2.643.100.114", put_kind},
};

static bool set_extension(gnutls_x509_crq_t crq, size_t i,
                          const struct request_content *content)
{
    struct bytes der;
    bool set;

    bytes_init(&der, EXTENSION_MAX);
    extensions[i].put(&der, content);
    set = !der.failed &&
          gnutls_x509_crq_set_extension_by_oid(crq, extensions[i].oid, der.data,
                                               der.size, 0) >= 0;
    bytes_free(&der);
    return set;
}

static bool set_extensions(gnutls_x509_crq_t crq,
                           const struct request_content *content)
{
    const unsigned usage =
        GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION |
        GNUTLS_KEY_KEY_ENCIPHERMENT | GNUTLS_KEY_DATA_ENCIPHERMENT;

    if (gnutls_x509_crq_set_key_usage(crq, usage) < 0)
        return false;
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if (!set_extension(crq, i, content))
            return false;
    }
    return content->key_not_after == 0 ||
           gnutls_x509_crq_set_private_key_usage_period(
               crq, content->key_not_before, content->key_not_after) >= 0;
}

static enum fault set_subject(gnutls_x509_crq_t crq, const struct name *subject)
{
    char *text = NULL;
    enum fault fault = name_to_rfc4514(subject, &text);

    if (fault == FAULT_NONE && gnutls_x509_crq_set_dn(crq, text, NULL) < 0)
        fault = FAULT_LIBRARY;
    free(text);
    return fault;
}

/* Everything of the request but its signature. */
static enum fault fill(gnutls_x509_crq_t crq, gnutls_pubkey_t public,
                       const struct request_content *content)
{
    enum fault fault = set_subject(crq, content->subject);

    if (fault != FAULT_NONE)
        return fault;
    if (gnutls_x509_crq_set_version(crq, 1) < 0 ||
        gnutls_x509_crq_set_pubkey(crq, public) < 0 ||
        !set_extensions(crq, content))
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

/* A request of a key on a token is signed by what may be broken: what was
 * made is verified before it leaves. */
static enum fault verify_own(const gnutls_datum_t *der)
{
    struct name subject;
    gnutls_x509_crq_t crq;

    if (request_read(der->data, der->size, &crq, &subject) != FAULT_NONE)
        return FAULT_LIBRARY;
    name_free(&subject);
    gnutls_x509_crq_deinit(crq);
    return FAULT_NONE;
}

static enum fault append(gnutls_privkey_t key, const gnutls_datum_t *der,
                         struct bytes *out)
{
    if (gnutls_privkey_get_type(key) != GNUTLS_PRIVKEY_X509 &&
        verify_own(der) != FAULT_NONE)
        return FAULT_LIBRARY;
    bytes_put(out, der->data, der->size);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault request_make_for(gnutls_pubkey_t public, gnutls_privkey_t key,
                            const struct algorithm *algorithm,
                            const struct request_content *content,
                            struct bytes *out)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_x509_crq_t crq = NULL;
    enum fault fault = FAULT_ARGUMENT;

    if (!is_allowed(content) || algorithm->retired ||
        algorithm_of_key(public) != algorithm)
        return fault;
    if (gnutls_x509_crq_init(&crq) < 0)
        return FAULT_MEMORY;
    fault = fill(crq, public, content);
    if (fault != FAULT_NONE)
        goto out;
    fault = FAULT_LIBRARY;
    if (gnutls_x509_crq_privkey_sign(crq, key, algorithm->digest, 0) >= 0 &&
        gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der) >= 0)
        fault = append(key, &der, out);
out:
    gnutls_free(der.data);
    gnutls_x509_crq_deinit(crq);
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
