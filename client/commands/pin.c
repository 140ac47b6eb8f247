#include "client/commands/commands.h"

#include "client/pfx/asked.h"
#include "client/pin/pin_given.h"
#include "client/pin/pin_person.h"
#include "client/renewal/result.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/medium_view.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"
#include "token/pin.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* What can be done to a PIN. */
struct task {
    enum pin_owner enters, owner; /* whose PIN opens the token; of whom a new
                                     one is put in */
    enum outcome done;
};

static const struct task change_own = {PIN_OWNER_USER, PIN_OWNER_USER,
                                       OUTCOME_PIN_CHANGED};
static const struct task change_administrators = {PIN_OWNER_ADMINISTRATOR,
                                                  PIN_OWNER_ADMINISTRATOR,
                                                  OUTCOME_ADMIN_PIN_CHANGED};
static const struct task unblock = {PIN_OWNER_ADMINISTRATOR, PIN_OWNER_USER,
                                    OUTCOME_PIN_UNBLOCKED};

struct change {
    const struct desk *desk;
    const struct task *task;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    struct medium_info token;
    char *new_one; /* secret memory; NULL: the old one stays */
    struct failure failure;
};

/* Of one whose PIN is sent, or of the user's new one. */
static enum outcome fail_fault(struct change *change, enum pin_owner owner,
                               enum fault fault)
{
    unlock_fault(fault,
                 change->location[0] != '\0'
                     ? change->location
                     : change->desk->options->argument[0],
                 &change->failure);
    if (owner == PIN_OWNER_ADMINISTRATOR)
        change->failure.outcome = outcome_of_administrator(fault);
    return change->failure.outcome;
}

/* --- what is asked for --------------------------------------------------- */

/* A PIN in the wrong option would cost a try of the other one. */
static const char *check_options(const struct options *options)
{
    const bool administrator = options->unblock || options->admin;

    if (options->unblock && options->admin)
        return _("--unblock and --admin are two things: one after the other.");
    if (administrator && (options->pin_file != NULL || options->pin_fd >= 0))
        return _("--pin-file is for the user's PIN, which is not asked for "
                 "here; the administrator's is given with --admin-pin-file.");
    if (!administrator &&
        (options->admin_pin_file != NULL || options->admin_pin_fd >= 0))
        return _("The administrator's PIN is for --unblock and --admin.");
    return NULL;
}

static enum outcome choose_task(struct change *change)
{
    const struct options *options = change->desk->options;
    const char *wrong = check_options(options);

    change->task = options->unblock ? &unblock
                   : options->admin ? &change_administrators
                                    : &change_own;
    return wrong != NULL ? failure_set(&change->failure, OUTCOME_USAGE, wrong)
                         : OUTCOME_DONE;
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
    if (fault == FAULT_NONE && change->token.pin_blocked &&
        change->task == &change_own)
        fault = FAULT_PIN_BLOCKED;
    return fault;
}

/* How long it may be, as is known of the token: of its administrator's when
 * that one was entered. */
static struct pin_state limits(const struct change *change)
{
    struct pin_state state = {.least = change->token.pin_least,
                              .most = change->token.pin_most};
    struct pin_state seen;

    if (change->task->owner == PIN_OWNER_ADMINISTRATOR &&
        pin_seen(change->location, PIN_OWNER_ADMINISTRATOR, &seen))
        state.least = seen.least;
    return state;
}

static void introduce(const struct change *change)
{
    struct screen *screen = change->desk->screen;
    const struct pin_state state = limits(change);
    char tries[256];

    if (change->token.pin_least > 0)
        screen_say(screen,
                   _("Token %s %s. A PIN has %zu to %zu characters: Latin "
                     "letters, digits and signs."),
                   text_clean(change->token.model).text,
                   text_clean(change->token.serial).text, pin_least(&state),
                   pin_most(&state));
    if (change->task != &unblock)
        return;
    medium_view_tries(&change->token, tries, sizeof(tries));
    screen_say(screen, _("The PIN of its user: %s."), tries);
}

/* --- the PIN as it is ---------------------------------------------------- */

static enum outcome enter_old(struct change *change)
{
    const struct options *options = change->desk->options;
    const enum pin_owner owner = change->task->enters;
    enum outcome outcome =
        owner == PIN_OWNER_USER
            ? pin_given_take(change->ops, change->location, options->pin_file,
                             options->pin_fd, "--pin-file", &change->failure)
            : pin_given_take_administrator(
                  change->ops, change->location, options->admin_pin_file,
                  options->admin_pin_fd, "--admin-pin-file", &change->failure);

    return outcome == OUTCOME_DONE
               ? fail_fault(change, owner,
                            change->ops->enter(change->location, owner))
               : outcome;
}

/* --- the new one --------------------------------------------------------- */

static void tell_limits(const struct pin_state *state, char *text, size_t size)
{
    snprintf(text, size,
             _("A PIN of this token has from %zu to %zu characters."),
             pin_least(state), pin_most(state));
}

/* NULL where it will do. Other programs encode other letters otherwise. */
static const char *refuse(const char *pin, void *data)
{
    (void)data;
    if (strcmp(pin, pin_factory(PIN_OWNER_USER)) == 0 ||
        strcmp(pin, pin_factory(PIN_OWNER_ADMINISTRATOR)) == 0)
        return _("Everybody knows that PIN: new tokens have it. Take another "
                 "one.");
    for (const char *at = pin; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return _("A PIN may have only Latin letters, digits and signs: "
                     "others are not understood by all programs.");
    return NULL;
}

/* The same of one that is typed, which can be typed again. None at all is
 * another question. */
static const char *refuse_typed(const char *pin, void *data)
{
    static char sentence[256];
    const struct pin_state state = limits(data);

    if (pin[0] == '\0' || pin_check(&state, pin) == FAULT_NONE)
        return refuse(pin, NULL);
    tell_limits(&state, sentence, sizeof(sentence));
    return sentence;
}

static bool is_given(const struct options *options)
{
    return options->new_pin_file != NULL || options->new_pin_fd >= 0;
}

/* Where an unlocked token may go on with its old PIN. */
static bool may_keep(const struct change *change)
{
    return change->task == &unblock && !change->ops->unblocks_anew;
}

static struct asked question(struct change *change)
{
    const struct options *options = change->desk->options;
    struct asked asked = {.file = options->new_pin_file,
                          .fd = options->new_pin_fd,
                          .option = "--new-pin-file",
                          .question = _("New PIN of the token"),
                          .again = _("The same PIN once more"),
                          .without = _("A token needs a PIN. Stop here?"),
                          .check = is_given(options) ? refuse : refuse_typed,
                          .data = change};

    if (change->task->owner == PIN_OWNER_ADMINISTRATOR)
        asked.question = _("New PIN of the token's administrator");
    if (may_keep(change)) {
        asked.question = _("New PIN of the token (Enter: keep the old one)");
        asked.without =
            _("Somebody has to know the old PIN: it cannot be shown. Keep it?");
        asked.usual_without = true;
    }
    return asked;
}

static enum outcome fail_length(struct change *change,
                                const struct pin_state *state)
{
    tell_limits(state, change->failure.detail, sizeof(change->failure.detail));
    return change->failure.outcome = OUTCOME_PIN_NEW_LENGTH;
}

static enum outcome check_length(struct change *change)
{
    const struct pin_state state = limits(change);

    return pin_check(&state, change->new_one) == FAULT_NONE
               ? OUTCOME_DONE
               : fail_length(change, &state);
}

static enum outcome choose_new(struct change *change)
{
    const struct options *options = change->desk->options;
    const struct asked asked = question(change);
    enum outcome outcome = asked_new(change->desk->screen, &asked,
                                     &change->new_one, &change->failure);

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (change->new_one == NULL)
        return may_keep(change)
                   ? OUTCOME_DONE
                   : unlock_unanswered(PROMPT_NOBODY, "--new-pin-file",
                                       &change->failure);
    if (change->new_one[0] != '\0' || is_given(options))
        return check_length(change);
    if (!may_keep(change))
        return unlock_unanswered(PROMPT_CANCELLED, "", &change->failure);
    secret_free(&change->new_one);
    return OUTCOME_DONE;
}

/* One that is given is looked at before anything is sent. To a person it is
 * known that the old one is right before a new one is thought up. */
static enum outcome choose(struct change *change)
{
    static enum outcome (*const given[])(struct change *) = {choose_new,
                                                             enter_old};
    static enum outcome (*const typed[])(struct change *) = {enter_old,
                                                             choose_new};
    enum outcome (*const *steps)(struct change *) =
        is_given(change->desk->options) ? given : typed;
    enum outcome outcome = steps[0](change);

    return outcome == OUTCOME_DONE ? steps[1](change) : outcome;
}

/* The reader asks for all of it. */
static bool is_elsewhere(const struct change *change)
{
    return change->token.pin_pad;
}

/* What was cut off while the new PIN was sent may have been done: the old one
 * would then cost a try. */
static enum outcome put_new(struct change *change)
{
    const struct task *task = change->task;
    const enum fault fault =
        task == &unblock
            ? change->ops->unblock(change->location, change->new_one)
            : change->ops->change_pin(change->location, task->owner,
                                      change->new_one);
    const struct pin_state state = limits(change);
    /* A length that the token refuses is that of the new one. */
    const enum outcome outcome = fault == FAULT_PIN_LENGTH
                                     ? fail_length(change, &state)
                                     : fail_fault(change, task->enters, fault);

    if ((change->new_one != NULL || is_elsewhere(change)) &&
        (fault == FAULT_TOKEN_GONE || fault == FAULT_TOKEN_ANSWER))
        snprintf(change->failure.detail, sizeof(change->failure.detail), "%s",
                 _("The token may have taken the new PIN already: try the new "
                   "one first, and once only."));
    return outcome;
}

/* --- all of it ----------------------------------------------------------- */

static enum outcome run(struct change *change)
{
    enum outcome outcome =
        fail_fault(change, PIN_OWNER_USER, find_token(change));

    /* That it has to be changed needs no telling while that is done. */
    if (change->task->enters == change->task->owner)
        pin_person_hush();
    if (outcome == OUTCOME_DONE)
        introduce(change);
    if (outcome == OUTCOME_DONE && !is_elsewhere(change))
        outcome = choose(change);
    if (outcome == OUTCOME_DONE && change->new_one != NULL)
        outcome = check_length(change);
    if (outcome == OUTCOME_DONE)
        outcome = put_new(change);
    if (outcome == OUTCOME_DONE)
        outcome = change->task == &unblock &&
                          (change->new_one != NULL || is_elsewhere(change))
                      ? OUTCOME_PIN_CHANGED
                      : change->task->done;
    return change->failure.outcome = outcome;
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
    view_put_filled(json, "location", change->location);
    written = result_print(json);
    json_object_put(json);
    return written;
}

enum outcome pin_run(struct desk *desk)
{
    struct change change = {.desk = desk, .failure = {.elsewhere = true}};
    enum outcome outcome = choose_task(&change);

    if (outcome == OUTCOME_DONE)
        outcome = run_locked(&change);
    if (say(&change) != 0)
        outcome = OUTCOME_IO;
    secret_free(&change.new_one);
    return outcome;
}
