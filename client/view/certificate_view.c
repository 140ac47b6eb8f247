#include "client/view/certificate_view.h"

#include "client/view/container_view.h"
#include "client/view/name_view.h"
#include "client/view/particulars_view.h"
#include "client/view/view_put.h"

#include <stdio.h>
#include <string.h>

/* --- as JSON ------------------------------------------------------------- */

struct json_object *certificate_view_json(const struct certificate *certificate)
{
    struct json_object *object = json_object_new_object();

    view_put_text(object, "thumbprint", certificate->thumbprint);
    view_put_text(object, "serialNumber", certificate->serial);
    view_put(object, "subject", name_view_json(&certificate->subject));
    view_put_text(object, "issuer",
                  certificate->issuer.value[NAME_COMMON_NAME]);
    view_put_time(object, "notBefore", certificate->not_before);
    view_put_time(object, "notAfter", certificate->not_after);
    view_put_time(object, "keyNotAfter", certificate->key_not_after);
    return object;
}

/* The point that it lacks, NULL where it is qualified. */
static const char *lacking(const struct certificate *certificate)
{
    const char *missing = NULL;

    return certificate_profile(certificate, &missing) == FAULT_NONE ? NULL
                                                                    : missing;
}

struct json_object *
certificate_view_json_all(const struct certificate *certificate)
{
    struct json_object *object = certificate_view_json(certificate);

    view_put_text(object, "algorithm",
                  certificate->algorithm != NULL ? certificate->algorithm->word
                                                 : NULL);
    view_put_time(object, "keyNotBefore", certificate->key_not_before);
    view_put_flag(object, "qualified", lacking(certificate) == NULL);
    return object;
}

struct json_object *certificate_view_json_seen(const struct overview *overview)
{
    static const char *const unread[] = {"thumbprint",   "issuer",
                                         "keyNotAfter",  "algorithm",
                                         "keyNotBefore", "qualified"};
    struct json_object *object = json_object_new_object();

    view_put_text(object, "serialNumber", overview->serial);
    view_put(object, "subject", name_view_json(&overview->subject));
    view_put_time(object, "notBefore", overview->not_before);
    view_put_time(object, "notAfter", overview->not_after);
    for (size_t i = 0; i < sizeof(unread) / sizeof(unread[0]); i++)
        view_put(object, unread[i], NULL);
    return object;
}

struct json_object *
certificate_view_json_full(const struct certificate *certificate)
{
    struct json_object *object = certificate_view_json_all(certificate);

    view_put_text(object, "notQualified", lacking(certificate));
    particulars_view_put_json(object, certificate);
    return object;
}

/* --- for people ---------------------------------------------------------- */

struct text_line certificate_view_owner(const struct certificate *certificate)
{
    const struct text_line owner = name_view_owner(&certificate->subject);

    return owner.text[0] != '\0' ? owner : text_clean(certificate->thumbprint);
}

static void print_period(struct page *page, const char *label, time_t from,
                         time_t until)
{
    char value[256];

    if (from == 0 && until == 0)
        return;
    snprintf(value, sizeof(value), _("%s to %s"),
             from != 0 ? text_date(from).text : "…",
             until != 0 ? text_date(until).text : "…");
    page_line(page, label, value);
}

static const struct {
    const char *word; /* of certificate_profile */
    const char *text;
} lacks[] = {
    {"keyUsage", N_("no: the use of its key is another")},
    {"basicConstraints", N_("no: it is the certificate of an authority")},
    {"certificatePolicies", N_("no: it names no class of protection")},
    {"subjectSignTool", N_("no: it does not name the owner's signing tool")},
    {"issuerSignTool", N_("no: it does not name the issuer's tools")},
    {"identificationKind", N_("no: the owner was identified in a way that is "
                              "not known")},
    {"snils", N_("no: it has no SNILS")},
};

static void print_qualified(struct page *page,
                            const struct certificate *certificate)
{
    const char *missing = lacking(certificate);
    const char *text = missing == NULL ? _("yes") : _("no");

    for (size_t i = 0; missing != NULL && i < sizeof(lacks) / sizeof(lacks[0]);
         i++)
        if (strcmp(lacks[i].word, missing) == 0)
            text = _(lacks[i].text);
    page_line(page, _("Qualified"), text);
}

void certificate_view_print(struct page *page,
                            const struct certificate *certificate)
{
    name_view_print(page, &certificate->subject);
    page_foreign(page, _("Issued by"),
                 certificate->issuer.value[NAME_COMMON_NAME]);
    print_period(page, _("Valid"), certificate->not_before,
                 certificate->not_after);
    print_period(page, _("The key can sign"), certificate->key_not_before,
                 certificate->key_not_after);
    page_line(page, _("Algorithm"),
              container_view_kind(certificate->algorithm != NULL
                                      ? certificate->algorithm->word
                                      : NULL));
    print_qualified(page, certificate);
    particulars_view_print(page, certificate);
    page_foreign(page, _("Serial number"), certificate->serial);
    page_line(page, _("Thumbprint"), certificate->thumbprint);
}
