#include "client/renewal/new_key.h"

#include "client/making/new_password.h"
#include "client/making/randomness.h"
#include "client/making/target.h"
#include "client/pin/pin_given.h"
#include "client/renewal/former.h"
#include "client/renewal/keys.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <string.h>

enum { PLACES_TRIED = 3 };

/* --- where --------------------------------------------------------------- */

static bool is_asked_inside(const struct renewal *renewal)
{
    const char *copying = renewal_get(renewal, RECORD_COPYING);

    return copying != NULL && strcmp(copying, "inside") == 0;
}

static const struct algorithm *asked_inside(const struct renewal *renewal)
{
    return is_asked_inside(renewal)
               ? algorithm_by_word(renewal_get(renewal, RECORD_ALGORITHM))
               : NULL;
}

/* A place that was given but cannot be used now (a drive that is not plugged
 * in) is asked for again, unless a key may be there already. */
static enum outcome choose_target(struct renewal *renewal, bool again)
{
    const char *given = renewal_get(renewal, RECORD_TARGET);
    const char *why = NULL;
    char answer[LOCATION_MAX];
    enum prompt_end end;

    if (!again && given != NULL &&
        (!screen_interactive(renewal->screen) ||
         renewal_get(renewal, RECORD_FOLDER) != NULL))
        return OUTCOME_DONE; /* it is looked at before the key is made */
    if (!again && given != NULL &&
        (why = target_refuse(given, asked_inside(renewal))) == NULL)
        return OUTCOME_DONE;
    if (why != NULL)
        screen_say(renewal->screen, "%s: %s", text_clean(given).text, why);
    end = target_ask(renewal->screen, given,
                     former_key(renewal_get(renewal, RECORD_OLD_CONTAINER)),
                     asked_inside(renewal), answer);
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--to");
    renewal_set(renewal, RECORD_TARGET, answer);
    return OUTCOME_DONE;
}

/* --- with what ----------------------------------------------------------- */

/* What a part that is not of the renewal came to. */
static enum outcome take_failure(struct renewal *renewal,
                                 const struct failure *failure)
{
    return failure->outcome == OUTCOME_DONE
               ? OUTCOME_DONE
               : renewal_fail(renewal, failure->outcome, "%s", failure->detail);
}

/* Whether the key is made inside of its token, because it is asked for or
 * because there is no other way. */
static bool wants_inside(const struct renewal *renewal,
                         const struct medium_ops *ops)
{
    return ops->inside_only || is_asked_inside(renewal);
}

/* Whether neither a password nor a PIN guards the old container, which this run
 * may not have opened: an earlier one may have signed the statement. */
static bool old_is_unguarded(const struct renewal *renewal)
{
    const struct medium_ops *ops;
    struct container_info info = {.algorithm = NULL};
    char old[LOCATION_MAX];
    bool unguarded;

    if (medium_find(renewal_get(renewal, RECORD_OLD_CONTAINER), &ops, old) !=
            FAULT_NONE ||
        pin_given_is_meant(ops))
        return false;
    unguarded = ops->describe(old, &info) == FAULT_NONE && !info.has_password;
    container_info_free(&info);
    return unguarded;
}

/* An express renewal takes what the old container has: where that has no
 * password, nobody is asked for one. */
static bool goes_without(const struct renewal *renewal,
                         const struct medium_ops *ops)
{
    return renewal->options->express && !pin_given_is_meant(ops) &&
           renewal_get(renewal, RECORD_PIN_FILE) == NULL &&
           renewal->options->pin_fd < 0 && old_is_unguarded(renewal);
}

static enum outcome choose_password(struct renewal *renewal,
                                    const struct medium_ops *ops,
                                    const char *target)
{
    struct failure failure = {.outcome = OUTCOME_DONE};

    if (renewal->new_password == NULL && goes_without(renewal, ops)) {
        screen_say(renewal->screen,
                   _("The new container has no password, as the old one has "
                     "none."));
        renewal->new_password = secret_copy("", 0);
    }
    if (renewal->new_password == NULL)
        failure.outcome = new_password_choose(
            renewal->screen, ops, target, wants_inside(renewal, ops),
            renewal_get(renewal, RECORD_PIN_FILE), renewal->options->pin_fd,
            &renewal->new_password, &failure);
    return take_failure(renewal, &failure);
}

/* What a person has typed serves until the key is made: a token may be pulled
 * out meanwhile, or a place be taken. What is drawn of it differs each time. */
static enum outcome fill_pool(struct renewal *renewal)
{
    struct failure failure = {.outcome = OUTCOME_DONE};
    enum fault fault;

    if (renewal->pool != NULL)
        return OUTCOME_DONE;
    fault = entropy_new(&renewal->pool);
    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, "");
    randomness_fill(renewal->screen, renewal->options->entropy, renewal->pool,
                    &failure);
    if (failure.outcome != OUTCOME_DONE)
        entropy_free(&renewal->pool);
    return take_failure(renewal, &failure);
}

/* --- making -------------------------------------------------------------- */

/* Whether a key may stand where making one has failed. What has failed is taken
 * away again, but a token or its service may have gone before that; a token
 * that was pulled out keeps what was begun, which is gone on with. */
static bool may_be_there(const struct renewal *renewal,
                         const struct medium_ops *ops, const char *target,
                         enum outcome outcome)
{
    struct container_info info = {.algorithm = NULL};
    char where[LOCATION_MAX];
    enum fault fault =
        medium_join(ops, target, renewal_get(renewal, RECORD_FOLDER), where);

    if (fault == FAULT_NONE && outcome != OUTCOME_CONTAINER_EXISTS) {
        fault = ops->describe(where, &info);
        container_info_free(&info);
    }
    if (outcome == OUTCOME_CONTAINER_EXISTS || fault == FAULT_NOT_FOUND)
        return false;
    return fault != FAULT_UNFINISHED || outcome == OUTCOME_TOKEN_GONE;
}

/* Make it, and where nothing of it is there let another place or name be
 * chosen. */
static enum outcome generate_at(struct renewal *renewal,
                                const struct medium_ops *ops,
                                const char *target,
                                const struct container_spec *spec)
{
    struct container *made = NULL;
    enum outcome outcome = renewal_fault(
        renewal, ops->generate(target, spec, renewal->pool, &made), target);

    if (outcome == OUTCOME_DONE)
        outcome = keys_take_new(renewal, &made);
    else if (!may_be_there(renewal, ops, target, outcome))
        renewal_set(renewal, RECORD_FOLDER, NULL);
    container_free(&made);
    return outcome;
}

static enum outcome generate(struct renewal *renewal,
                             const struct medium_ops *ops, const char *target)
{
    const struct container_spec spec = {
        .folder_name = renewal_get(renewal, RECORD_FOLDER),
        .name = renewal_get(renewal, RECORD_NAME),
        .algorithm = algorithm_by_word(renewal_get(renewal, RECORD_ALGORITHM)),
        .password = renewal->new_password,
        .exportable = renewal_get(renewal, RECORD_COPYING) == NULL,
        .resident = wants_inside(renewal, ops),
        .key_not_after = target_key_end(clock_now(renewal->clock))};
    enum outcome outcome = OUTCOME_DONE;

    if (!spec.exportable && !spec.resident)
        screen_say(renewal->screen,
                   _("The new key will be marked as one that may not be "
                     "copied, as --non-exportable asks: neither kep nor other "
                     "programs make a copy of it, so if its drive breaks you "
                     "need a new certificate from the service centre."));
    if (!spec.resident)
        outcome = fill_pool(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = generate_at(renewal, ops, target, &spec);
    else
        renewal_set(renewal, RECORD_FOLDER, NULL);
    if (outcome == OUTCOME_DONE)
        entropy_free(&renewal->pool);
    return outcome;
}

/* A copy that was asked for and cannot be made is not left out in silence. */
static bool wants_backup(const struct renewal *renewal)
{
    const char *place = renewal_get(renewal, RECORD_BACKUP);

    return place != NULL && place[0] != '\0';
}

/* Everything that can be known to go wrong is looked at before the folder's
 * name is written into the journal. An earlier run's name stays: its key may
 * have been made. */
static enum outcome prepare(struct renewal *renewal,
                            const struct medium_ops *ops, const char *target)
{
    const char *word = renewal_get(renewal, RECORD_ALGORITHM);
    const char *known = renewal_get(renewal, RECORD_FOLDER);
    char folder[CONTAINER_FOLDER_MAX], name[TARGET_NAME];
    enum outcome outcome = OUTCOME_DONE;

    if (algorithm_by_word(word) == NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("The value of --%s is not right: %s"),
                            "algorithm", word);
    if (wants_inside(renewal, ops) && wants_backup(renewal))
        return renewal_fail(renewal, OUTCOME_KEY_STAYS, "%s", "--backup");
    if (known == NULL)
        outcome = renewal_fault(
            renewal,
            target_names(ops, target,
                         wants_inside(renewal, ops) ? algorithm_by_word(word)
                                                    : NULL,
                         clock_now(renewal->clock), folder, name),
            target);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_fault(
            renewal, ops->probe(target, known != NULL ? known : folder),
            target);
    if (outcome == OUTCOME_DONE)
        outcome = choose_password(renewal, ops, target);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (known == NULL)
        renewal_set(renewal, RECORD_FOLDER, folder);
    /* Inside: on a token, whose places are few, only that tells ours. */
    if (known == NULL && renewal_get(renewal, RECORD_NAME) == NULL)
        renewal_set(renewal, RECORD_NAME, name);
    renewal_set(renewal, RECORD_TARGET, target);
    return renewal_save(renewal);
}

/* Whether a container could be the one that was meant: it has the inner name
 * that is in the journal, and no certificate, which would be another's. */
static bool is_ours(const struct renewal *renewal,
                    const struct container_info *info)
{
    const char *name = renewal_get(renewal, RECORD_NAME);

    return info->certificate == NULL &&
           (name == NULL || strcmp(info->name, name) == 0);
}

/* Whether an earlier run has made it, and was killed before it could say so.
 * FAULT_NOT_FOUND: it has not, and where another program has taken its place
 * since, it needs another one. Any other fault is one: a second key is never
 * made beside one that cannot be read just now. */
static enum fault look_for_made(struct renewal *renewal,
                                const struct medium_ops *ops,
                                const char *target, char *where)
{
    struct container_info info = {.algorithm = NULL};
    const char *folder = renewal_get(renewal, RECORD_FOLDER);
    enum fault fault;

    if (folder == NULL)
        return FAULT_NOT_FOUND;
    fault = medium_join(ops, target, folder, where);
    if (fault == FAULT_NONE)
        fault = ops->describe(where, &info);
    if (fault == FAULT_NOT_FOUND &&
        ops->probe(target, folder) == FAULT_ARGUMENT)
        fault = FAULT_LOCATION;
    /* Another's, or a name for another kind of place, which --to replaces. */
    if (fault == FAULT_LOCATION ||
        (fault == FAULT_NONE && !is_ours(renewal, &info))) {
        renewal_set(renewal, RECORD_FOLDER, NULL);
        fault = FAULT_NOT_FOUND;
    }
    container_info_free(&info);
    return fault == FAULT_UNFINISHED ? FAULT_NOT_FOUND : fault;
}

/* Where, with which password, and the making itself, which may ask for a
 * PIN. */
struct making {
    struct renewal *renewal;
    const struct medium_ops *ops;
    char target[LOCATION_MAX];
    bool found; /* an earlier run has made it */
    enum outcome outcome;
};

static enum outcome choose_place(struct making *making, bool again)
{
    struct renewal *renewal = making->renewal;
    char where[LOCATION_MAX];
    enum outcome outcome = choose_target(renewal, again);
    enum fault fault;

    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = medium_find(renewal_get(renewal, RECORD_TARGET), &making->ops,
                        making->target);
    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault,
                             renewal_get(renewal, RECORD_TARGET));
    fault = look_for_made(renewal, making->ops, making->target, where);
    making->found = fault == FAULT_NONE;
    if (making->found)
        return keys_adopt_new(renewal, where);
    return fault == FAULT_NOT_FOUND ? OUTCOME_DONE
                                    : renewal_fault(renewal, fault, where);
}

/* A place may be taken between choosing and using it. */
static enum outcome make(const struct making *making)
{
    struct renewal *renewal = making->renewal;
    enum outcome outcome = generate(renewal, making->ops, making->target);

    for (int i = 1; i < PLACES_TRIED && outcome == OUTCOME_CONTAINER_EXISTS;
         i++) {
        renewal_set(renewal, RECORD_FOLDER, NULL);
        outcome = prepare(renewal, making->ops, making->target);
        if (outcome == OUTCOME_DONE)
            outcome = generate(renewal, making->ops, making->target);
    }
    if (outcome == OUTCOME_CONTAINER_EXISTS)
        renewal_set(renewal, RECORD_FOLDER, NULL);
    return outcome;
}

static bool make_row(void *context, size_t row, bool again)
{
    struct making *making = context;
    struct renewal *renewal = making->renewal;

    if (row == 1 && again)
        secret_free(&renewal->new_password);
    if (row == 0)
        making->outcome = choose_place(making, again);
    else if (row == 1 && !making->found)
        making->outcome = prepare(renewal, making->ops, making->target);
    else if (!making->found)
        making->outcome = make(making);
    return making->outcome == OUTCOME_DONE;
}

enum outcome new_key_make(struct renewal *renewal)
{
    struct making making = {.renewal = renewal, .outcome = OUTCOME_DONE};

    (void)walk_run(renewal->screen, 3, make_row, &making);
    if (making.outcome == OUTCOME_DONE && !making.found)
        screen_say(renewal->screen,
                   _("The new key has been made and checked: %s"),
                   text_clean(renewal_get(renewal, RECORD_NEW_CONTAINER)).text);
    return making.outcome;
}
