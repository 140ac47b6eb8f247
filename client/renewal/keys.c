#include "client/renewal/keys.h"

#include "client/password.h"
#include "client/pin/pin_given.h"
#include "client/renewal/former.h"
#include "client/renewal/steps.h"
#include "client/state/archive.h"
#include "client/text.h"
#include "client/unlock.h"
#include "keygen/secret.h"
#include "token/container/container_reader.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { PASSWORD_TRIES = 3 /* of a file container; nothing locks */ };

struct source {
    const char *file; /* of the password */
    long fd;
    const char *option;   /* that would have given it */
    const char *question; /* translated */
};

/* What is given for a token is its PIN, which the token asks for by itself. */
static enum outcome given_password(struct renewal *renewal,
                                   const struct medium_ops *ops,
                                   const char *where,
                                   const struct source *source, char **password)
{
    struct failure failure;
    enum outcome outcome;

    *password = NULL;
    if (pin_given_is_meant(ops)) {
        outcome = pin_given_take(ops, where, source->file, source->fd,
                                 source->option, &failure);
        return outcome == OUTCOME_DONE
                   ? OUTCOME_DONE
                   : renewal_fail(renewal, outcome, "%s", failure.detail);
    }
    if (source->file == NULL && source->fd < 0)
        return OUTCOME_DONE;
    outcome = password_take(source->file, source->fd, source->option, password,
                            NULL, &failure);
    return outcome == OUTCOME_DONE
               ? OUTCOME_DONE
               : renewal_fail(renewal, outcome, "%s", failure.detail);
}

/* A password from a file is tried once; a person may mistype. */
static enum outcome ask_and_open(struct renewal *renewal,
                                 const struct medium_ops *ops,
                                 const char *where, const char *question,
                                 struct container **container, char **password)
{
    const struct prompt_secret ask = {.question = question};
    enum fault fault = FAULT_PASSWORD_NEEDED;

    for (int i = 0; i < PASSWORD_TRIES; i++) {
        enum prompt_end end = prompt_secret(renewal->screen, &ask, password);

        if (end == PROMPT_NOBODY)
            return renewal_fault(renewal, FAULT_PASSWORD_NEEDED, where);
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "");
        fault = ops->open(where, *password, container);
        if (fault != FAULT_PASSWORD_WRONG)
            break;
        secret_free(password);
        if (i + 1 < PASSWORD_TRIES)
            screen_say(renewal->screen,
                       _("The password does not open the container. Check the "
                         "keyboard layout and Caps Lock."));
    }
    return renewal_fault(renewal, fault, where);
}

/* The password that opened it stays with the caller; *password may be known
 * already. */
static enum outcome try_to_open(struct renewal *renewal, const char *where,
                                const struct source *source,
                                struct container **container, char **password)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(where, &ops, canonical);
    enum outcome outcome;

    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, where);
    outcome = *password != NULL
                  ? OUTCOME_DONE
                  : given_password(renewal, ops, canonical, source, password);
    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = ops->open(canonical, *password, container);
    if (fault == FAULT_PASSWORD_NEEDED && *password == NULL) {
        *password = pin_given_password(ops, canonical);
        if (*password != NULL)
            fault = ops->open(canonical, *password, container);
    }
    if (fault == FAULT_PASSWORD_NEEDED && *password == NULL)
        return ask_and_open(renewal, ops, canonical, source->question,
                            container, password);
    return renewal_fault(renewal, fault, where);
}

static enum outcome open_container(struct renewal *renewal, const char *where,
                                   const struct source *source,
                                   struct container **container,
                                   char **password)
{
    enum outcome outcome =
        try_to_open(renewal, where, source, container, password);

    if (outcome == OUTCOME_DONE && *container != NULL &&
        (*container)->from_reserve)
        unlock_say_reserve(renewal->screen, where);
    return outcome;
}

/* What describes a container may stand behind the PIN of its token. */
static enum outcome take_old_pin(struct renewal *renewal, const char *where)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    struct failure failure;
    enum fault fault = medium_find(where, &ops, canonical);

    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, where);
    return pin_given_take(ops, canonical,
                          renewal_get(renewal, RECORD_OLD_PIN_FILE),
                          renewal->options->old_pin_fd, "--old-pin-file",
                          &failure) == OUTCOME_DONE
               ? OUTCOME_DONE
               : renewal_fail(renewal, failure.outcome, "%s", failure.detail);
}

static enum outcome describe_old(struct renewal *renewal, const char *where,
                                 struct container_info *info)
{
    enum outcome outcome = OUTCOME_DONE;
    enum fault fault;

    if (!former_is_alone(where))
        outcome = take_old_pin(renewal, where);
    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = former_describe(where, info);
    if (fault == FAULT_NONE &&
        strcmp(info->certificate->thumbprint,
               renewal_get(renewal, RECORD_OLD_THUMBPRINT)) != 0)
        fault = FAULT_NOT_FOUND;
    return renewal_fault(renewal, fault, where);
}

enum outcome keys_read_old(struct renewal *renewal)
{
    struct container_info info = {.algorithm = NULL};
    enum outcome outcome;

    if (renewal->old_certificate != NULL)
        return OUTCOME_DONE; /* renewal_begin has just read it */
    if (steps_may_have_signed(&renewal->record) &&
        archive_read(renewal_get(renewal, RECORD_OLD_THUMBPRINT),
                     &renewal->old_certificate) == FAULT_NONE)
        return OUTCOME_DONE;
    outcome = describe_old(renewal, renewal_get(renewal, RECORD_OLD_CONTAINER),
                           &info);
    if (outcome == OUTCOME_DONE) {
        renewal->old_certificate = info.certificate;
        info.certificate = NULL;
    }
    container_info_free(&info);
    return outcome;
}

enum outcome keys_open_old(struct renewal *renewal)
{
    const char *where = renewal_get(renewal, RECORD_OLD_CONTAINER);
    const struct source source = {
        renewal_get(renewal, RECORD_OLD_PIN_FILE), renewal->options->old_pin_fd,
        "--old-pin-file", _("Password of the old container")};
    struct container *old = NULL;
    char *password = NULL;
    enum outcome outcome;

    if (renewal->old_container != NULL)
        return OUTCOME_DONE;
    if (former_is_alone(where))
        return renewal_fail(renewal, OUTCOME_KEY_ABSENT, "%s", where);
    outcome = open_container(renewal, where, &source, &old, &password);
    secret_free(&password);
    if (outcome == OUTCOME_DONE &&
        (old == NULL || old->info.certificate == NULL ||
         strcmp(old->info.certificate->thumbprint,
                renewal_get(renewal, RECORD_OLD_THUMBPRINT)) != 0))
        outcome =
            renewal_fail(renewal, OUTCOME_CONTAINER_NOT_FOUND,
                         _("%s: another certificate is in it now."), where);
    if (outcome != OUTCOME_DONE) {
        container_free(&old);
        return outcome;
    }
    renewal->old_container = old;
    return OUTCOME_DONE;
}

/* --- the new one --------------------------------------------------------- */

static struct source new_source(const struct renewal *renewal)
{
    return (struct source){renewal_get(renewal, RECORD_PIN_FILE),
                           renewal->options->pin_fd, "--pin-file",
                           _("Password of the new container")};
}

enum outcome keys_take_new(struct renewal *renewal,
                           struct container **container)
{
    char hex[4 * ALGORITHM_KEY_MAX + 1], sum[2 * CONTAINER_SUM + 1];
    const char *known = renewal_get(renewal, RECORD_NEW_POINT);
    const char *where = (*container)->info.where;

    sodium_bin2hex(hex, sizeof(hex), (*container)->point,
                   2 * (*container)->info.algorithm->key_size);
    if (known != NULL && strcmp(known, hex) != 0)
        return renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", where);
    sodium_bin2hex(sum, sizeof(sum), (*container)->sum, CONTAINER_SUM);
    renewal_set(renewal, RECORD_NEW_POINT, hex);
    renewal_set(renewal, RECORD_NEW_SUM,
                sodium_is_zero((*container)->sum, CONTAINER_SUM) ? NULL : sum);
    renewal_set(renewal, RECORD_NEW_CONTAINER, where);
    renewal->new_container = *container;
    *container = NULL;
    return OUTCOME_DONE;
}

enum outcome keys_adopt_new(struct renewal *renewal, const char *where)
{
    const struct source source = new_source(renewal);
    struct container *made = NULL;
    char *password = renewal->new_password;
    enum outcome outcome;

    renewal->new_password = NULL;
    outcome = open_container(renewal, where, &source, &made, &password);
    if (outcome == OUTCOME_DONE && made != NULL)
        outcome = keys_take_new(renewal, &made);
    if (outcome != OUTCOME_DONE || renewal->new_container == NULL) {
        container_free(&made);
        secret_free(&password);
        return outcome;
    }
    /* A password that was given but is not needed is not the container's. */
    renewal->new_password =
        password != NULL && renewal->new_container->info.has_password
            ? password
            : secret_copy("", 0);
    if (renewal->new_password != password)
        secret_free(&password);
    return renewal->new_password != NULL ? OUTCOME_DONE : OUTCOME_MEMORY;
}

static bool is_there(const char *where)
{
    struct container_info info = {.algorithm = NULL};
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(where, &ops, canonical);

    if (fault == FAULT_NONE) {
        fault = ops->describe(canonical, &info);
        container_info_free(&info);
    }
    return fault != FAULT_NOT_FOUND;
}

/* Its drive may have been plugged in elsewhere: --to says where. */
static bool find_moved(const struct renewal *renewal, char *where)
{
    const char *folder = renewal_get(renewal, RECORD_FOLDER);
    const struct medium_ops *ops;
    char place[LOCATION_MAX];

    if (renewal->options->to == NULL || folder == NULL ||
        renewal_get(renewal, RECORD_NEW_POINT) == NULL ||
        medium_find(renewal->options->to, &ops, place) != FAULT_NONE)
        return false;
    return medium_join(ops, place, folder, where) == FAULT_NONE &&
           is_there(where);
}

enum outcome keys_open_new(struct renewal *renewal)
{
    const char *known = renewal_get(renewal, RECORD_NEW_CONTAINER);
    char where[LOCATION_MAX];

    if (renewal->new_container != NULL && renewal->new_container->key != NULL)
        return OUTCOME_DONE;
    container_free(&renewal->new_container);
    if (known == NULL)
        return renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", "");
    snprintf(where, sizeof(where), "%s", known);
    if (!is_there(where) && !find_moved(renewal, where))
        return renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", where);
    return keys_adopt_new(renewal, where);
}

/* How many bytes the hex of a field is, into size; 0: none or not hex. */
static size_t get_bytes(const struct renewal *renewal, enum record_field field,
                        uint8_t *bytes, size_t size)
{
    const char *hex = renewal_get(renewal, field);
    size_t used = 0;

    return hex != NULL && sodium_hex2bin(bytes, size, hex, strlen(hex), NULL,
                                         &used, NULL) == 0
               ? used
               : 0;
}

/* A token is opened with its PIN or not at all. */
static enum fault recall(const struct renewal *renewal, const char *where,
                         struct container **container)
{
    uint8_t sum[CONTAINER_SUM], point[2 * ALGORITHM_KEY_MAX];
    const size_t size =
        get_bytes(renewal, RECORD_NEW_POINT, point, sizeof(point));
    struct container_files *files = NULL;
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = FAULT_UNSUPPORTED;

    if (where == NULL ||
        get_bytes(renewal, RECORD_NEW_SUM, sum, sizeof(sum)) != sizeof(sum) ||
        medium_find(where, &ops, canonical) != FAULT_NONE ||
        ops->read_files == NULL || pin_given_is_meant(ops))
        return fault;
    fault = ops->read_files(canonical, &files);
    if (fault == FAULT_NONE)
        fault = container_reader_recall(files, sum, point, size, container);
    if (fault == FAULT_NONE)
        snprintf((*container)->info.where, sizeof((*container)->info.where),
                 "%s", canonical);
    container_files_free(&files);
    return fault;
}

enum outcome keys_find_new(struct renewal *renewal)
{
    const char *known = renewal_get(renewal, RECORD_NEW_CONTAINER);

    return renewal->new_container != NULL ||
                   recall(renewal, known, &renewal->new_container) == FAULT_NONE
               ? OUTCOME_DONE
               : keys_open_new(renewal);
}
