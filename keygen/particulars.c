#include "keygen/particulars.h"

#include "keygen/dirstring.h"
#include "keygen/extension.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { KIND_MAX = 3, KEY_ID_BYTES = 64 };

/* --- uses ---------------------------------------------------------------- */

static void read_usage(const struct certificate *certificate,
                       struct particulars *out)
{
    static const unsigned bits[USAGE_COUNT] = {
        [USAGE_DIGITAL_SIGNATURE] = GNUTLS_KEY_DIGITAL_SIGNATURE,
        [USAGE_NON_REPUDIATION] = GNUTLS_KEY_NON_REPUDIATION,
        [USAGE_KEY_ENCIPHERMENT] = GNUTLS_KEY_KEY_ENCIPHERMENT,
        [USAGE_DATA_ENCIPHERMENT] = GNUTLS_KEY_DATA_ENCIPHERMENT,
        [USAGE_KEY_AGREEMENT] = GNUTLS_KEY_KEY_AGREEMENT,
        [USAGE_KEY_CERT_SIGN] = GNUTLS_KEY_KEY_CERT_SIGN,
        [USAGE_CRL_SIGN] = GNUTLS_KEY_CRL_SIGN,
        [USAGE_ENCIPHER_ONLY] = GNUTLS_KEY_ENCIPHER_ONLY,
        [USAGE_DECIPHER_ONLY] = GNUTLS_KEY_DECIPHER_ONLY,
    };
    unsigned usage = 0, authority = 0;

    if (gnutls_x509_crt_get_key_usage(certificate_crt(certificate), &usage,
                                      NULL) < 0)
        usage = 0;
    for (int i = 0; i < USAGE_COUNT; i++)
        out->usage[i] = (usage & bits[i]) != 0;
    if (gnutls_x509_crt_get_basic_constraints(certificate_crt(certificate),
                                              NULL, &authority, NULL) >= 0)
        out->authority = authority != 0;
}

static void add_oid(struct particulars_oids *list, const char *oid)
{
    const size_t size = strlen(oid);

    if (list->count < PARTICULARS_MAX && size > 0 && size < PARTICULARS_OID)
        memcpy(list->oid[list->count++], oid, size + 1);
}

static void read_purposes(const struct certificate *certificate,
                          struct particulars *out)
{
    for (unsigned i = 0; i < PARTICULARS_MAX; i++) {
        char oid[PARTICULARS_OID];
        size_t size = sizeof oid;
        const int got = gnutls_x509_crt_get_key_purpose_oid(
            certificate_crt(certificate), i, oid, &size, NULL);

        if (got == GNUTLS_E_SHORT_MEMORY_BUFFER)
            continue;
        if (got < 0)
            break;
        add_oid(&out->purposes, oid);
    }
}

static void read_policies(const struct certificate *certificate,
                          struct particulars *out)
{
    for (unsigned i = 0; i < PARTICULARS_MAX; i++) {
        struct gnutls_x509_policy_st policy;

        if (gnutls_x509_crt_get_policy(certificate_crt(certificate), i, &policy,
                                       NULL) < 0)
            break;
        add_oid(&out->policies, policy.oid);
        gnutls_x509_policy_release(&policy);
    }
}

/* --- tools --------------------------------------------------------------- */

/* The next string of any type. */
static bool read_tool(struct der *in, char tool[PARTICULARS_TOOL])
{
    struct der content, whole;
    struct bytes text;
    bool good;
    uint8_t tag;

    if (!der_read_any(in, &tag, &content, &whole))
        return false;
    bytes_init(&text, PARTICULARS_TOOL - 1);
    dirstring_read(tag, content.at, content.left, &text);
    good = !text.failed;
    if (good && text.size > 0)
        memcpy(tool, text.data, text.size);
    bytes_free(&text);
    return good;
}

static void read_tools(const struct certificate *certificate,
                       struct particulars *out)
{
    uint8_t value[EXTENSION_MAX];
    struct der in, tools;

    if (extension_find(certificate, "1.2.643.100.111", value, &in) ==
        EXTENSION_FOUND)
        read_tool(&in, out->subject_tool);
    if (extension_find(certificate, "1.2.643.100.112", value, &in) !=
            EXTENSION_FOUND ||
        !der_read(&in, DER_SEQUENCE, &tools))
        return;
    for (int i = 0; i < TOOL_COUNT; i++)
        if (!read_tool(&tools, out->issuer_tool[i]))
            break;
}

static void read_kind(const struct certificate *certificate,
                      struct particulars *out)
{
    uint8_t value[EXTENSION_MAX];
    struct der in, kind;

    out->identification_kind = -1;
    if (extension_find(certificate, "1.2.643.100.114", value, &in) ==
            EXTENSION_FOUND &&
        der_read(&in, DER_INTEGER, &kind) && kind.left == 1 &&
        kind.at[0] <= KIND_MAX)
        out->identification_kind = kind.at[0];
}

/* --- places -------------------------------------------------------------- */

/* Anything but printable ASCII makes it no address. */
static void add_url(struct particulars_urls *list, const void *data,
                    size_t size)
{
    const char *text = data;

    if (list->count == PARTICULARS_MAX || size == 0 || size >= PARTICULARS_URL)
        return;
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return;
    memcpy(list->url[list->count], text, size);
    list->url[list->count++][size] = '\0';
}

static void read_revocation(const struct certificate *certificate,
                            struct particulars *out)
{
    for (unsigned i = 0; i < PARTICULARS_MAX; i++) {
        char url[PARTICULARS_URL];
        size_t size = sizeof url;
        const int got = gnutls_x509_crt_get_crl_dist_points(
            certificate_crt(certificate), i, url, &size, NULL, NULL);

        if (got == GNUTLS_E_SHORT_MEMORY_BUFFER)
            continue;
        if (got < 0)
            break;
        if (got == GNUTLS_SAN_URI)
            add_url(&out->revocation, url, size);
    }
}

static void read_access(const struct certificate *certificate, int what,
                        struct particulars_urls *list)
{
    for (unsigned i = 0; i < PARTICULARS_MAX; i++) {
        gnutls_datum_t url = {NULL, 0};
        const int got = gnutls_x509_crt_get_authority_info_access(
            certificate_crt(certificate), i, what, &url, NULL);

        if (got >= 0)
            add_url(list, url.data, url.size);
        gnutls_free(url.data);
        if (got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
    }
}

static void read_key_ids(const struct certificate *certificate,
                         struct particulars *out)
{
    uint8_t id[KEY_ID_BYTES];
    size_t size = sizeof id;

    if (gnutls_x509_crt_get_subject_key_id(certificate_crt(certificate), id,
                                           &size, NULL) >= 0)
        sodium_bin2hex(out->key_id, sizeof out->key_id, id, size);
    size = sizeof id;
    if (gnutls_x509_crt_get_authority_key_id(certificate_crt(certificate), id,
                                             &size, NULL) >= 0)
        sodium_bin2hex(out->issuer_key_id, sizeof out->issuer_key_id, id, size);
}

struct particulars *particulars_read(const struct certificate *certificate)
{
    struct particulars *out = calloc(1, sizeof *out);

    if (out == NULL)
        return NULL;
    read_usage(certificate, out);
    read_purposes(certificate, out);
    read_policies(certificate, out);
    read_tools(certificate, out);
    read_kind(certificate, out);
    read_revocation(certificate, out);
    read_access(certificate, GNUTLS_IA_OCSP_URI, &out->ocsp);
    read_access(certificate, GNUTLS_IA_CAISSUERS_URI, &out->issuers);
    read_key_ids(certificate, out);
    return out;
}
