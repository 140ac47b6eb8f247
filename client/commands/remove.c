#include "client/commands/commands.h"

#include "client/pin/pin_given.h"
#include "client/renewal/result.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/certificate_view.h"
#include "client/view/view_put.h"
#include "token/stored.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

struct removal {
    const struct desk *desk;
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    size_t keys; /* that go with it */
    struct failure failure;
};

static enum outcome fail(struct removal *removal, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&removal->failure, outcome, detail);
}

static enum outcome find(struct removal *removal)
{
    const char *name = removal->desk->options->argument[0];
    enum fault fault = medium_find(name, &removal->ops, removal->where);

    if (fault == FAULT_NONE && removal->ops->remove == NULL)
        return fail(removal, OUTCOME_USAGE,
                    _("Only containers on tokens are removed with kep. A "
                      "container in a folder is a folder: put it where old "
                      "keys are kept, for it opens old documents."));
    /* Both keys of a container go with it: one alone cannot be meant. */
    if (fault == FAULT_NONE && strstr(removal->where, CONTAINER_SECOND) != NULL)
        return fail(removal, OUTCOME_USAGE,
                    _("A container is removed with both of its keys. Name it "
                      "without ?signature."));
    return unlock_fault(fault, name, &removal->failure);
}

static void say_key(struct screen *screen, const struct container_info *info)
{
    const struct certificate *certificate = info->certificate;

    if (info->second && certificate != NULL)
        screen_say(screen,
                   _("Its second key, for signature: owner %s, valid until "
                     "%s."),
                   certificate_view_owner(certificate).text,
                   text_date(certificate->not_after).text);
    else if (info->second)
        screen_say(screen,
                   _("Its second key, for signature: without a certificate."));
    else if (certificate != NULL)
        screen_say(screen, _("The container %s: %s, owner %s, valid until %s."),
                   text_clean(info->where).text, text_clean(info->name).text,
                   certificate_view_owner(certificate).text,
                   text_date(certificate->not_after).text);
    else
        screen_say(screen, _("The container %s: %s, without a certificate."),
                   text_clean(info->where).text, text_clean(info->name).text);
}

static enum fault look_at(struct removal *removal, size_t key)
{
    struct container_info info = {.algorithm = NULL};
    char where[LOCATION_MAX];
    enum fault fault = stored_place(removal->where, key, where);

    if (fault == FAULT_NONE)
        fault = removal->ops->describe(where, &info);
    if (fault == FAULT_NONE) {
        say_key(removal->desk->screen, &info);
        removal->keys = info.keys;
    }
    container_info_free(&info);
    return fault;
}

/* What will be lost. One that was never finished has no key to lose. */
static enum outcome look(struct removal *removal)
{
    enum fault fault = FAULT_NONE;

    removal->keys = 1;
    for (size_t key = 0; key < removal->keys && fault == FAULT_NONE; key++)
        fault = look_at(removal, key);
    if (fault == FAULT_UNFINISHED || fault == FAULT_DAMAGED)
        fault = FAULT_NONE;
    return unlock_fault(fault, removal->where, &removal->failure);
}

static enum outcome confirm(struct removal *removal)
{
    bool yes = removal->desk->options->force;
    enum prompt_end end;

    if (yes)
        return OUTCOME_DONE;
    end = prompt_yes(removal->desk->screen,
                     removal->keys > 1
                         ? _("Both of its keys are destroyed with it: "
                             "documents that were encrypted for them can never "
                             "be opened again without a copy. Destroy them?")
                         : _("Its key is destroyed with it: documents that "
                             "were encrypted for it can never be opened again "
                             "without a copy. Destroy it?"),
                     0, &yes);
    if (end == PROMPT_OK && !yes)
        return fail(removal, OUTCOME_CANCELLED, "");
    return unlock_unanswered(end, "--force", &removal->failure);
}

static enum outcome destroy(struct removal *removal)
{
    const struct options *options = removal->desk->options;
    enum outcome outcome =
        pin_given_take(removal->ops, removal->where, options->pin_file,
                       options->pin_fd, "--pin-file", &removal->failure);

    return outcome == OUTCOME_DONE
               ? unlock_fault(removal->ops->remove(removal->where),
                              removal->where, &removal->failure)
               : outcome;
}

/* Under the lock: a renewal that runs beside may be writing there. */
static enum outcome run(struct removal *removal)
{
    struct workplace workplace;
    enum outcome outcome = workplace_open(&workplace);

    removal->failure.outcome = outcome;
    if (outcome == OUTCOME_DONE)
        outcome = find(removal);
    if (outcome == OUTCOME_DONE)
        outcome = look(removal);
    if (outcome == OUTCOME_DONE)
        outcome = confirm(removal);
    if (outcome == OUTCOME_DONE)
        outcome = destroy(removal);
    if (outcome == OUTCOME_DONE)
        outcome = fail(removal, OUTCOME_REMOVED, "");
    workplace_close(&workplace);
    return outcome;
}

enum outcome remove_run(struct desk *desk)
{
    struct removal removal = {.desk = desk, .failure = {.elsewhere = true}};
    enum outcome outcome = run(&removal);
    struct json_object *json;

    result_say(desk->screen, &removal.failure);
    if (!desk->options->json)
        return outcome;
    json = result_json_plain(&removal.failure);
    view_put_filled(json, "container", removal.where);
    return result_answer(json, outcome);
}
