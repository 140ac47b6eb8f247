#include "client/commands/commands.h"

#include "client/password.h"
#include "client/renewal/result.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/workplace.h"
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
static enum outcome ask_new(struct change *change)
{
    const struct prompt_secret ask = {
        .question = _("New password of the container (Enter: none)"),
        .again = _("The same password once more"),
        .check = password_refuse,
        .may_be_empty = true};
    struct screen *screen = change->desk->screen;
    enum prompt_end end;
    bool without = false;

    do {
        secret_free(&change->new_one);
        end = prompt_secret(screen, &ask, &change->new_one);
        if (end != PROMPT_OK || change->new_one[0] != '\0')
            break;
        end = prompt_yes(screen,
                         _("Without a password whoever gets the files of the "
                           "container can sign as you. Leave it without "
                           "one?"),
                         0, &without);
    } while (end == PROMPT_OK && !without);
    return unlock_unanswered(end, "--new-pin-file", &change->failure);
}

static enum outcome choose_new(struct change *change)
{
    const struct options *options = change->desk->options;
    struct failure *failure = &change->failure;
    const char *why;

    if (options->new_pin_file == NULL && options->new_pin_fd < 0)
        return ask_new(change);
    failure->outcome = password_read(
        options->new_pin_file, (int)options->new_pin_fd, &change->new_one);
    if (failure->outcome != OUTCOME_DONE) {
        snprintf(failure->detail, sizeof(failure->detail),
                 _("The password for %s: %s"), "--new-pin-file",
                 options->new_pin_file != NULL
                     ? text_clean(options->new_pin_file).text
                     : "");
        return failure->outcome;
    }
    why = password_refuse(change->new_one, NULL);
    if (why != NULL) {
        failure->outcome = OUTCOME_CONFIGURATION;
        snprintf(failure->detail, sizeof(failure->detail), "--new-pin-file: %s",
                 why);
    }
    return failure->outcome;
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
    if (outcome == OUTCOME_DONE)
        outcome = unlock(change->desk, name, open_it, change, &change->old_one,
                         &change->failure);
    if (outcome == OUTCOME_DONE)
        outcome = choose_new(change);
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
    json_object_object_add(json, "container",
                           change->where[0] != '\0'
                               ? json_object_new_string(change->where)
                               : NULL);
    json_object_object_add(
        json, "hasPassword",
        done ? json_object_new_boolean(outcome == OUTCOME_PASSWORD_SET) : NULL);
    json_object_object_add(json, "fromReserve",
                           json_object_new_boolean(change->from_reserve));
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
