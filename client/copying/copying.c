#include "client/copying/copying.h"

#include "client/password.h"
#include "client/pin/pin_given.h"
#include "client/signals.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_TRIES = 3 };

static void fail(struct failure *failure, enum outcome outcome,
                 const char *detail)
{
    *failure = (struct failure){.outcome = outcome, .elsewhere = true};
    text_clean_into(failure->detail, sizeof(failure->detail), detail);
}

static void fail_item(struct copying_item *item, enum fault fault)
{
    fail(&item->failure, outcome_of_fault(fault), item->where);
}

static void drop(struct copying_item *item)
{
    copy_release(&item->original);
    secret_free(&item->password);
    free(item);
}

void copying_free(struct copying *copying)
{
    for (size_t i = 0; i < copying->count; i++)
        drop(copying->item[i]);
    free(copying->item);
    secret_free(&copying->pin);
    *copying = (struct copying){.desk = copying->desk};
}

/* --- which --------------------------------------------------------------- */

/* A new item at the end; NULL without memory or where there are too many. */
static struct copying_item *add(struct copying *copying, const char *where)
{
    struct copying_item *item;

    if (copying->item == NULL)
        copying->item = calloc(PARCEL_CONTAINERS_MAX, sizeof(*copying->item));
    if (copying->item == NULL || copying->count == PARCEL_CONTAINERS_MAX)
        return NULL;
    item = calloc(1, sizeof(*item));
    if (item == NULL)
        return NULL;
    snprintf(item->where, sizeof(item->where), "%s", where);
    copying->item[copying->count++] = item;
    return item;
}

static enum outcome no_room(const struct copying *copying)
{
    return copying->count == PARCEL_CONTAINERS_MAX ? OUTCOME_TOO_LARGE
                                                   : OUTCOME_MEMORY;
}

struct walk {
    struct copying *copying;
    const struct medium_ops *ops;
    size_t seen;
    bool too_many;
};

static bool is_known(const struct copying *copying, const char *where)
{
    for (size_t i = 0; i < copying->count; i++)
        if (strcmp(copying->item[i]->where, where) == 0)
            return true;
    return false;
}

static enum fault add_one(void *context, const char *where, enum fault fault,
                          const struct container_info *info)
{
    struct walk *walk = context;
    struct copying_item *item;

    walk->seen++;
    if ((info != NULL && info->second) || is_known(walk->copying, where))
        return FAULT_NONE;
    item = add(walk->copying, where);
    walk->too_many =
        item == NULL && no_room(walk->copying) == OUTCOME_TOO_LARGE;
    if (item == NULL)
        return walk->too_many ? FAULT_TOO_LARGE : FAULT_MEMORY;
    if (fault == FAULT_NONE)
        fault = copy_take(walk->ops, where, &item->original);
    if (fault != FAULT_NONE)
        fail_item(item, fault);
    return FAULT_NONE;
}

static void fail_of_many(struct failure *failure, const char *argument)
{
    char detail[FAILURE_DETAIL];

    snprintf(
        detail, sizeof(detail),
        _("There are more than %d containers: name some of them at a time, "
          "not the whole of %s."),
        PARCEL_CONTAINERS_MAX, text_clean(argument).text);
    fail(failure, OUTCOME_TOO_LARGE, detail);
}

enum outcome copying_add(struct copying *copying, const char *argument,
                         struct failure *failure)
{
    const struct options *options = copying->desk->options;
    struct walk walk = {.copying = copying};
    char location[LOCATION_MAX];
    enum fault fault = medium_find(argument, &walk.ops, location);
    char *second =
        fault == FAULT_NONE ? strstr(location, CONTAINER_SECOND) : NULL;

    /* The keys of a container are copied together. */
    if (second != NULL && second[strlen(CONTAINER_SECOND)] == '\0')
        *second = '\0';
    if (fault == FAULT_NONE && pin_given_is_meant(walk.ops)) {
        copying->from_token = true;
        if (pin_given_take(walk.ops, location, options->pin_file,
                           options->pin_fd, "--pin-file",
                           failure) != OUTCOME_DONE)
            return failure->outcome;
    }
    if (fault == FAULT_NONE)
        fault = walk.ops->list(location, add_one, &walk);
    if (fault == FAULT_NONE && walk.seen == 0)
        fault = FAULT_NOT_CONTAINER;
    if (fault == FAULT_NONE)
        return OUTCOME_DONE;
    if (walk.too_many)
        fail_of_many(failure, argument);
    else
        fail(failure, outcome_of_fault(fault), argument);
    return failure->outcome;
}

enum outcome copying_add_packed(struct copying *copying,
                                const struct parcel_container *packed)
{
    struct copying_item *item = add(copying, packed->folder);
    enum fault fault;

    if (item == NULL)
        return no_room(copying);
    fault = copy_unpack(packed, &item->original);
    if (fault != FAULT_NONE)
        fail_item(item, fault);
    return OUTCOME_DONE;
}

static bool is_wanted(const struct copying_item *item, const char *name)
{
    return name == NULL || strcmp(item->where, name) == 0 ||
           strcmp(item->original.name, name) == 0;
}

void copying_choose(struct copying *copying, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < copying->count; i++)
        if (is_wanted(copying->item[i], name))
            copying->item[kept++] = copying->item[i];
        else
            drop(copying->item[i]);
    copying->count = kept;
}

/* --- opening ------------------------------------------------------------- */

static enum fault prove(struct copying_item *item, const char *password)
{
    return container_copy_prove(item->original.files, item->original.files,
                                password, NULL, &item->proof);
}

static enum outcome read_pin(struct copying *copying, struct failure *failure)
{
    const struct options *options = copying->desk->options;

    if ((options->pin_file == NULL && options->pin_fd < 0) ||
        copying->from_token)
        return OUTCOME_DONE;
    return password_take(options->pin_file, options->pin_fd, "--pin-file",
                         &copying->pin, NULL, failure);
}

/* NULL: none was given. */
static char *given_password(const struct copying *copying,
                            const struct copying_item *item)
{
    const struct medium_ops *ops = medium_kind(item->where);

    if (copying->pin != NULL)
        return secret_copy(copying->pin, strlen(copying->pin));
    return ops != NULL ? pin_given_password(ops, item->where) : NULL;
}

/* The one password that was given is tried on every container. */
static enum fault try_given(const struct copying *copying,
                            struct copying_item *item)
{
    char *password = given_password(copying, item);
    enum fault fault = FAULT_PASSWORD_NEEDED;

    if (password == NULL)
        return copying->pin != NULL ? FAULT_MEMORY : fault;
    fault = prove(item, password);
    if (fault == FAULT_NONE) {
        item->password = password;
        password = NULL;
    }
    secret_free(&password);
    return fault;
}

/* FAULT_PASSWORD_NEEDED where the person has none to give. */
static enum prompt_end ask_once(const struct copying *copying,
                                struct copying_item *item, enum fault *fault)
{
    char question[2 * sizeof(struct text_line)];
    const struct prompt_secret ask = {.question = question,
                                      .may_be_empty = true};
    enum prompt_end end;

    snprintf(question, sizeof(question),
             _("Password of the container %s (Enter: copy it without opening "
               "it)"),
             text_clean(item->where).text);
    end = prompt_secret(copying->desk->screen, &ask, &item->password);
    if (end != PROMPT_OK)
        return end;
    *fault = item->password[0] == '\0' ? FAULT_PASSWORD_NEEDED
                                       : prove(item, item->password);
    if (*fault != FAULT_NONE)
        secret_free(&item->password);
    return end;
}

static enum fault ask_person(const struct copying *copying,
                             struct copying_item *item)
{
    struct screen *screen = copying->desk->screen;
    enum fault fault = FAULT_PASSWORD_NEEDED;

    for (int i = 0; i < PASSWORD_TRIES; i++) {
        if (ask_once(copying, item, &fault) != PROMPT_OK) {
            fail(&item->failure, OUTCOME_CANCELLED, "");
            return FAULT_NONE;
        }
        if (fault != FAULT_PASSWORD_WRONG)
            return fault;
        if (i + 1 < PASSWORD_TRIES)
            screen_say(screen,
                       _("The password does not open the container. Check the "
                         "keyboard layout and Caps Lock."));
    }
    return fault;
}

static void open_one(const struct copying *copying, struct copying_item *item,
                     bool ask)
{
    enum fault fault = item->original.has_password ? try_given(copying, item)
                                                   : prove(item, NULL);

    if ((fault == FAULT_PASSWORD_NEEDED || fault == FAULT_PASSWORD_WRONG) &&
        ask && screen_interactive(copying->desk->screen))
        fault = ask_person(copying, item);
    if (fault == FAULT_PASSWORD_NEEDED)
        fault = prove(item, NULL); /* its checksums */
    if (signals_pending())
        fail(&item->failure, OUTCOME_INTERRUPTED, "");
    else if (fault != FAULT_NONE)
        fail_item(item, fault);
}

enum outcome copying_open(struct copying *copying, bool ask,
                          struct failure *failure)
{
    enum outcome outcome = read_pin(copying, failure);

    for (size_t i = 0; i < copying->count && outcome == OUTCOME_DONE; i++)
        if (copying->item[i]->failure.outcome == OUTCOME_DONE)
            open_one(copying, copying->item[i], ask);
    return outcome;
}

/* --- copying ------------------------------------------------------------- */

/* --pin-file is of the originals: their token's, or their password. It is
 * never tried on another token. */
enum outcome copying_take_pin(struct copying *copying,
                              const struct medium_ops *ops,
                              const char *location, struct failure *failure)
{
    const struct options *options = copying->desk->options;

    return pin_given_take(ops, location, options->copy_pin_file,
                          options->copy_pin_fd, "--to-pin-file", failure);
}

void copying_put(struct copying *copying, const struct medium_ops *ops,
                 const char *location, bool exact)
{
    struct copy_target target = {.ops = ops, .location = location};

    for (size_t i = 0; i < copying->count; i++) {
        struct copying_item *item = copying->item[i];
        enum fault fault;

        if (item->failure.outcome != OUTCOME_DONE)
            continue;
        if (signals_pending()) {
            fail(&item->failure, OUTCOME_INTERRUPTED, "");
            continue;
        }
        fault = copy_put_to(&target, &item->original, item->password,
                            exact ? COPY_SAME : COPY_SAME_KEYS, &item->copy);
        if (fault != FAULT_NONE)
            fail(&item->failure, outcome_of_fault(fault), location);
    }
    copy_target_free(&target);
}
