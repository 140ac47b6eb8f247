#include "client/view/particulars_view.h"

#include "client/text.h"
#include "client/view/name_view.h"
#include "client/view/view_put.h"
#include "keygen/particulars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 4096 };

struct named {
    const char *word; /* in JSON; of an OID: itself */
    const char *text; /* msgid */
};

static const struct named usages[USAGE_COUNT] = {
    [USAGE_DIGITAL_SIGNATURE] = {"digitalSignature", N_("signing")},
    [USAGE_NON_REPUDIATION] = {"nonRepudiation",
                               N_("signatures that cannot be denied")},
    [USAGE_KEY_ENCIPHERMENT] = {"keyEncipherment", N_("encrypting keys")},
    [USAGE_DATA_ENCIPHERMENT] = {"dataEncipherment", N_("encrypting data")},
    [USAGE_KEY_AGREEMENT] = {"keyAgreement", N_("agreeing on keys")},
    [USAGE_KEY_CERT_SIGN] = {"keyCertSign", N_("issuing certificates")},
    [USAGE_CRL_SIGN] = {"cRLSign", N_("signing lists of revoked ones")},
    [USAGE_ENCIPHER_ONLY] = {"encipherOnly", N_("only to encrypt")},
    [USAGE_DECIPHER_ONLY] = {"decipherOnly", N_("only to decrypt")},
};

/* Purposes and policies that people meet; another is shown as its OID. */
static const struct named purposes[] = {
    {"1.3.6.1.5.5.7.3.1", N_("a server's identity")},
    {"1.3.6.1.5.5.7.3.2", N_("signing in to sites")},
    {"1.3.6.1.5.5.7.3.3", N_("signing programs")},
    {"1.3.6.1.5.5.7.3.4", N_("protected e-mail")},
    {"1.3.6.1.5.5.7.3.8", N_("time stamps")},
    {"1.3.6.1.5.5.7.3.9", N_("answers on revocation (OCSP)")},
    {"1.3.6.1.4.1.311.10.3.12", N_("signing documents")},
    {"1.3.6.1.4.1.311.20.2.2", N_("signing in to Windows by smart card")},
    {"1.2.643.2.2.34.6", N_("user of CryptoPro's registration centre")},
    {"1.2.643.3.7.8.1", N_("qualified certificate (Kontur)")},
    {"1.2.643.3.7.0.1.12", N_("certificate for 12 months (Kontur)")},
    {"2.5.29.37.0", N_("any purpose")},
};

static const struct named classes[] = {
    {"1.2.643.100.113.1", N_("KC1")}, {"1.2.643.100.113.2", N_("KC2")},
    {"1.2.643.100.113.3", N_("KC3")}, {"1.2.643.100.113.4", N_("KB1")},
    {"1.2.643.100.113.5", N_("KB2")}, {"1.2.643.100.113.6", N_("KA1")},
};

/* By identificationKind. */
static const struct named kinds[] = {
    {"personal", N_("in person")},
    {"certificate", N_("by a valid qualified signature, without a visit")},
    {"passport", N_("by the chip of a passport, without a visit")},
    {"system", N_("by the state's biometric system, without a visit")},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct named *find(const struct named *table, size_t count,
                                const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].word, word) == 0)
            return &table[i];
    return NULL;
}

static const struct named *find_class(const char *oid)
{
    return find(classes, COUNT(classes), oid);
}

/* --- for people ---------------------------------------------------------- */

static void append(char line[LINE_MAX_BYTES], const char *text)
{
    const size_t used = strlen(line);

    snprintf(line + used, LINE_MAX_BYTES - used, "%s%s", used > 0 ? ", " : "",
             text);
}

static void print_list(struct page *page, const char *label, const char *line)
{
    if (line[0] != '\0')
        page_line(page, label, line);
}

static void print_uses(struct page *page, const struct particulars *all)
{
    char line[LINE_MAX_BYTES] = "";

    for (int i = 0; i < USAGE_COUNT; i++)
        if (all->usage[i])
            append(line, _(usages[i].text));
    print_list(page, _("The key is for"), line);
    line[0] = '\0';
    for (size_t i = 0; i < all->purposes.count; i++) {
        const char *oid = all->purposes.oid[i];
        const struct named *known = find(purposes, COUNT(purposes), oid);

        append(line, known != NULL ? _(known->text) : oid);
    }
    print_list(page, _("It may be used for"), line);
    if (all->authority)
        page_line(page, _("Kind"), _("certificate of an authority"));
}

static void print_policies(struct page *page, const struct particulars *all)
{
    char of_class[LINE_MAX_BYTES] = "", others[LINE_MAX_BYTES] = "";

    for (size_t i = 0; i < all->policies.count; i++) {
        const char *oid = all->policies.oid[i];
        const struct named *known = find_class(oid);

        if (known != NULL)
            append(of_class, _(known->text));
        else
            append(others, oid);
    }
    print_list(page, _("Classes of protection"), of_class);
    print_list(page, _("Other policies"), others);
}

static void print_tools(struct page *page, const struct particulars *all)
{
    static const char *const labels[TOOL_COUNT] = {
        [TOOL_SIGN] = N_("Issuer's signing tool"),
        [TOOL_CA] = N_("Issuer's CA software"),
        [TOOL_SIGN_CERTIFICATE] = N_("Signing tool certified"),
        [TOOL_CA_CERTIFICATE] = N_("CA software certified"),
    };

    page_foreign(page, _("Owner's signing tool"), all->subject_tool);
    for (int i = 0; i < TOOL_COUNT; i++)
        page_foreign(page, _(labels[i]), all->issuer_tool[i]);
}

static void print_urls(struct page *page, const char *label,
                       const struct particulars_urls *list)
{
    for (size_t i = 0; i < list->count; i++)
        page_foreign(page, label, list->url[i]);
}

void particulars_view_print(struct page *page,
                            const struct certificate *certificate)
{
    struct particulars *all = particulars_read(certificate);

    if (all == NULL)
        return;
    print_uses(page, all);
    print_policies(page, all);
    if (all->identification_kind >= 0)
        page_line(page, _("The owner was identified"),
                  _(kinds[all->identification_kind].text));
    print_tools(page, all);
    print_urls(page, _("List of revoked ones"), &all->revocation);
    print_urls(page, _("Revocation service"), &all->ocsp);
    print_urls(page, _("Issuer's certificate"), &all->issuers);
    free(all);
}

/* --- as JSON ------------------------------------------------------------- */

static struct json_object *usage_json(const struct particulars *all)
{
    struct json_object *list = json_object_new_array();

    for (int i = 0; i < USAGE_COUNT; i++)
        if (all->usage[i])
            json_object_array_add(list, json_object_new_string(usages[i].word));
    return list;
}

static struct json_object *oids_json(const struct particulars_oids *oids)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < oids->count; i++)
        json_object_array_add(list, json_object_new_string(oids->oid[i]));
    return list;
}

static struct json_object *classes_json(const struct particulars *all)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < all->policies.count; i++) {
        const struct named *known = find_class(all->policies.oid[i]);

        if (known != NULL)
            json_object_array_add(list, json_object_new_string(known->text));
    }
    return list;
}

static struct json_object *urls_json(const struct particulars_urls *urls)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < urls->count; i++)
        json_object_array_add(list, json_object_new_string(urls->url[i]));
    return list;
}

static struct json_object *tools_json(const struct particulars *all)
{
    static const char *const words[TOOL_COUNT] = {
        [TOOL_SIGN] = "signTool",
        [TOOL_CA] = "caTool",
        [TOOL_SIGN_CERTIFICATE] = "signToolCertificate",
        [TOOL_CA_CERTIFICATE] = "caToolCertificate",
    };
    struct json_object *object = json_object_new_object();

    for (int i = 0; i < TOOL_COUNT; i++)
        view_put_filled(object, words[i], all->issuer_tool[i]);
    return object;
}

void particulars_view_put_json(struct json_object *object,
                               const struct certificate *certificate)
{
    struct particulars *all = particulars_read(certificate);

    if (all == NULL)
        return;
    view_put(object, "keyUsage", usage_json(all));
    view_put_flag(object, "authority", all->authority);
    view_put(object, "purposes", oids_json(&all->purposes));
    view_put(object, "policies", oids_json(&all->policies));
    view_put(object, "classes", classes_json(all));
    view_put_filled(object, "subjectSignTool", all->subject_tool);
    view_put(object, "issuerSignTool", tools_json(all));
    view_put_text(object, "identificationKind",
                  all->identification_kind >= 0
                      ? kinds[all->identification_kind].word
                      : NULL);
    view_put(object, "revocationPoints", urls_json(&all->revocation));
    view_put(object, "ocsp", urls_json(&all->ocsp));
    view_put(object, "issuerCertificates", urls_json(&all->issuers));
    view_put_filled(object, "keyId", all->key_id);
    view_put_filled(object, "issuerKeyId", all->issuer_key_id);
    view_put(object, "issuerSubject", name_view_json(&certificate->issuer));
    free(all);
}
