#include "client/commands/commands.h"
#include "client/copying/copying_target.h"
#include "client/making/new_password.h"
#include "client/pfx/asked.h"
#include "client/pfx/intake.h"
#include "client/renewal/result.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <errno.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct importing {
    const struct desk *desk;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    char *data; /* of the file; may hold a plain key */
    size_t size;
    struct pfx *pfx;
    struct intake intake;
    char *password; /* of the new containers; "": none */
    struct failure failure;
};

static enum outcome fail(struct importing *importing, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&importing->failure, outcome, detail);
}

static enum outcome find_target(struct importing *importing)
{
    enum fault fault;

    if (copying_target(importing->desk,
                       _("Where to put the containers: a number or a folder"),
                       NULL, &importing->ops, importing->location,
                       &importing->failure) != OUTCOME_DONE)
        return importing->failure.outcome;
    fault = importing->ops->probe(importing->location, NULL);
    return fault == FAULT_NONE
               ? OUTCOME_DONE
               : fail(importing, outcome_of_fault(fault), importing->location);
}

static enum outcome outcome_of_errno(int error)
{
    switch (error) {
    case EFBIG:
        return OUTCOME_TOO_LARGE;
    case EACCES:
    case EPERM:
        return OUTCOME_NO_ACCESS;
    case ENOENT:
    case ENOTDIR:
        return OUTCOME_CONTAINER_NOT_FOUND;
    case EINVAL: /* not a regular file */
    case EISDIR:
        return OUTCOME_NOT_PFX;
    default:
        return error == ENOMEM ? OUTCOME_MEMORY : OUTCOME_IO;
    }
}

static enum outcome read_file(struct importing *importing)
{
    const char *path = importing->desk->options->argument[0];

    importing->data = paths_read(path, PFX_MAX, &importing->size);
    return importing->data != NULL
               ? OUTCOME_DONE
               : fail(importing, outcome_of_errno(errno), path);
}

static enum fault try_read(void *context, const char *password)
{
    struct importing *importing = context;

    return pfx_read(importing->data, importing->size, password,
                    &importing->pfx);
}

static enum outcome open_file(struct importing *importing)
{
    const struct options *options = importing->desk->options;
    const struct asked asked = {
        .file = options->pfx_pin_file,
        .fd = options->pfx_pin_fd,
        .option = "--pfx-pin-file",
        .question = _("Password of the PFX file (Enter: none)")};
    enum outcome outcome =
        asked_open(importing->desk->screen, &asked, try_read, importing,
                   options->argument[0], &importing->failure);

    if (outcome == OUTCOME_DONE &&
        intake_plan(&importing->intake, importing->pfx, options->name) !=
            OUTCOME_DONE)
        return fail(importing, OUTCOME_PFX_NO_KEY,
                    options->name != NULL ? options->name
                                          : options->argument[0]);
    return outcome;
}

static enum outcome choose_password(struct importing *importing)
{
    const struct options *options = importing->desk->options;

    if (importing->ops->inside_only)
        return fail(importing, OUTCOME_KEYS_INSIDE_ONLY, importing->location);
    return new_password_choose(importing->desk->screen, importing->ops,
                               importing->location, false, options->pin_file,
                               options->pin_fd, &importing->password,
                               &importing->failure);
}

static enum outcome make(struct importing *importing)
{
    struct intake *intake = &importing->intake;
    struct entropy *pool = NULL;

    if (entropy_new(&pool) != FAULT_NONE)
        return fail(importing, OUTCOME_MEMORY, "");
    importing->failure.outcome = OUTCOME_IMPORTED;
    for (size_t i = 0; i < intake->count; i++) {
        struct failure *failure = &intake->item[i].failure;

        intake_make(intake, i, importing->ops, importing->location,
                    importing->password, pool);
        if (failure->outcome != OUTCOME_IMPORTED &&
            importing->failure.outcome == OUTCOME_IMPORTED)
            importing->failure = *failure;
    }
    entropy_free(&pool);
    return importing->failure.outcome;
}

/* --- the answer ---------------------------------------------------------- */

static void say(const struct importing *importing)
{
    struct screen *screen = importing->desk->screen;
    const struct intake *intake = &importing->intake;

    for (size_t i = 0; i < intake->count; i++) {
        const struct intake_item *item = &intake->item[i];
        const struct pfx_key *key = &intake->pfx->key[item->key[0]];

        if (item->where[0] == '\0')
            continue;
        screen_say(screen, _("New container: %s"),
                   text_clean(item->where).text);
        if (key->key.certificate == NULL)
            screen_say(screen, _("The file holds no certificate for its key."));
    }
    if (importing->pfx != NULL && importing->pfx->refused > 0)
        screen_say(screen,
                   _("Keys of kinds that are not supported were left "
                     "out: %zu."),
                   importing->pfx->refused);
}

static struct json_object *item_json(const struct importing *importing,
                                     const struct intake_item *item)
{
    const struct pfx_key *key = &importing->pfx->key[item->key[0]];
    struct json_object *object = result_json_plain(&item->failure);

    view_put_filled(object, "container", item->where);
    view_put_text(object, "name", key->name);
    view_put_count(object, "keys", item->keys);
    view_put_text(
        object, "thumbprint",
        key->key.certificate != NULL ? key->key.certificate->thumbprint : NULL);
    return object;
}

static enum outcome answer(struct importing *importing)
{
    enum outcome outcome = importing->failure.outcome;
    struct json_object *json, *list;

    say(importing);
    result_say(importing->desk->screen, &importing->failure);
    if (!importing->desk->options->json)
        return outcome;
    json = result_json_plain(&importing->failure);
    list = json_object_new_array();
    for (size_t i = 0; i < importing->intake.count; i++)
        json_object_array_add(list,
                              item_json(importing, &importing->intake.item[i]));
    view_put(json, "containers", list);
    if (importing->pfx != NULL)
        view_put_count(json, "refused", importing->pfx->refused);
    return result_answer(json, outcome);
}

static enum outcome import(struct importing *importing)
{
    static enum outcome (*const steps[])(struct importing *) = {
        read_file, find_target, open_file, choose_password, make};
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0;
         i < sizeof(steps) / sizeof(steps[0]) && outcome == OUTCOME_DONE; i++)
        outcome = steps[i](importing);
    outcome = answer(importing);
    secret_free(&importing->password);
    pfx_free(&importing->pfx);
    if (importing->data != NULL)
        sodium_memzero(importing->data, importing->size);
    free(importing->data);
    return outcome;
}

enum outcome import_run(struct desk *desk)
{
    struct importing *importing = calloc(1, sizeof(*importing));
    enum outcome outcome = OUTCOME_MEMORY;

    if (importing == NULL)
        return outcome;
    importing->desk = desk;
    importing->failure.elsewhere = true;
    outcome = import(importing);
    free(importing);
    return outcome;
}
