/* The form of a qualified certificate (order 795 of the FSB, RFC 9215
 * section 5); the contract stands in certificate.h. */
#include "keygen/certificate.h"

#include "keygen/extension.h"

#include <string.h>

enum {
    POLICIES_MAX = 32,
    SIGN_TOOL_MAX = 200,
    TOOL_CERTIFICATE_MAX = 100,
    KIND_MAX = 3
};

static bool has_key_usage(const struct certificate *certificate)
{
    const unsigned wanted =
        GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION;
    unsigned usage = 0, critical = 0;

    return gnutls_x509_crt_get_key_usage(certificate_crt(certificate), &usage,
                                         &critical) >= 0 &&
           critical != 0 && (usage & wanted) == wanted;
}

static bool is_no_authority(const struct certificate *certificate)
{
    unsigned authority = 0;
    const int got = gnutls_x509_crt_get_basic_constraints(
        certificate_crt(certificate), NULL, &authority, NULL);

    return got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ||
           (got >= 0 && authority == 0);
}

static bool has_class(const struct certificate *certificate)
{
    static const char branch[] = "1.2.643.100.113.";
    bool found = false;

    for (unsigned i = 0; i < POLICIES_MAX && !found; i++) {
        struct gnutls_x509_policy_st policy;

        if (gnutls_x509_crt_get_policy(certificate_crt(certificate), i, &policy,
                                       NULL) < 0)
            break;
        found = strncmp(policy.oid, branch, sizeof branch - 1) == 0;
        gnutls_x509_policy_release(&policy);
    }
    return found;
}

/* UTF8String (SIZE (1..max)); a character has at most four bytes. */
static bool read_text(struct der *in, size_t max)
{
    struct der text;

    return der_read(in, DER_UTF8_STRING, &text) && text.left > 0 &&
           text.left <= 4 * max;
}

static bool has_subject_sign_tool(const struct certificate *certificate)
{
    uint8_t value[EXTENSION_MAX];
    struct der in;

    return extension_find(certificate, "1.2.643.100.111", value, &in) ==
               EXTENSION_FOUND &&
           read_text(&in, SIGN_TOOL_MAX) && der_at_end(&in);
}

static bool has_issuer_sign_tool(const struct certificate *certificate)
{
    uint8_t value[EXTENSION_MAX];
    struct der in, tools;

    return extension_find(certificate, "1.2.643.100.112", value, &in) ==
               EXTENSION_FOUND &&
           der_read(&in, DER_SEQUENCE, &tools) && der_at_end(&in) &&
           read_text(&tools, SIGN_TOOL_MAX) &&
           read_text(&tools, SIGN_TOOL_MAX) &&
           read_text(&tools, TOOL_CERTIFICATE_MAX) &&
           read_text(&tools, TOOL_CERTIFICATE_MAX) && der_at_end(&tools);
}

/* INTEGER 0 to 3 (RFC 9215 5.5). Certificates from before 2021 have none. */
static bool has_known_kind(const struct certificate *certificate)
{
    uint8_t value[EXTENSION_MAX];
    struct der in, kind;
    const enum extension_result got =
        extension_find(certificate, "1.2.643.100.114", value, &in);

    if (got == EXTENSION_ABSENT)
        return true;
    return got == EXTENSION_FOUND && der_read(&in, DER_INTEGER, &kind) &&
           der_at_end(&in) && kind.left == 1 && kind.at[0] <= KIND_MAX;
}

static bool has_snils(const struct certificate *certificate)
{
    const char *snils = certificate->subject.value[NAME_SNILS];

    return snils != NULL && strlen(snils) == 11 &&
           strspn(snils, "0123456789") == 11;
}

static const struct {
    const char *word;
    bool (*holds)(const struct certificate *certificate);
} points[] = {
    {"basicConstraints", is_no_authority},
    {"keyUsage", has_key_usage},
    {"certificatePolicies", has_class},
    {"subjectSignTool", has_subject_sign_tool},
    {"issuerSignTool", has_issuer_sign_tool},
    {"identificationKind", has_known_kind},
    {"snils", has_snils},
};

enum fault certificate_profile(const struct certificate *certificate,
                               const char **missing)
{
    *missing = NULL;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        if (!points[i].holds(certificate)) {
            *missing = points[i].word;
            return FAULT_PROFILE;
        }
    }
    return FAULT_NONE;
}
