#include "client/commands/commands.h"

#include "client/bundle_file.h"
#include "client/outcome/failure.h"
#include "client/program/words.h"
#include "client/renewal/check.h"
#include "client/renewal/data.h"
#include "client/renewal/result.h"
#include "client/request/holder.h"
#include "client/request/kept.h"
#include "client/roots.h"
#include "client/state/archive.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/certificate_view.h"
#include "client/view/name_view.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <stdio.h>
#include <string.h>

struct installing {
    const struct desk *desk;
    const char *file;
    struct chain sent, roots;
    const struct certificate *issued; /* one of sent */
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    struct container *container;
    bool compared;        /* with the request that was kept for its key */
    char path[PATHS_MAX]; /* in the archive */
    struct failure failure;
};

static enum outcome fail(struct installing *installing, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&installing->failure, outcome, detail);
}

static enum outcome fail_fault(struct installing *installing, enum fault fault,
                               const char *what)
{
    return unlock_fault(fault, what, &installing->failure);
}

/* --- what came ----------------------------------------------------------- */

static enum outcome read_sent(struct installing *installing)
{
    enum fault fault = bundle_file_read(installing->file, &installing->sent);
    char detail[FAILURE_DETAIL];

    if (fault == FAULT_NO_CERTIFICATE) {
        snprintf(detail, sizeof(detail),
                 _("There is no certificate in the file %s."),
                 text_clean(installing->file).text);
        return fail(installing, OUTCOME_CERTIFICATE_BAD, detail);
    }
    return fail_fault(installing, fault, installing->file);
}

static enum outcome read_roots(struct installing *installing)
{
    const char *path = installing->desk->options->roots;

    if (path == NULL)
        return OUTCOME_DONE;
    return roots_read(path, &installing->roots, &installing->failure);
}

/* --- the container ------------------------------------------------------- */

static enum outcome open_container(struct installing *installing)
{
    const struct options *options = installing->desk->options;
    const char *name = options->argument[1];
    char *password = NULL, found[LOCATION_MAX];
    enum outcome outcome = OUTCOME_DONE;

    if (options->arguments < 2) {
        outcome = holder_find(installing->desk, &installing->sent, found,
                              &installing->failure);
        name = found;
    }
    if (outcome == OUTCOME_DONE)
        outcome = fail_fault(
            installing, medium_find(name, &installing->ops, installing->where),
            name);
    if (outcome == OUTCOME_DONE)
        outcome = unlock_open(installing->desk, installing->ops,
                              installing->where, name, &installing->container,
                              &password, &installing->failure);
    secret_free(&password);
    return outcome;
}

/* Whose it is, where it is not for the container's key. */
static enum outcome refuse_all(struct installing *installing)
{
    const struct chain *sent = &installing->sent;

    return fail(installing, OUTCOME_CERTIFICATE_WRONG_KEY,
                sent->count == 1
                    ? certificate_view_owner(sent->certificate[0]).text
                    : installing->file);
}

static enum outcome choose(struct installing *installing)
{
    const struct container *container = installing->container;
    const size_t size = 2 * container->info.algorithm->key_size;

    for (size_t i = 0; i < installing->sent.count; i++) {
        const struct certificate *one = installing->sent.certificate[i];

        if (!certificate_has_point(one, container->point, size))
            continue;
        if (installing->issued != NULL &&
            strcmp(installing->issued->thumbprint, one->thumbprint) != 0)
            return fail(installing, OUTCOME_CERTIFICATES_SEVERAL,
                        installing->file);
        installing->issued = one;
    }
    return installing->issued != NULL ? OUTCOME_DONE : refuse_all(installing);
}

/* What was asked for must be there; a centre may add to it, and put it in
 * another order. */
static enum outcome compare(struct installing *installing)
{
    struct name asked;
    struct identity before, after;
    enum identity_difference difference = IDENTITY_SAME;
    const char *detail = "";

    if (kept_subject(installing->container, &asked) == FAULT_NONE &&
        name_identity(&asked, &before) == FAULT_NONE) {
        installing->compared = true;
        if (name_identity(&installing->issued->subject, &after) != FAULT_NONE)
            difference = IDENTITY_FULL_NAME;
        else
            difference = identity_compare(&after, &before);
        detail = data_difference(difference);
    }
    name_free(&asked);
    return difference == IDENTITY_SAME || installing->desk->options->accept_data
               ? OUTCOME_DONE
               : fail(installing, OUTCOME_REQUEST_MISMATCH, detail);
}

static enum outcome check(struct installing *installing)
{
    const struct container *container = installing->container;
    const struct check check = {
        .issued = installing->issued,
        .point = container->point,
        .point_size = 2 * container->info.algorithm->key_size,
        .sent = &installing->sent,
        .roots = installing->roots.count > 0 ? &installing->roots : NULL,
        .now = clock_now(installing->desk->clock)};
    const char *detail = "";
    enum outcome outcome = check_issued(&check, &detail);

    if (outcome != OUTCOME_DONE)
        return fail(installing, outcome, detail);
    outcome = compare(installing);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (installing->desk->options->dry_run)
        return installing->failure.outcome = OUTCOME_WOULD_INSTALL;
    return OUTCOME_DONE;
}

/* --- keeping it ---------------------------------------------------------- */

/* All that came with it, and what it replaces: old documents may need them. */
static enum outcome keep_in_archive(struct installing *installing)
{
    enum outcome outcome = archive_add_all(
        installing->container->info.certificate, &installing->sent,
        installing->issued, installing->path);

    return outcome == OUTCOME_DONE ? outcome : fail(installing, outcome, "");
}

static enum fault prove(struct installing *installing)
{
    struct container_info info = {.algorithm = NULL};
    enum fault fault = installing->ops->describe(installing->where, &info);

    if (fault == FAULT_NONE && (info.certificate == NULL ||
                                strcmp(info.certificate->thumbprint,
                                       installing->issued->thumbprint) != 0))
        fault = FAULT_IO;
    container_info_free(&info);
    return fault;
}

static enum outcome write(struct installing *installing)
{
    enum fault fault = installing->ops->write_certificate(installing->where,
                                                          installing->issued);

    if (fault == FAULT_NONE)
        fault = prove(installing);
    if (fault != FAULT_NONE)
        return fail_fault(installing, fault, installing->where);
    return installing->failure.outcome = OUTCOME_INSTALLED;
}

/* --- the answer ---------------------------------------------------------- */

/* A key that may not be copied has no copy to urge for. */
static void urge(const struct installing *installing)
{
    char where[2 * LOCATION_MAX];

    if (!installing->container->info.exportable)
        return;
    words_quote(where, sizeof(where), text_clean(installing->where).text);
    screen_say(installing->desk->screen,
               _("Make a copy of the container now, on another drive: kep "
                 "backup '%s' --to PLACE. Without a copy a broken drive means "
                 "a new certificate."),
               where);
}

/* What came along, but for the certificate itself. */
static void say_chain(const struct installing *installing)
{
    struct screen *screen = installing->desk->screen;
    size_t others = 0;

    for (size_t i = 0; i < installing->sent.count; i++) {
        const struct certificate *one = installing->sent.certificate[i];

        if (one == installing->issued)
            continue;
        screen_pair(screen, _("Came with it"), "%s",
                    certificate_view_owner(one).text);
        others++;
    }
    if (others > 0)
        screen_say(screen,
                   _("What came with it is used to check who issued it and is "
                     "kept in the archive. It does not go into the container, "
                     "and a root in it is not trusted for having come."));
}

/* What was not looked at, and why. */
static void say_unchecked(const struct installing *installing)
{
    struct screen *screen = installing->desk->screen;

    if (installing->roots.count == 0)
        screen_say(screen, _("Who issued it has not been checked: no --roots "
                             "was given."));
    if (!installing->compared)
        screen_say(screen,
                   _("Whether it says what was asked for has not been "
                     "compared: the request for this key is not on this "
                     "computer."));
}

static void say(const struct installing *installing)
{
    struct screen *screen = installing->desk->screen;
    const struct certificate *issued = installing->issued;
    const bool good = outcome_row(installing->failure.outcome)->status == 0;

    if (good) {
        /* Whether the centre made a mistake in them, the person sees. */
        name_view_say(screen, &issued->subject);
        screen_pair(screen, _("Container"), "%s",
                    text_clean(installing->where).text);
        screen_pair(screen, _("Valid until"), "%s",
                    text_date(issued->not_after).text);
        say_chain(installing);
        say_unchecked(installing);
    }
    result_say(screen, &installing->failure);
    if (installing->failure.outcome == OUTCOME_INSTALLED)
        urge(installing);
}

static struct json_object *chain_json(const struct installing *installing)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < installing->sent.count; i++)
        if (installing->sent.certificate[i] != installing->issued)
            json_object_array_add(list, certificate_view_json_all(
                                            installing->sent.certificate[i]));
    return list;
}

static struct json_object *to_json(const struct installing *installing)
{
    struct json_object *json = result_json_plain(&installing->failure);

    view_put_filled(json, "container", installing->where);
    view_put(json, "certificate",
             installing->issued != NULL
                 ? certificate_view_json_all(installing->issued)
                 : NULL);
    view_put_filled(json, "archived", installing->path);
    view_put_flag(json, "issuerChecked",
                  installing->roots.count > 0 &&
                      outcome_row(installing->failure.outcome)->status == 0);
    view_put_flag(json, "requestCompared", installing->compared);
    view_put(json, "chain", chain_json(installing));
    return json;
}

static enum outcome answer(struct installing *installing)
{
    enum outcome outcome = installing->failure.outcome;

    say(installing);
    if (!installing->desk->options->json)
        return outcome;
    return result_answer(to_json(installing), outcome);
}

enum outcome install_run(struct desk *desk)
{
    struct installing installing = {.desk = desk,
                                    .file = desk->options->argument[0],
                                    .failure = {.elsewhere = true}};
    static enum outcome (*const steps[])(struct installing *) = {
        read_sent, read_roots,      open_container, choose,
        check,     keep_in_archive, write};
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0;
         i < sizeof(steps) / sizeof(steps[0]) && outcome == OUTCOME_DONE; i++)
        outcome = steps[i](&installing);
    outcome = answer(&installing);
    container_free(&installing.container);
    chain_free(&installing.sent);
    chain_free(&installing.roots);
    return outcome;
}
