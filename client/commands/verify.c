#include "client/commands/commands.h"

#include "client/renewal/result.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/container_view.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <json-c/json.h>

struct verification {
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    struct container_report *report;
};

static enum fault inspect(void *context, const char *password)
{
    struct verification *verification = context;
    const struct container_report *report;
    enum fault fault;

    report_free(&verification->report);
    fault = verification->ops->inspect(verification->where, MEDIUM_WHOLE,
                                       password, &verification->report);
    report = verification->report;
    if (fault == FAULT_NONE && report->has_password && password == NULL)
        fault = FAULT_PASSWORD_NEEDED;
    if (fault == FAULT_NONE && report->password == CHECK_BAD)
        fault = FAULT_PASSWORD_WRONG;
    return fault;
}

/* The worst of a key: that it does not open counts most. */
static enum outcome judge_key(const struct report_key *key, const char *where,
                              struct failure *failure)
{
    const bool is_mismatch =
        key->certificate == CHECK_BAD && key->info.certificate != NULL;

    if (key->info.refused != FAULT_NONE)
        return unlock_refused(&key->info, where, failure);
    if (key->pair[0] != CHECK_GOOD && key->pair[1] != CHECK_GOOD &&
        !(is_mismatch && key->pair[0] == CHECK_NOT_MADE))
        return OUTCOME_CONTAINER_DAMAGED;
    return is_mismatch ? OUTCOME_KEY_MISMATCH : OUTCOME_DONE;
}

static enum outcome judge(const struct container_report *report,
                          const char *where, struct failure *failure)
{
    if (report->header != FAULT_NONE)
        return outcome_of_fault(report->header);
    for (size_t i = 0; i < report->keys; i++) {
        enum outcome outcome = judge_key(&report->key[i], where, failure);

        if (outcome != OUTCOME_DONE)
            return outcome;
    }
    return report->whole ? OUTCOME_IN_ORDER : OUTCOME_CONTAINER_FLAWED;
}

static enum outcome verify(const struct desk *desk,
                           struct verification *verification,
                           struct failure *failure)
{
    const char *name = desk->options->argument[0];
    enum fault fault =
        medium_find(name, &verification->ops, verification->where);
    char *password = NULL;

    if (unlock_fault(fault, name, failure) == OUTCOME_DONE)
        unlock(desk, name, inspect, verification, &password, failure);
    secret_free(&password);
    if (failure->outcome != OUTCOME_DONE)
        report_free(&verification->report);
    else
        failure->outcome = judge(verification->report, name, failure);
    if (failure->outcome != OUTCOME_IN_ORDER && failure->detail[0] == '\0')
        text_clean_into(failure->detail, sizeof(failure->detail), name);
    return failure->outcome;
}

/* The report comes also where it is a bad one. */
static int say(const struct desk *desk, const struct container_report *report,
               const struct failure *failure)
{
    struct page page = {.written = 0};
    struct json_object *json;

    if (desk->options->json) {
        json = result_json_plain(failure);
        view_put(json, "report",
                 report != NULL ? container_view_json(report) : NULL);
        page.written = result_print(json);
        json_object_put(json);
    } else if (report != NULL) {
        container_view_print(&page, report);
    }
    result_say(desk->screen, failure);
    return page.written;
}

enum outcome verify_run(struct desk *desk)
{
    struct verification verification = {.report = NULL};
    struct failure failure = {.outcome = OUTCOME_DONE, .elsewhere = true};
    enum outcome outcome = verify(desk, &verification, &failure);

    if (say(desk, verification.report, &failure) != 0)
        outcome = OUTCOME_IO;
    report_free(&verification.report);
    return outcome;
}
