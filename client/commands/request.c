#include "client/commands/commands.h"

#include "client/making/new_password.h"
#include "client/making/randomness.h"
#include "client/making/target.h"
#include "client/outcome/failure.h"
#include "client/output.h"
#include "client/program/words.h"
#include "client/renewal/result.h"
#include "client/request/countersign.h"
#include "client/request/kept.h"
#include "client/request/owner.h"
#include "client/request/pem.h"
#include "client/request/wish.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/name_view.h"
#include "client/view/view_put.h"
#include "keygen/cades.h"
#include "keygen/secret.h"
#include "token/container_sign.h"

#include <stdio.h>
#include <string.h>

enum { CLASSES = 1 /* КС1: all that a program alone can claim */ };

struct requesting {
    const struct desk *desk;
    struct wish wish;
    struct owner owner;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    char folder[CONTAINER_FOLDER_MAX], name[TARGET_NAME];
    char *password;
    struct container *container;
    struct container *signer; /* of --sign-with, else NULL */
    struct failure failure;
};

static bool is_inside(const struct requesting *requesting)
{
    return requesting->desk->options->on_token || requesting->ops->inside_only;
}

static enum outcome fail(struct requesting *requesting, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&requesting->failure, outcome, detail);
}

static enum outcome fail_fault(struct requesting *requesting, enum fault fault,
                               const char *what)
{
    return unlock_fault(fault, what, &requesting->failure);
}

static enum outcome check_options(struct requesting *requesting)
{
    return wish_read(requesting->desk->options, &requesting->wish,
                     &requesting->failure);
}

/* Before a key is made: what does not sign now would leave it in vain. */
static enum outcome open_signer(struct requesting *requesting)
{
    container_free(&requesting->signer);
    return countersign_open(requesting->desk, &requesting->owner.subject,
                            &requesting->signer, &requesting->failure);
}

static enum outcome choose_output(struct requesting *requesting)
{
    return wish_choose_output(requesting->desk, &requesting->wish,
                              &requesting->failure);
}

/* --- the key ------------------------------------------------------------- */

static enum outcome judge_key(struct requesting *requesting,
                              const struct container_info *info,
                              const char *where)
{
    const time_t now = clock_now(requesting->desk->clock);

    if (info->algorithm != NULL && info->algorithm->retired)
        return fail(requesting, OUTCOME_KEY_RETIRED, where);
    if (info->certificate != NULL)
        return fail(requesting, OUTCOME_CERTIFICATE_EXISTS, where);
    if (info->key_not_after != 0 && info->key_not_after <= now)
        return fail(requesting, OUTCOME_KEY_PERIOD_OVER, where);
    return OUTCOME_DONE;
}

/* What forbids its use is said before anybody is asked for anything. */
static enum outcome look_at_key(struct requesting *requesting)
{
    const struct options *options = requesting->desk->options;
    const char *where = options->argument[0];
    struct container_info info = {.algorithm = NULL};
    enum outcome outcome;
    enum fault fault;

    if (options->arguments == 0)
        return OUTCOME_DONE;
    fault = medium_find(where, &requesting->ops, requesting->location);
    if (fault == FAULT_NONE)
        fault = requesting->ops->describe(requesting->location, &info);
    outcome = fail_fault(requesting, fault, where);
    if (outcome == OUTCOME_DONE)
        outcome = judge_key(requesting, &info, where);
    container_info_free(&info);
    return outcome;
}

static enum outcome open_key(struct requesting *requesting, const char *where)
{
    enum outcome outcome;

    container_free(&requesting->container);
    secret_free(&requesting->password);
    outcome = unlock_open(requesting->desk, requesting->ops,
                          requesting->location, where, &requesting->container,
                          &requesting->password, &requesting->failure);

    return outcome != OUTCOME_DONE
               ? outcome
               : judge_key(requesting, &requesting->container->info, where);
}

static enum outcome find_target(struct requesting *requesting)
{
    const struct options *options = requesting->desk->options;
    const char *to = options->to, *former = requesting->location;
    char typed[LOCATION_MAX];
    enum prompt_end end;
    enum fault fault;

    if (to == NULL) {
        end = target_ask(
            requesting->desk->screen, former[0] != '\0' ? former : NULL, NULL,
            options->on_token ? requesting->wish.algorithm : NULL, typed);
        if (end != PROMPT_OK)
            return unlock_unanswered(end, "--to", &requesting->failure);
        to = typed;
    }
    fault = medium_find(to, &requesting->ops, requesting->location);
    if (fault == FAULT_NONE)
        fault = target_names(requesting->ops, requesting->location,
                             is_inside(requesting) ? requesting->wish.algorithm
                                                   : NULL,
                             clock_now(requesting->desk->clock),
                             requesting->folder, requesting->name);
    if (fault == FAULT_NONE)
        fault =
            requesting->ops->probe(requesting->location, requesting->folder);
    return fail_fault(requesting, fault, to);
}

static enum outcome find_key(struct requesting *requesting)
{
    const struct options *options = requesting->desk->options;
    enum outcome outcome = options->arguments > 0
                               ? open_key(requesting, options->argument[0])
                               : find_target(requesting);

    if (outcome == OUTCOME_DONE && options->dry_run)
        return requesting->failure.outcome = OUTCOME_WOULD_REQUEST;
    return outcome;
}

static enum outcome generate(struct requesting *requesting,
                             struct entropy *pool)
{
    const struct options *options = requesting->desk->options;
    const time_t now = clock_now(requesting->desk->clock);
    const struct container_spec spec = {
        .folder_name = requesting->folder,
        .name = options->name != NULL ? options->name : requesting->name,
        .algorithm = requesting->wish.algorithm,
        .password = requesting->password,
        .exportable = !options->non_exportable,
        .resident = is_inside(requesting),
        .key_not_after = target_key_end(now)};

    return fail_fault(requesting,
                      requesting->ops->generate(requesting->location, &spec,
                                                pool, &requesting->container),
                      requesting->location);
}

static enum outcome choose_password(struct requesting *requesting)
{
    const struct desk *desk = requesting->desk;

    if (requesting->container != NULL)
        return OUTCOME_DONE;
    secret_free(&requesting->password);
    return new_password_choose(desk->screen, requesting->ops,
                               requesting->location, is_inside(requesting),
                               desk->options->pin_file, desk->options->pin_fd,
                               &requesting->password, &requesting->failure);
}

static enum outcome make_key(struct requesting *requesting)
{
    const struct desk *desk = requesting->desk;
    struct entropy *pool = NULL;
    enum outcome outcome;

    if (requesting->container != NULL)
        return OUTCOME_DONE;
    outcome = fail_fault(requesting, entropy_new(&pool), "");
    if (outcome == OUTCOME_DONE && !is_inside(requesting))
        outcome = randomness_fill(desk->screen, desk->options->entropy, pool,
                                  &requesting->failure);
    if (outcome == OUTCOME_DONE)
        outcome = generate(requesting, pool);
    entropy_free(&pool);
    if (outcome == OUTCOME_DONE)
        screen_say(desk->screen, _("The new key has been made and checked: %s"),
                   text_clean(requesting->container->info.where).text);
    return outcome;
}

/* --- the request --------------------------------------------------------- */

static enum outcome sign_request(struct requesting *requesting,
                                 struct bytes *der)
{
    const struct container *container = requesting->container;
    const time_t now = clock_now(requesting->desk->clock);
    /* A token keeps no period beside a key. */
    const time_t end =
        container->info.key_not_after != 0 || !container->info.resident
            ? container->info.key_not_after
            : target_key_end(now);
    const struct request_content content = {
        .subject = &requesting->owner.subject,
        .sign_tool = "kep " VERSION,
        .classes = CLASSES,
        .identification_kind = requesting->wish.identification,
        .key_not_before = end != 0 ? now : 0,
        .key_not_after = end};

    return fail_fault(requesting,
                      container_sign_request(container, &content, der),
                      container->info.where);
}

/* As it goes into the file. */
static enum outcome wrap(struct requesting *requesting,
                         const struct bytes *request, struct bytes *file)
{
    const bool is_signed = requesting->signer != NULL;
    struct bytes cms = {.failed = false};
    enum outcome outcome = OUTCOME_DONE;
    const struct bytes *der = is_signed ? &cms : request;

    bytes_init(&cms, CADES_MAX);
    if (is_signed)
        outcome = countersign(requesting->signer, request->data, request->size,
                              clock_now(requesting->desk->clock), &cms,
                              &requesting->failure);
    if (outcome == OUTCOME_DONE && requesting->wish.der)
        bytes_put(file, der->data, der->size);
    else if (outcome == OUTCOME_DONE)
        outcome = fail_fault(
            requesting,
            pem_put(is_signed ? "CMS" : "CERTIFICATE REQUEST", der, file), "");
    bytes_free(&cms);
    return outcome;
}

static enum outcome write_request(struct requesting *requesting)
{
    struct bytes request, file;
    enum outcome outcome;

    bytes_init(&request, REQUEST_MAX);
    bytes_init(&file, (size_t)2 * CADES_MAX);
    outcome = sign_request(requesting, &request);
    if (outcome == OUTCOME_DONE) {
        kept_add(requesting->container, &request, requesting->desk->screen);
        outcome = wrap(requesting, &request, &file);
    }
    if (outcome == OUTCOME_DONE)
        outcome =
            output_write(requesting->desk->options, requesting->wish.output,
                         &file, &requesting->failure);
    bytes_free(&request);
    bytes_free(&file);
    return outcome == OUTCOME_DONE
               ? fail(requesting, OUTCOME_REQUESTED,
                      output_is_stream(requesting->wish.output)
                          ? ""
                          : requesting->wish.output)
               : outcome;
}

/* A key that is there must not be forgotten, whatever happened to its
 * request. */
static void say(const struct requesting *requesting)
{
    struct screen *screen = requesting->desk->screen;
    char where[2 * LOCATION_MAX];

    result_say(screen, &requesting->failure);
    if (requesting->container == NULL ||
        requesting->failure.outcome == OUTCOME_WOULD_REQUEST)
        return;
    words_quote(where, sizeof(where),
                text_clean(requesting->container->info.where).text);
    if (requesting->failure.outcome == OUTCOME_REQUESTED)
        screen_say(screen,
                   _("When the certificate has come: kep install FILE '%s'"),
                   where);
    else if (requesting->container->info.certificate == NULL)
        screen_say(screen,
                   _("The key is there. To make a request for it: kep request "
                     "'%s', with the same data and another --output."),
                   where);
}

static struct json_object *to_json(const struct requesting *requesting)
{
    struct json_object *json = result_json_plain(&requesting->failure);
    const struct container *container = requesting->container;
    const bool written = requesting->failure.outcome == OUTCOME_REQUESTED;

    view_put_text(json, "container",
                  container != NULL ? container->info.where : NULL);
    view_put_text(json, "file", written ? requesting->wish.output : NULL);
    view_put_text(json, "format", requesting->wish.der ? "der" : "pem");
    view_put(json, "subject", name_view_json(&requesting->owner.subject));
    return json;
}

static enum outcome answer(struct requesting *requesting)
{
    enum outcome outcome = requesting->failure.outcome;

    say(requesting);
    if (!requesting->desk->options->json)
        return outcome;
    return result_answer(to_json(requesting), outcome);
}

/* The rows of the walk: these, the owner's, and those. */
static enum outcome (*const first[])(struct requesting *) = {check_options,
                                                             look_at_key};
static enum outcome (*const last[])(struct requesting *) = {
    choose_output,   open_signer, find_key,
    choose_password, make_key,    write_request};

enum {
    FIRST = sizeof(first) / sizeof(first[0]),
    LAST = sizeof(last) / sizeof(last[0])
};

static bool run_row(void *context, size_t row, bool again)
{
    struct requesting *requesting = context;
    enum outcome outcome;

    (void)again;
    if (row < FIRST)
        outcome = first[row](requesting);
    else if (row < FIRST + owner_rows())
        outcome = owner_ask(requesting->desk, row - FIRST, &requesting->owner,
                            &requesting->failure);
    else
        outcome = last[row - FIRST - owner_rows()](requesting);
    return outcome == OUTCOME_DONE;
}

enum outcome request_run(struct desk *desk)
{
    struct requesting requesting = {.desk = desk,
                                    .failure = {.elsewhere = true}};
    enum outcome outcome;

    (void)walk_run(desk->screen, FIRST + owner_rows() + LAST, run_row,
                   &requesting);
    outcome = answer(&requesting);
    owner_free(&requesting.owner);
    secret_free(&requesting.password);
    container_free(&requesting.container);
    container_free(&requesting.signer);
    return outcome;
}
