#include "client/view/container_view.h"

#include "client/outcome/outcome.h"
#include "client/program/words.h"
#include "client/text.h"
#include "client/view/certificate_view.h"
#include "client/view/name_view.h"
#include "client/view/view_put.h"

#include <stdio.h>
#include <string.h>

const char *container_view_kind(const char *kind)
{
    static const struct {
        const char *kind, *text;
    } kinds[] = {
        {"gost2012-256", N_("GOST R 34.10-2012, 256 bits")},
        {"gost2012-512", N_("GOST R 34.10-2012, 512 bits")},
        {"gost2001", N_("GOST R 34.10-2001 (cannot be renewed)")},
    };

    for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]);
         i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return _(kinds[i].text);
    return _("not known");
}

/* The word in JSON and the words for people of each flag. */
static const struct {
    enum container_flag flag;
    const char *word, *text;
} flags[] = {
    {CONTAINER_EXPORTABLE, "exportable", N_("may be copied")},
    {CONTAINER_EXCHANGE, "exchange", N_("for exchange and signature")},
    {CONTAINER_USER_PROTECT, "userProtect",
     N_("the owner is to be asked at each use")},
    {CONTAINER_EPHEMERAL, "ephemeral", N_("for one use")},
    {CONTAINER_NON_CACHABLE, "nonCachable", N_("not to be kept in memory")},
    {CONTAINER_DH_ALLOWED, "dhAllowed", N_("for Diffie-Hellman")},
};

enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

/* --- as JSON ------------------------------------------------------------- */

static struct json_object *flags_json(const struct container_info *info)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < FLAGS; i++)
        if ((info->flags & flags[i].flag) != 0)
            json_object_array_add(array, json_object_new_string(flags[i].word));
    return array;
}

static struct json_object *certificate_json(const struct container_info *info)
{
    if (info->overview != NULL)
        return certificate_view_json_seen(info->overview);
    return info->certificate != NULL
               ? certificate_view_json_all(info->certificate)
               : NULL;
}

struct json_object *container_view_key_json(const struct container_info *info)
{
    struct json_object *object = json_object_new_object();

    view_put_text(object, "container", info->where);
    view_put_flag(object, "partial", info->overview != NULL);
    view_put_text(object, "name", info->overview != NULL ? NULL : info->name);
    view_put_text(object, "algorithm", info->kind);
    view_put_filled(object, "algorithmOid", info->algorithm_oid);
    view_put_text(object, "curve", info->curve);
    view_put_filled(object, "curveOid", info->curve_oid);
    view_put_text(object, "use",
                  (info->flags & CONTAINER_EXCHANGE) != 0 ? "exchange"
                                                          : "signature");
    view_put_flag(object, "exportable", info->exportable);
    view_put(object, "flags", flags_json(info));
    view_put_flag(object, "supported", info->refused == FAULT_NONE);
    view_put_flag(object, "hasPassword", info->has_password);
    view_put_flag(object, "inside", info->resident);
    view_put_time(object, "keyNotBefore", info->key_not_before);
    view_put_time(object, "keyNotAfter", info->key_not_after);
    view_put(object, "certificate", certificate_json(info));
    view_put(object, "certificateFits",
             info->certificate != NULL && info->algorithm != NULL
                 ? json_object_new_boolean(!info->misfit)
                 : NULL);
    return object;
}

static struct json_object *check_json(enum check check)
{
    return check == CHECK_NOT_MADE
               ? NULL
               : json_object_new_boolean(check == CHECK_GOOD);
}

static struct json_object *pairs_json(const enum check pair[REPORT_PAIRS])
{
    struct json_object *object = json_object_new_object();

    view_put(object, "first", check_json(pair[0]));
    view_put(object, "reserve", check_json(pair[1]));
    return object;
}

static struct json_object *files_json(const struct container_report *report)
{
    struct json_object *array = json_object_new_array();

    /* A key inside of a token has none. */
    for (size_t i = 0; i < REPORT_FILES && report->file[i].name != NULL; i++) {
        struct json_object *object = json_object_new_object();
        enum fault fault = report->file[i].fault;

        view_put_text(object, "file", report->file[i].name);
        view_put(object, "size",
                 fault == FAULT_NONE
                     ? json_object_new_int64((int64_t)report->file[i].size)
                     : NULL);
        view_put_text(object, "outcome",
                      fault == FAULT_NONE
                          ? NULL
                          : outcome_row(outcome_of_fault(fault))->word);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *keys_json(const struct container_report *report)
{
    struct json_object *array = json_object_new_array();

    for (size_t i = 0; i < report->keys; i++) {
        const struct report_key *key = &report->key[i];
        struct json_object *object = container_view_key_json(&key->info);

        if (key->info.certificate != NULL)
            view_put(object, "certificate",
                     certificate_view_json_full(key->info.certificate));
        view_put(object, "certificateFits", check_json(key->certificate));
        view_put(object, "opens", pairs_json(key->pair));
        json_object_array_add(array, object);
    }
    return array;
}

struct json_object *container_view_json(const struct container_report *report)
{
    struct json_object *object = json_object_new_object();
    struct json_object *chain = json_object_new_array();

    for (size_t i = 0; i < report->chain.count; i++)
        json_object_array_add(
            chain, certificate_view_json_full(report->chain.certificate[i]));
    view_put_text(object, "container", report->where);
    view_put_text(object, "name", report->name);
    view_put(object, "whole",
             report->shut && report->whole
                 ? NULL
                 : json_object_new_boolean(report->whole));
    view_put_flag(object, "hasPassword", report->has_password);
    view_put_flag(object, "hasReserve", report->has_reserve);
    view_put(object, "headerChecksum", check_json(report->header_mac));
    view_put(object, "password", check_json(report->password));
    view_put(object, "maskChecksums", pairs_json(report->mask_mac));
    view_put(object, "files", files_json(report));
    view_put(object, "keys", keys_json(report));
    view_put(object, "chain", chain);
    return object;
}

/* --- for people ---------------------------------------------------------- */

static void print_flags(struct page *page, const struct container_info *info)
{
    char value[512];
    size_t used = 0;

    used += (size_t)snprintf(value, sizeof(value), "%s",
                             info->exportable ? "" : _("may not be copied"));
    if ((info->flags & CONTAINER_EXCHANGE) == 0)
        used += (size_t)snprintf(value + used, sizeof(value) - used, "%s%s",
                                 used > 0 ? ", " : "", _("for signature only"));
    for (size_t i = 0; i < FLAGS && used < sizeof(value); i++)
        if ((info->flags & flags[i].flag) != 0)
            used += (size_t)snprintf(value + used, sizeof(value) - used, "%s%s",
                                     used > 0 ? ", " : "", _(flags[i].text));
    page_line(page, _("The key is"), value);
}

static void print_kind(struct page *page, const struct container_info *info)
{
    const char *curve = info->curve != NULL ? info->curve : info->curve_oid;
    char value[512];

    snprintf(value, sizeof(value), "%s%s%s", container_view_kind(info->kind),
             curve[0] != '\0' ? ", " : "", curve);
    page_line(page, _("Algorithm"), value);
    if (info->refused != FAULT_NONE) {
        const struct outcome_row *row =
            outcome_row(outcome_of_fault(info->refused));

        snprintf(value, sizeof(value), "%s %s", _(row->sentence),
                 row->advice != NULL ? _(row->advice) : "");
        page_line(page, _("Cannot be used here"), value);
    }
}

static void print_owner(struct page *page, const char *owner, time_t until)
{
    char value[1024];

    snprintf(value, sizeof(value), _("%s, until %s"), owner,
             text_date(until).text);
    page_line(page, _("Certificate"), value);
}

/* And where all of it is seen. */
static void print_overview(struct page *page, const struct container_info *info)
{
    const struct overview *overview = info->overview;
    const struct text_line owner = name_view_owner(&overview->subject);
    char value[LOCATION_MAX + 16], quoted[LOCATION_MAX];

    print_owner(page, owner.text[0] != '\0' ? owner.text : overview->serial,
                overview->not_after);
    snprintf(value, sizeof(value), "kep show '%s'",
             words_quote(quoted, sizeof(quoted), text_clean(info->where).text));
    page_line(page, _("More"), value);
}

static void print_certificate(struct page *page,
                              const struct container_info *info)
{
    const struct certificate *certificate = info->certificate;

    if (info->overview != NULL) {
        print_overview(page, info);
        return;
    }
    if (certificate == NULL) {
        page_line(page, _("Certificate"), _("none"));
        return;
    }
    print_owner(page, certificate_view_owner(certificate).text,
                certificate->not_after);
    if (info->misfit)
        page_line(page, _("The certificate"), _("is for another key"));
}

static void print_key(struct page *page, const struct container_info *info)
{
    print_kind(page, info);
    if (info->resident)
        page_line(page, _("The key is"),
                  _("inside of its token, which it never leaves"));
    else
        print_flags(page, info);
    if (info->key_not_after != 0)
        page_line(page, _("The key can sign until"),
                  text_date(info->key_not_after).text);
}

void container_view_print_key(struct page *page,
                              const struct container_info *info)
{
    page_title(page, text_clean(info->where).text);
    page_foreign(page, _("Name"), info->name);
    print_key(page, info);
    page_line(page, _("Password"),
              info->resident       ? _("the PIN of the token")
              : info->has_password ? _("there is one")
                                   : _("none"));
    print_certificate(page, info);
}

static const char *check_text(enum check check)
{
    static const char *const texts[] = {
        [CHECK_NOT_MADE] = N_("not checked"),
        [CHECK_GOOD] = N_("in order"),
        [CHECK_BAD] = N_("damaged"),
    };

    return _(texts[check]);
}

static void print_pairs(struct page *page, const char *label,
                        const enum check pair[REPORT_PAIRS])
{
    char value[256];

    snprintf(value, sizeof(value), _("%s; reserve copy: %s"),
             check_text(pair[0]), check_text(pair[1]));
    page_line(page, label, value);
}

static void print_files(struct page *page,
                        const struct container_report *report)
{
    char value[256];

    for (size_t i = 0; i < REPORT_FILES; i++) {
        enum fault fault = report->file[i].fault;

        if (fault == FAULT_NONE)
            snprintf(value, sizeof(value),
                     ngettext("%lu byte", "%lu bytes",
                              (unsigned long)report->file[i].size),
                     (unsigned long)report->file[i].size);
        else
            snprintf(value, sizeof(value), "%s",
                     fault == FAULT_NOT_FOUND ? _("missing")
                     : fault == FAULT_PIN_NEEDED
                         ? _("behind the PIN, not read")
                         : _(outcome_row(outcome_of_fault(fault))->sentence));
        page_line(page, report->file[i].name, value);
    }
}

static void print_report_key(struct page *page, const struct report_key *key)
{
    page_title(page, key->info.second ? _("Second key") : _("Key"));
    print_key(page, &key->info);
    if (key->info.resident)
        page_line(page, _("Key pair"), check_text(key->pair[0]));
    else
        print_pairs(page, _("Comes out of the files"), key->pair);
    if (key->info.certificate == NULL) {
        page_line(page, _("Certificate"),
                  key->certificate == CHECK_BAD ? _("cannot be read")
                                                : _("none"));
        return;
    }
    page_line(page, _("Certificate fits the key"),
              key->certificate == CHECK_BAD ? _("no: it is for another key")
                                            : check_text(key->certificate));
    page_title(page, certificate_view_owner(key->info.certificate).text);
    certificate_view_print(page, key->info.certificate);
}

static void print_container(struct page *page,
                            const struct container_report *report)
{
    page_line(page, _("Password"),
              !report->has_password                ? _("none")
              : report->password == CHECK_NOT_MADE ? _("there is one")
              : report->password == CHECK_GOOD     ? _("yes, the one given")
                                                   : _("yes, another one"));
    page_line(page, _("Header"),
              report->keys == 0 ? _("cannot be read")
                                : check_text(report->header_mac));
    print_pairs(page, _("Masks"), report->mask_mac);
    print_files(page, report);
    if (report->shut)
        page_line(page, _("Not checked"),
                  _("what stands behind the PIN of the token; kep verify "
                    "checks it"));
}

void container_view_print(struct page *page,
                          const struct container_report *report)
{
    page_title(page, text_clean(report->where).text);
    page_foreign(page, _("Name"), report->name);
    if (report->keys > 0 && report->key[0].info.resident)
        page_line(page, _("Password"), _("the PIN of the token"));
    else
        print_container(page, report);
    for (size_t i = 0; i < report->keys; i++)
        print_report_key(page, &report->key[i]);
    for (size_t i = 0; i < report->chain.count; i++) {
        page_title(page,
                   certificate_view_owner(report->chain.certificate[i]).text);
        certificate_view_print(page, report->chain.certificate[i]);
    }
}
