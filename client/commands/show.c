#include "client/commands/commands.h"

#include "client/bundle_file.h"
#include "client/renewal/result.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/certificate_view.h"
#include "client/view/container_view.h"
#include "client/view/name_view.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <json-c/json.h>
#include <sys/stat.h>

struct showing {
    const struct desk *desk;
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    struct container_report *report;
    struct json_object *json;
    struct page page;
};

/* Without a password, and without the PIN of a token, what can be said without
 * it; none is asked for. */
static enum fault inspect(void *context, const char *password)
{
    struct showing *showing = context;
    const struct options *options = showing->desk->options;
    const bool given = options->pin_file != NULL || options->pin_fd >= 0;
    enum fault fault;

    report_free(&showing->report);
    fault = showing->ops->inspect(showing->where,
                                  given ? MEDIUM_WHOLE : MEDIUM_PUBLIC,
                                  password, &showing->report);
    if (fault == FAULT_NONE && showing->report->password == CHECK_BAD)
        fault = FAULT_PASSWORD_WRONG;
    return fault;
}

static enum outcome show_container(struct showing *showing, const char *name,
                                   struct failure *failure)
{
    enum fault fault = medium_find(name, &showing->ops, showing->where);
    char *password = NULL;
    enum outcome outcome = unlock_fault(fault, name, failure);

    if (outcome == OUTCOME_DONE)
        outcome =
            unlock(showing->desk, name, inspect, showing, &password, failure);
    secret_free(&password);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (showing->desk->options->json)
        showing->json = container_view_json(showing->report);
    else
        container_view_print(&showing->page, showing->report);
    return outcome;
}

static void print_chain(struct page *page, const struct chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        page_title(page, certificate_view_owner(chain->certificate[i]).text);
        certificate_view_print(page, chain->certificate[i]);
    }
}

/* One is the object itself; several, of a .p7b, are a list. */
static struct json_object *chain_json(const struct chain *chain)
{
    struct json_object *object, *list;

    if (chain->count == 1)
        return certificate_view_json_full(chain->certificate[0]);
    object = json_object_new_object();
    list = json_object_new_array();
    for (size_t i = 0; i < chain->count; i++)
        json_object_array_add(
            list, certificate_view_json_full(chain->certificate[i]));
    view_put(object, "certificates", list);
    return object;
}

static enum fault show_certificates(struct showing *showing, const char *path)
{
    struct chain chain = {.count = 0};
    enum fault fault = bundle_file_read(path, &chain);

    if (fault == FAULT_NO_CERTIFICATE)
        fault = FAULT_CERTIFICATE;
    if (fault == FAULT_NONE && showing->desk->options->json)
        showing->json = chain_json(&chain);
    else if (fault == FAULT_NONE)
        print_chain(&showing->page, &chain);
    chain_free(&chain);
    return fault;
}

/* What was written for a certification centre can be looked at, too. */
static enum fault show_request(struct showing *showing, const char *path)
{
    struct name subject;
    gnutls_x509_crq_t crq;
    enum fault fault = bundle_file_read_request(path, &crq, &subject);

    if (fault != FAULT_NONE)
        return fault;
    if (showing->desk->options->json) {
        showing->json = json_object_new_object();
        view_put(showing->json, "request", name_view_json(&subject));
    } else {
        page_title(&showing->page, _("Certificate request"));
        name_view_print(&showing->page, &subject);
        page_line(&showing->page, _("Signed with its key"), _("yes"));
    }
    gnutls_x509_crq_deinit(crq);
    name_free(&subject);
    return FAULT_NONE;
}

static enum outcome show_file(struct showing *showing, const char *path,
                              struct failure *failure)
{
    enum fault fault = show_certificates(showing, path);

    if (fault == FAULT_CERTIFICATE && show_request(showing, path) == FAULT_NONE)
        fault = FAULT_NONE;
    return unlock_fault(fault, path, failure);
}

static bool is_file(const char *name)
{
    struct stat about;

    return stat(name, &about) == 0 && S_ISREG(about.st_mode);
}

enum outcome show_run(struct desk *desk)
{
    const char *name = desk->options->argument[0];
    struct showing showing = {.desk = desk};
    struct failure failure = {.outcome = OUTCOME_DONE, .elsewhere = true};
    enum outcome outcome;

    outcome = is_file(name) ? show_file(&showing, name, &failure)
                            : show_container(&showing, name, &failure);
    if (outcome != OUTCOME_DONE && desk->options->json)
        showing.json = result_json_plain(&failure);
    if (outcome != OUTCOME_DONE)
        result_say(desk->screen, &failure);
    if (showing.json != NULL)
        showing.page.written = result_print(showing.json);
    json_object_put(showing.json);
    report_free(&showing.report);
    return showing.page.written == 0 ? outcome : OUTCOME_IO;
}
