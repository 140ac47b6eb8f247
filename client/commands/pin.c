#include "client/commands/commands.h"

#include "client/pfx/asked.h"
#include "client/pin/pin_given.h"
#include "client/renewal/result.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/workplace.h"
#include "keygen/secret.h"
#include "token/pin.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

struct change {
    const struct desk *desk;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    struct medium_info token;
    char *new_one; /* secret memory */
    struct failure failure;
};

static enum outcome fail_fault(struct change *change, enum fault fault)
{
    return unlock_fault(fault,
                        change->location[0] != '\0'
                            ? change->location
                            : change->desk->options->argument[0],
                        &change->failure);
}

/* The token of a place, or of a container on it. */
static enum fault find_token(struct change *change)
{
    char where[LOCATION_MAX];
    enum fault fault =
        medium_find(change->desk->options->argument[0], &change->ops, where);

    if (fault == FAULT_NONE && change->ops->change_pin == NULL)
        fault = FAULT_NO_PIN;
    if (fault == FAULT_NONE)
        fault = pin_given_home(change->ops, where, change->location);
    if (fault == FAULT_NONE)
        fault = change->ops->look(change->location, &change->token);
    if (fault == FAULT_NONE && change->token.pin_blocked)
        fault = FAULT_PIN_BLOCKED;
    return fault;
}

/* That it is the right one is known before the new one is thought up. */
static enum outcome enter_old(struct change *change)
{
    const struct options *options = change->desk->options;
    enum outcome outcome =
        pin_given_take(change->ops, change->location, options->pin_file,
                       options->pin_fd, "--pin-file", &change->failure);

    return outcome == OUTCOME_DONE
               ? fail_fault(change, change->ops->enter(change->location))
               : outcome;
}

/* NULL where it will do. Other programs encode other letters otherwise. */
static const char *refuse(const char *pin, void *data)
{
    struct pin_state state;

    (void)data;
    if (pin_seen_last(&state) && strcmp(pin, state.factory) == 0)
        return _("Everybody knows that PIN: new tokens have it. Take another "
                 "one.");
    for (const char *at = pin; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return _("A PIN may have only Latin letters, digits and signs: "
                     "others are not understood by all programs.");
    return NULL;
}

static enum outcome choose_new(struct change *change)
{
    const struct options *options = change->desk->options;
    const struct asked asked = {.file = options->new_pin_file,
                                .fd = options->new_pin_fd,
                                .option = "--new-pin-file",
                                .question = _("New PIN of the token"),
                                .again = _("The same PIN once more"),
                                .without = _("A token needs a PIN. Stop here?"),
                                .check = refuse};
    struct pin_state state = {.least = change->token.pin_least,
                              .most = change->token.pin_most};
    enum outcome outcome = asked_new(change->desk->screen, &asked,
                                     &change->new_one, &change->failure);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (change->new_one == NULL)
        return unlock_unanswered(PROMPT_NOBODY, "--new-pin-file",
                                 &change->failure);
    if (change->new_one[0] == '\0' && options->new_pin_file == NULL &&
        options->new_pin_fd < 0)
        return unlock_unanswered(PROMPT_CANCELLED, "", &change->failure);
    return fail_fault(change, pin_check(&state, change->new_one));
}

/* What was cut off while the new PIN was sent may have been done: the old one
 * would then cost a try. */
static enum outcome put_new(struct change *change)
{
    const enum fault fault =
        change->ops->change_pin(change->location, change->new_one);
    const enum outcome outcome = fail_fault(change, fault);

    if (fault == FAULT_TOKEN_GONE || fault == FAULT_TOKEN_ANSWER)
        snprintf(change->failure.detail, sizeof(change->failure.detail), "%s",
                 _("The token may have taken the new PIN already: try the new "
                   "one first, and once only."));
    return outcome;
}

static enum outcome run(struct change *change)
{
    enum outcome outcome = fail_fault(change, find_token(change));

    if (outcome == OUTCOME_DONE && change->token.pin_least > 0 &&
        change->token.pin_most > 0)
        screen_say(change->desk->screen,
                   _("Token %s %s. A PIN has %zu to %zu characters."),
                   text_clean(change->token.model).text,
                   text_clean(change->token.serial).text,
                   change->token.pin_least, change->token.pin_most);
    if (outcome == OUTCOME_DONE)
        outcome = enter_old(change);
    if (outcome == OUTCOME_DONE)
        outcome = choose_new(change);
    if (outcome == OUTCOME_DONE)
        outcome = put_new(change);
    if (outcome == OUTCOME_DONE)
        outcome = change->failure.outcome = OUTCOME_PIN_CHANGED;
    return outcome;
}

/* Under the lock: a renewal that waits knows the old one. */
static enum outcome run_locked(struct change *change)
{
    struct workplace workplace;
    enum outcome outcome = workplace_open(&workplace);

    change->failure.outcome = outcome;
    if (outcome == OUTCOME_LOCKED && workplace.holder > 0)
        snprintf(change->failure.detail, sizeof(change->failure.detail),
                 _("Its number: %ld."), workplace.holder);
    if (outcome == OUTCOME_DONE)
        outcome = run(change);
    workplace_close(&workplace);
    return outcome;
}

static int say(const struct change *change)
{
    struct json_object *json;
    int written;

    result_say(change->desk->screen, &change->failure);
    if (!change->desk->options->json)
        return 0;
    json = result_json_plain(&change->failure);
    json_object_object_add(json, "location",
                           change->location[0] != '\0'
                               ? json_object_new_string(change->location)
                               : NULL);
    written = result_print(json);
    json_object_put(json);
    return written;
}

enum outcome pin_run(struct desk *desk)
{
    struct change change = {.desk = desk, .failure = {.elsewhere = true}};
    enum outcome outcome = run_locked(&change);

    if (say(&change) != 0)
        outcome = OUTCOME_IO;
    secret_free(&change.new_one);
    return outcome;
}
