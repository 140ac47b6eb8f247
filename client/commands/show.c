#include "client/commands/commands.h"

#include "client/renewal/result.h"
#include "client/scan/scan.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/certificate_view.h"
#include "client/view/container_view.h"
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
    enum fault fault; /* of a certificate */
};

/* Without a password what can be said without it; none is asked for. */
static enum fault inspect(void *context, const char *password)
{
    struct showing *showing = context;
    enum fault fault;

    report_free(&showing->report);
    fault = showing->ops->inspect(showing->where, password, &showing->report);
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

static enum fault show_file(void *context, const struct find *find)
{
    struct showing *showing = context;

    showing->fault = find->fault;
    if (find->fault != FAULT_NONE)
        return FAULT_NONE;
    if (showing->desk->options->json) {
        showing->json = certificate_view_json_full(find->certificate);
        return FAULT_NONE;
    }
    page_title(&showing->page, certificate_view_owner(find->certificate).text);
    certificate_view_print(&showing->page, find->certificate);
    return FAULT_NONE;
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

    if (is_file(name)) {
        showing.fault = scan_place(name, show_file, &showing) == FAULT_NONE
                            ? showing.fault
                            : FAULT_IO;
        outcome = unlock_fault(showing.fault, name, &failure);
    } else {
        outcome = show_container(&showing, name, &failure);
    }
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
