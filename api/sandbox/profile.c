#include "api/sandbox/profile.h"

#include "keygen/bytes.h"
#include "keygen/der.h"
#include "keygen/utf8.h"

#include <stdbool.h>
#include <string.h>

#define SUBJECT_SIGN_TOOL "1.2.643.100.111"
#define ISSUER_SIGN_TOOL "1.2.643.100.112"
#define IDENTIFICATION_KIND "1.2.643.100.114"

enum { EXTENSION_MAX = 4096 };

static const unsigned key_usage =
    GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION |
    GNUTLS_KEY_KEY_ENCIPHERMENT | GNUTLS_KEY_DATA_ENCIPHERMENT;

static const unsigned key_usage_needed =
    GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION;

/* The first two are what a request must ask for; 1.2.643.2.2.34.6 is «user of
 * CryptoPro's registration centre», 1.2.643.3.7.8.1 «qualified
 * certificate». */
static const char *const purposes[] = {
    GNUTLS_KP_TLS_WWW_CLIENT,
    GNUTLS_KP_EMAIL_PROTECTION,
    "1.2.643.2.2.34.6",
    "1.2.643.3.7.8.1",
};
enum { PURPOSES_NEEDED = 2 };

/* Classes of signing tools: КС1, КС2, КС3, КВ1, КВ2, КА. */
static const char *const classes[] = {
    "1.2.643.100.113.1", "1.2.643.100.113.2", "1.2.643.100.113.3",
    "1.2.643.100.113.4", "1.2.643.100.113.5", "1.2.643.100.113.6",
};
enum { CLASSES = sizeof classes / sizeof classes[0], AUTHORITY_CLASSES = 2 };

/* signTool, cATool, signToolCert, cAToolCert. */
static const char *const issuer_tool[] = {
    "Песочница kep: средство электронной подписи, не для работы",
    "Песочница kep: средство удостоверяющего центра, не для работы",
    "Заключения нет: это песочница",
    "Заключения нет: это песочница",
};

static enum fault put_usage(gnutls_x509_crt_t certificate)
{
    if (gnutls_x509_crt_set_key_usage(certificate, key_usage) != 0)
        return FAULT_LIBRARY;
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++)
        if (gnutls_x509_crt_set_key_purpose_oid(certificate, purposes[i], 0) !=
            0)
            return FAULT_LIBRARY;
    return FAULT_NONE;
}

/* From the lowest class up to the strongest held. */
static enum fault put_classes(gnutls_x509_crt_t certificate, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char oid[32] = "";
        struct gnutls_x509_policy_st policy = {.oid = oid};

        memcpy(oid, classes[i], strlen(classes[i]));
        if (gnutls_x509_crt_set_policy(certificate, &policy, 0) != 0)
            return FAULT_LIBRARY;
    }
    return FAULT_NONE;
}

static enum fault put_extension(gnutls_x509_crt_t certificate, const char *oid,
                                const struct bytes *der)
{
    if (der->failed)
        return FAULT_MEMORY;
    if (gnutls_x509_crt_set_extension_by_oid(certificate, oid, der->data,
                                             der->size, 0) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

static enum fault put_sign_tool(gnutls_x509_crt_t certificate, const char *tool)
{
    struct bytes der;
    enum fault fault;

    bytes_init(&der, EXTENSION_MAX);
    der_put(&der, DER_UTF8_STRING, tool, strlen(tool));
    fault = put_extension(certificate, SUBJECT_SIGN_TOOL, &der);
    bytes_free(&der);
    return fault;
}

static enum fault put_issuer_tool(gnutls_x509_crt_t certificate)
{
    struct bytes der;
    enum fault fault;

    bytes_init(&der, EXTENSION_MAX);
    for (size_t i = 0; i < sizeof issuer_tool / sizeof issuer_tool[0]; i++)
        der_put(&der, DER_UTF8_STRING, issuer_tool[i], strlen(issuer_tool[i]));
    der_wrap(&der, 0, DER_SEQUENCE);
    fault = put_extension(certificate, ISSUER_SIGN_TOOL, &der);
    bytes_free(&der);
    return fault;
}

static enum fault put_kind(gnutls_x509_crt_t certificate, int kind)
{
    const uint8_t value = (uint8_t)kind;
    struct bytes der;
    enum fault fault;

    bytes_init(&der, EXTENSION_MAX);
    der_put(&der, DER_INTEGER, &value, 1);
    fault = put_extension(certificate, IDENTIFICATION_KIND, &der);
    bytes_free(&der);
    return fault;
}

static enum fault put_period(gnutls_x509_crt_t certificate,
                             const struct profile *profile)
{
    if (profile->key_not_before == 0 && profile->key_not_after == 0)
        return FAULT_NONE;
    if (gnutls_x509_crt_set_private_key_usage_period(
            certificate, profile->key_not_before, profile->key_not_after) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

static bool sane(const struct profile *profile)
{
    return utf8_is_line(profile->sign_tool, strlen(profile->sign_tool),
                        PROFILE_SIGN_TOOL_MAX) &&
           profile->classes >= 1 && profile->classes <= CLASSES &&
           profile->identification_kind >= 0 &&
           profile->identification_kind <= 3 &&
           profile->key_not_before <= profile->key_not_after;
}

enum fault profile_put(gnutls_x509_crt_t certificate,
                       const struct profile *profile)
{
    enum fault fault;

    if (!sane(profile))
        return FAULT_ARGUMENT;
    if ((fault = put_usage(certificate)) != FAULT_NONE ||
        (fault = put_classes(certificate, profile->classes)) != FAULT_NONE ||
        (fault = put_period(certificate, profile)) != FAULT_NONE ||
        (fault = put_sign_tool(certificate, profile->sign_tool)) !=
            FAULT_NONE ||
        (fault = put_issuer_tool(certificate)) != FAULT_NONE)
        return fault;
    return put_kind(certificate, profile->identification_kind);
}

enum fault profile_put_authority(gnutls_x509_crt_t certificate)
{
    enum fault fault = put_classes(certificate, AUTHORITY_CLASSES);

    if (fault != FAULT_NONE)
        return fault;
    fault = put_sign_tool(certificate, issuer_tool[0]);
    if (fault != FAULT_NONE)
        return fault;
    return put_issuer_tool(certificate);
}

/* The content of an extension of a request. */
static enum fault find(gnutls_x509_crq_t request, const char *oid, uint8_t *der,
                       size_t *size)
{
    unsigned critical;
    int error = gnutls_x509_crq_get_extension_by_oid(request, oid, 0, der, size,
                                                     &critical);

    return error == 0 ? FAULT_NONE : FAULT_PROFILE;
}

static enum fault read_usage(gnutls_x509_crq_t request)
{
    unsigned usage = 0, critical = 0;

    if (gnutls_x509_crq_get_key_usage(request, &usage, &critical) != 0 ||
        (usage & key_usage_needed) != key_usage_needed || !critical)
        return FAULT_PROFILE;
    return FAULT_NONE;
}

static enum fault read_purposes(gnutls_x509_crq_t request)
{
    unsigned found = 0;

    for (unsigned i = 0; i < 64; i++) {
        char oid[128];
        size_t size = sizeof oid;

        if (gnutls_x509_crq_get_key_purpose_oid(request, i, oid, &size, NULL) !=
            0)
            break;
        for (unsigned j = 0; j < PURPOSES_NEEDED; j++)
            if (strcmp(oid, purposes[j]) == 0)
                found |= 1U << j;
    }
    return found == (1U << PURPOSES_NEEDED) - 1 ? FAULT_NONE : FAULT_PROFILE;
}

/* How many classes are asked for; an unbroken list from КС1 on. */
static enum fault read_classes(gnutls_x509_crq_t request, unsigned *count)
{
    uint8_t buffer[EXTENSION_MAX];
    size_t size = sizeof buffer;
    struct der in, list, policy, oid;
    struct bytes want;
    bool ok = true;

    *count = 0;
    if (find(request, GNUTLS_X509EXT_OID_CRT_POLICY, buffer, &size) !=
        FAULT_NONE)
        return FAULT_PROFILE;
    in = (struct der){buffer, size};
    ok = der_read(&in, DER_SEQUENCE, &list) && der_at_end(&in);
    while (ok && *count < CLASSES && !der_at_end(&list)) {
        ok = der_read(&list, DER_SEQUENCE, &policy) &&
             der_read(&policy, DER_OID, &oid);
        bytes_init(&want, 64);
        der_put_oid(&want, classes[*count]);
        if (ok && want.size > 2 &&
            der_equals(&oid, want.data + 2, want.size - 2))
            ++*count;
        bytes_free(&want);
    }
    return ok && *count > 0 ? FAULT_NONE : FAULT_PROFILE;
}

static enum fault read_sign_tool(gnutls_x509_crq_t request,
                                 struct profile *profile)
{
    uint8_t buffer[PROFILE_SIGN_TOOL_SIZE + 8];
    size_t size = sizeof buffer;
    struct der in, text;

    if (find(request, SUBJECT_SIGN_TOOL, buffer, &size) != FAULT_NONE)
        return FAULT_PROFILE;
    in = (struct der){buffer, size};
    if (!der_read(&in, DER_UTF8_STRING, &text) || !der_at_end(&in) ||
        text.left > PROFILE_SIGN_TOOL_SIZE ||
        !utf8_is_line((const char *)text.at, text.left, PROFILE_SIGN_TOOL_MAX))
        return FAULT_PROFILE;
    memcpy(profile->sign_tool, text.at, text.left);
    profile->sign_tool[text.left] = '\0';
    return FAULT_NONE;
}

static enum fault read_kind(gnutls_x509_crq_t request, int *kind)
{
    uint8_t buffer[16];
    size_t size = sizeof buffer;
    struct der in, value;

    if (find(request, IDENTIFICATION_KIND, buffer, &size) != FAULT_NONE)
        return FAULT_PROFILE;
    in = (struct der){buffer, size};
    if (!der_read(&in, DER_INTEGER, &value) || !der_at_end(&in) ||
        value.left != 1 || value.at[0] > 3)
        return FAULT_PROFILE;
    *kind = value.at[0];
    return FAULT_NONE;
}

/* Optional: absent leaves both at 0. */
static enum fault read_period(gnutls_x509_crq_t request,
                              struct profile *profile)
{
    int error = gnutls_x509_crq_get_private_key_usage_period(
        request, &profile->key_not_before, &profile->key_not_after, NULL);

    if (error == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        profile->key_not_before = profile->key_not_after = 0;
        return FAULT_NONE;
    }
    return error == 0 && profile->key_not_before <= profile->key_not_after
               ? FAULT_NONE
               : FAULT_PROFILE;
}

enum fault profile_of_request(gnutls_x509_crq_t request,
                              struct profile *profile)
{
    *profile = (struct profile){.classes = 0};
    if (read_usage(request) != FAULT_NONE ||
        read_purposes(request) != FAULT_NONE ||
        read_classes(request, &profile->classes) != FAULT_NONE ||
        read_sign_tool(request, profile) != FAULT_NONE ||
        read_kind(request, &profile->identification_kind) != FAULT_NONE)
        return FAULT_PROFILE;
    return read_period(request, profile);
}
