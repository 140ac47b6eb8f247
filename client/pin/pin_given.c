#include "client/pin/pin_given.h"

#include "client/password.h"
#include "client/text.h"
#include "keygen/secret.h"
#include "token/pin.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* PINs that were taken: as many as a batch has tokens. */
struct taken {
    struct taken *next;
    char *location;
    char *file; /* that it came out of, or NULL */
    enum pin_owner owner;
    char *password; /* of a container on it, secret memory; NULL: none */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct taken *first;

bool pin_given_is_meant(const struct medium_ops *ops)
{
    return ops->enter != NULL;
}

/* Where no slash stands it is the token's already. */
enum fault pin_given_home(const struct medium_ops *ops, const char *where,
                          char *location)
{
    enum fault fault = medium_home(ops, where, location);

    if (fault != FAULT_LOCATION)
        return fault;
    (void)snprintf(location, LOCATION_MAX, "%s", where);
    return FAULT_NONE;
}

/* Behind a module there may be a token without one, or with a pad of its own,
 * which is known only while it is there. */
bool pin_given_is_needed(const char *where)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX], location[LOCATION_MAX];
    struct medium_info info = {.has_pin = true};

    if (medium_find(where, &ops, canonical) != FAULT_NONE ||
        !pin_given_is_meant(ops))
        return false;
    return !ops->inside_only ||
           (pin_given_home(ops, canonical, location) == FAULT_NONE &&
            ops->look(location, &info) == FAULT_NONE && info.has_pin &&
            !info.pin_pad);
}

static struct taken *find(const char *location, enum pin_owner owner)
{
    struct taken *taken = first;

    while (taken != NULL &&
           (taken->owner != owner || strcmp(taken->location, location) != 0))
        taken = taken->next;
    return taken;
}

static void discard(struct taken *taken)
{
    if (taken != NULL) {
        free(taken->location);
        free(taken->file);
    }
    free(taken);
}

/* Add it to those that were taken; false where it was, or for want of
 * memory. */
static bool add(const char *location, enum pin_owner owner, const char *file)
{
    struct taken *taken = find(location, owner);

    if (taken != NULL)
        return false;
    taken = calloc(1, sizeof(*taken));
    if (taken != NULL) {
        taken->location = strdup(location);
        taken->file = file != NULL ? strdup(file) : NULL;
    }
    if (taken == NULL || taken->location == NULL ||
        (file != NULL && taken->file == NULL)) {
        discard(taken);
        return false;
    }
    taken->owner = owner;
    taken->next = first;
    first = taken;
    return true;
}

static bool is_first(const char *location, enum pin_owner owner,
                     const char *file)
{
    bool added;

    pthread_mutex_lock(&mutex);
    added = add(location, owner, file);
    pthread_mutex_unlock(&mutex);
    return added;
}

/* *password becomes NULL. */
static void keep_password(const char *location, char **password)
{
    struct taken *taken;

    pthread_mutex_lock(&mutex);
    taken = find(location, PIN_OWNER_USER);
    if (taken != NULL) {
        secret_free(&taken->password);
        taken->password = *password;
        *password = NULL;
    }
    pthread_mutex_unlock(&mutex);
}

char *pin_given_password(const struct medium_ops *ops, const char *where)
{
    char location[LOCATION_MAX];
    const struct taken *taken;
    char *password = NULL;

    if (!pin_given_is_meant(ops) ||
        pin_given_home(ops, where, location) != FAULT_NONE)
        return NULL;
    pthread_mutex_lock(&mutex);
    taken = find(location, PIN_OWNER_USER);
    if (taken != NULL && taken->password != NULL)
        password = secret_copy(taken->password, strlen(taken->password));
    pthread_mutex_unlock(&mutex);
    return password;
}

bool pin_given_was_wrong(const char *where, const char *file)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX], location[LOCATION_MAX];
    const struct taken *taken;
    bool is_its;

    if (medium_find(where, &ops, canonical) != FAULT_NONE ||
        !pin_given_is_meant(ops) ||
        pin_given_home(ops, canonical, location) != FAULT_NONE)
        return false;
    pthread_mutex_lock(&mutex);
    taken = find(location, PIN_OWNER_USER);
    is_its =
        taken != NULL && taken->file != NULL && strcmp(taken->file, file) == 0;
    pthread_mutex_unlock(&mutex);
    return is_its && pin_verdict(location, PIN_OWNER_USER) == FAULT_PIN_WRONG;
}

void pin_given_forget(void)
{
    pthread_mutex_lock(&mutex);
    for (struct taken *taken = first; taken != NULL; taken = taken->next)
        secret_free(&taken->password);
    pthread_mutex_unlock(&mutex);
}

static enum outcome fail(struct failure *failure, enum outcome outcome,
                         const char *option, const char *file)
{
    failure->outcome = outcome;
    snprintf(failure->detail, sizeof(failure->detail), _("The PIN for %s: %s"),
             option, file != NULL ? text_clean(file).text : "");
    return outcome;
}

static enum outcome take(const struct medium_ops *ops, const char *where,
                         enum pin_owner owner, const char *file, long fd,
                         const char *option, struct failure *failure)
{
    char location[LOCATION_MAX];
    char *pin = NULL, *password = NULL;
    enum outcome outcome;
    enum fault fault = FAULT_NONE;

    failure->outcome = OUTCOME_DONE;
    if ((file == NULL && fd < 0) || !pin_given_is_meant(ops))
        return OUTCOME_DONE;
    if (pin_given_home(ops, where, location) != FAULT_NONE ||
        !is_first(location, owner, file))
        return OUTCOME_DONE;
    outcome =
        password_take(file, fd, option, &pin,
                      owner == PIN_OWNER_USER ? &password : NULL, failure);
    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = pin_know(location, owner, pin);
    if (password != NULL)
        keep_password(location, &password);
    secret_free(&password);
    secret_free(&pin);
    outcome = owner == PIN_OWNER_USER ? outcome_of_fault(fault)
                                      : outcome_of_administrator(fault);
    return outcome == OUTCOME_DONE ? OUTCOME_DONE
                                   : fail(failure, outcome, option, file);
}

enum outcome pin_given_take(const struct medium_ops *ops, const char *where,
                            const char *file, long fd, const char *option,
                            struct failure *failure)
{
    return take(ops, where, PIN_OWNER_USER, file, fd, option, failure);
}

enum outcome pin_given_take_administrator(const struct medium_ops *ops,
                                          const char *where, const char *file,
                                          long fd, const char *option,
                                          struct failure *failure)
{
    return take(ops, where, PIN_OWNER_ADMINISTRATOR, file, fd, option, failure);
}
