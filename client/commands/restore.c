#include "client/commands/commands.h"
#include "client/copying/archive_file.h"
#include "client/copying/copying.h"
#include "client/copying/copying_target.h"
#include "client/renewal/result.h"
#include "client/state/archive.h"
#include "client/text.h"
#include "client/view/view_put.h"

struct restore {
    struct copying copying;
    struct archive_file archive;
    struct failure failure;
    const struct medium_ops *ops; /* of the place, and there: */
    char location[LOCATION_MAX];
    size_t certificates; /* that are in kep's archive now */
};

/* Before anybody is asked for the passphrase. */
static enum outcome find_target(struct restore *restore)
{
    const struct desk *desk = restore->copying.desk;

    return desk->options->dry_run
               ? OUTCOME_DONE
               : copying_target(
                     desk,
                     _("Where to put the containers: a number or a folder"),
                     NULL, &restore->ops, restore->location, &restore->failure);
}

static enum outcome take_out(struct restore *restore)
{
    const char *name = restore->copying.desk->options->name;
    const struct parcel *parcel = &restore->archive.parcel;
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0; i < parcel->containers && outcome == OUTCOME_DONE; i++)
        outcome = copying_add_packed(&restore->copying, &parcel->container[i]);
    if (outcome != OUTCOME_DONE)
        return failure_set(&restore->failure, outcome, "");
    copying_choose(&restore->copying, name);
    if (name != NULL && restore->copying.count == 0)
        return failure_set(&restore->failure, OUTCOME_CONTAINER_NOT_FOUND,
                           name);
    return OUTCOME_DONE;
}

/* One that cannot be read (of a kind that this version does not know) harms
 * no other. Durable all of them are at the end: where that fails none counts
 * as restored. */
static enum outcome keep_certificates(struct restore *restore)
{
    const struct parcel *parcel = &restore->archive.parcel;
    enum outcome outcome = OUTCOME_DONE, flushed = OUTCOME_DONE;

    for (size_t i = 0; i < parcel->certificates && outcome == OUTCOME_DONE;
         i++) {
        struct certificate *certificate = NULL;
        char path[PATHS_MAX];

        if (certificate_read(parcel->certificate[i].at,
                             parcel->certificate[i].left,
                             &certificate) != FAULT_NONE)
            continue;
        outcome = archive_put(certificate, path);
        restore->certificates += outcome == OUTCOME_DONE;
        certificate_free(&certificate);
    }
    if (restore->certificates > 0)
        flushed = archive_flush();
    if (flushed != OUTCOME_DONE)
        restore->certificates = 0;
    return outcome != OUTCOME_DONE ? outcome : flushed;
}

static void restore_all(struct restore *restore)
{
    struct copying *copying = &restore->copying;
    enum outcome outcome;

    if (copying_take_pin(copying, restore->ops, restore->location,
                         &restore->failure) != OUTCOME_DONE ||
        copying_open(copying, true, &restore->failure) != OUTCOME_DONE)
        return;
    copying_put(copying, restore->ops, restore->location, false);
    copying_say(copying);
    outcome = keep_certificates(restore);
    copying_sum(copying, OUTCOME_RESTORED, &restore->failure);
    if (restore->failure.outcome == OUTCOME_RESTORED && outcome != OUTCOME_DONE)
        failure_set(&restore->failure, outcome, "");
}

static void look(struct restore *restore)
{
    struct copying *copying = &restore->copying;

    if (copying_open(copying, false, &restore->failure) != OUTCOME_DONE)
        return;
    copying_say(copying);
    screen_say(copying->desk->screen,
               _("In the archive: containers %zu, certificates %zu."),
               copying->count, restore->archive.parcel.certificates);
    copying_sum(copying, OUTCOME_WOULD_RESTORE, &restore->failure);
}

static enum outcome answer(struct restore *restore)
{
    const struct options *options = restore->copying.desk->options;
    const struct parcel *parcel = &restore->archive.parcel;
    enum outcome outcome = restore->failure.outcome;
    struct json_object *json;

    result_say(restore->copying.desk->screen, &restore->failure);
    if (!options->json)
        return outcome;
    json = result_json_plain(&restore->failure);
    if (restore->archive.content != NULL) {
        const bool dry = options->dry_run;

        view_put_text(json, "made", text_rfc3339(parcel->made).text);
        view_put(json, "containers",
                 copying_json(&restore->copying,
                              dry ? OUTCOME_WOULD_RESTORE : OUTCOME_RESTORED,
                              dry));
        view_put_count(json, "certificates",
                       dry ? parcel->certificates : restore->certificates);
    }
    return result_answer(json, outcome);
}

enum outcome restore_run(struct desk *desk)
{
    struct restore restore = {.copying = {.desk = desk},
                              .failure = {.elsewhere = true}};
    const struct options *options = desk->options;
    enum outcome outcome = find_target(&restore);

    if (outcome == OUTCOME_DONE)
        outcome = archive_file_read(desk, options->argument[0],
                                    &restore.archive, &restore.failure);
    if (outcome == OUTCOME_DONE)
        outcome = take_out(&restore);
    if (outcome == OUTCOME_DONE && options->dry_run)
        look(&restore);
    else if (outcome == OUTCOME_DONE)
        restore_all(&restore);
    outcome = answer(&restore);
    copying_free(&restore.copying);
    archive_file_free(&restore.archive);
    return outcome;
}
