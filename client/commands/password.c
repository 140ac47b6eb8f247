#include "client/commands/commands.h"

#include "client/password.h"
#include "client/pfx/asked.h"
#include "client/renewal/result.h"
#include "client/screen/walk.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

struct change {
    const struct desk *desk;
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    char *old_one, *new_one; /* secret memory; NULL, "": none */
    bool from_reserve;
    struct failure failure;
};

static enum fault open_it(void *context, const char *password)
{
    struct change *change = context;
    struct container *container;
    enum fault fault = change->ops->open(change->where, password, &container);

    if (fault != FAULT_NONE)
        return fault;
    change->from_reserve = container->from_reserve;
    if (container->info.resident)
        fault = FAULT_PIN_INSTEAD;
    container_free(&container);
    return fault;
}

/* An empty one is asked about, for whoever gets the files can sign then. */
static enum outcome choose_new(struct change *change)
{
    const struct options *options = change->desk->options;
    const struct asked asked = {
        .file = options->new_pin_file,
        .fd = options->new_pin_fd,
        .option = "--new-pin-file",
        .question = _("New password of the container (Enter: none)"),
        .again = _("The same password once more"),
        .without = _("Without a password whoever gets the files of the "
                     "container can sign as you. Leave it without one?"),
        .check = password_refuse};
    enum outcome outcome;

    secret_free(&change->new_one);
    outcome = asked_new(change->desk->screen, &asked, &change->new_one,
                        &change->failure);
    return outcome == OUTCOME_DONE && change->new_one == NULL
               ? failure_set(&change->failure, OUTCOME_ANSWER_NEEDED,
                             asked.option)
               : outcome;
}

static enum outcome write_new(struct change *change)
{
    struct entropy *pool = NULL;
    enum fault fault = entropy_new(&pool);

    if (fault == FAULT_NONE)
        fault = change->ops->set_password(change->where, change->old_one,
                                          change->new_one, pool);
    entropy_free(&pool);
    if (fault != FAULT_NONE)
        return unlock_fault(fault, change->where, &change->failure);
    return change->failure.outcome = change->new_one[0] != '\0'
                                         ? OUTCOME_PASSWORD_SET
                                         : OUTCOME_PASSWORD_REMOVED;
}

/* The one that it has, and then the one that it gets. */
static bool ask_row(void *context, size_t row, bool again)
{
    struct change *change = context;
    enum outcome outcome;

    (void)again;
    if (row == 0) {
        secret_free(&change->old_one);
        outcome = unlock(change->desk, change->desk->options->argument[0],
                         open_it, change, &change->old_one, &change->failure);
    } else {
        outcome = choose_new(change);
    }
    return outcome == OUTCOME_DONE;
}

/* Under the lock: a renewal that runs beside may be writing there. */
static enum outcome run(struct change *change)
{
    const char *name = change->desk->options->argument[0];
    struct workplace workplace;
    enum outcome outcome = workplace_open(&workplace);
    enum fault fault = FAULT_NONE;

    change->failure.outcome = outcome;
    if (outcome == OUTCOME_LOCKED && workplace.holder > 0)
        snprintf(change->failure.detail, sizeof(change->failure.detail),
                 _("Its number: %ld."), workplace.holder);
    if (outcome == OUTCOME_DONE) {
        fault = medium_find(name, &change->ops, change->where);
        if (fault == FAULT_NONE && change->ops->inside_only)
            fault = FAULT_PIN_INSTEAD;
        outcome = unlock_fault(fault, name, &change->failure);
    }
    if (outcome == OUTCOME_DONE &&
        !walk_run(change->desk->screen, 2, ask_row, change))
        outcome = change->failure.outcome;
    if (outcome == OUTCOME_DONE)
        outcome = write_new(change);
    workplace_close(&workplace);
    return outcome;
}

static int say(const struct change *change)
{
    const enum outcome outcome = change->failure.outcome;
    const bool done =
        outcome == OUTCOME_PASSWORD_SET || outcome == OUTCOME_PASSWORD_REMOVED;
    struct json_object *json;
    int written;

    if (done && change->from_reserve)
        screen_say(change->desk->screen,
                   _("The first copy of the key was damaged. Both copies are "
                     "written afresh now."));
    result_say(change->desk->screen, &change->failure);
    if (!change->desk->options->json)
        return 0;
    json = result_json_plain(&change->failure);
    view_put_filled(json, "container", change->where);
    view_put(json, "hasPassword",
             done ? json_object_new_boolean(outcome == OUTCOME_PASSWORD_SET)
                  : NULL);
    view_put_flag(json, "fromReserve", change->from_reserve);
    written = result_print(json);
    json_object_put(json);
    return written;
}

enum outcome password_run(struct desk *desk)
{
    struct change change = {.desk = desk, .failure = {.elsewhere = true}};
    enum outcome outcome = run(&change);

    if (say(&change) != 0)
        outcome = OUTCOME_IO;
    secret_free(&change.old_one);
    secret_free(&change.new_one);
    return outcome;
}
