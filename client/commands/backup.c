#include "client/commands/commands.h"
#include "client/copying/archive_file.h"
#include "client/copying/copying.h"
#include "client/copying/copying_note.h"
#include "client/copying/copying_target.h"
#include "client/copying/passphrase.h"
#include "client/renewal/result.h"
#include "client/text.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct backup {
    struct copying copying;
    struct failure failure;
    size_t certificates;
};

/* What is wrong with the command, before anybody is asked for anything. */
static enum outcome check_options(const struct desk *desk,
                                  struct failure *failure)
{
    const struct options *options = desk->options;
    struct stat about;
    const char *wrong = NULL;

    if (options->to != NULL && options->archive != NULL)
        wrong = _("--to and --archive exclude each other.");
    else if (options->to == NULL && options->archive == NULL &&
             !screen_interactive(desk->screen))
        wrong = _("Either --to or --archive is needed.");
    else if (options->archive != NULL && strcmp(options->archive, "-") == 0 &&
             (options->json || isatty(STDOUT_FILENO)))
        wrong = _("The archive cannot go to a terminal, nor together with "
                  "--json to standard output.");
    if (wrong != NULL)
        return failure_set(failure, OUTCOME_USAGE, wrong);
    if (options->archive != NULL && !options->overwrite &&
        lstat(options->archive, &about) == 0)
        return failure_set(failure, OUTCOME_FILE_EXISTS, options->archive);
    return OUTCOME_DONE;
}

static void copy_to_location(struct backup *backup)
{
    struct copying *copying = &backup->copying;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];

    if (copying_target(copying->desk,
                       _("Where to put the copy: a number or a folder"),
                       copying->count > 0 ? copying->item[0]->where : NULL,
                       &ops, location, &backup->failure) != OUTCOME_DONE ||
        copying_take_pin(copying, ops, location, &backup->failure) !=
            OUTCOME_DONE ||
        copying_open(copying, true, &backup->failure) != OUTCOME_DONE)
        return;
    copying_put(copying, ops, location, true);
    copying_say(copying);
    copying_sum(copying, OUTCOME_BACKED_UP, &backup->failure);
}

/* All of them or none: an archive that lacks one would be trusted. */
static void copy_to_archive(struct backup *backup)
{
    struct copying *copying = &backup->copying;
    struct failure *failure = &backup->failure;
    char *passphrase = NULL;

    if (copying_open(copying, true, failure) != OUTCOME_DONE)
        return;
    copying_sum(copying, OUTCOME_DONE, failure);
    if (failure->outcome == OUTCOME_DONE)
        passphrase_get_new(copying->desk, &passphrase, failure);
    if (failure->outcome == OUTCOME_DONE)
        archive_file_write(copying, passphrase, &backup->certificates, failure);
    secret_free(&passphrase);
    if (failure->outcome != OUTCOME_DONE)
        return;
    copying_say(copying);
    screen_say(copying->desk->screen,
               _("In the archive: containers %zu, certificates %zu."),
               copying->count, backup->certificates);
    copying_sum(copying, OUTCOME_BACKED_UP, failure);
}

static enum outcome answer(struct backup *backup)
{
    const struct options *options = backup->copying.desk->options;
    enum outcome outcome = backup->failure.outcome;
    struct json_object *json, *archive;

    result_say(backup->copying.desk->screen, &backup->failure);
    if (!options->json)
        return outcome;
    json = result_json_plain(&backup->failure);
    view_put(json, "containers",
             copying_json(&backup->copying, OUTCOME_BACKED_UP,
                          outcome == OUTCOME_BACKED_UP));
    if (options->archive != NULL && outcome == OUTCOME_BACKED_UP) {
        archive = json_object_new_object();
        view_put_text(archive, "file", options->archive);
        view_put_count(archive, "certificates", backup->certificates);
        view_put(json, "archive", archive);
    }
    return result_answer(json, outcome);
}

enum outcome backup_run(struct desk *desk)
{
    struct backup backup = {.copying = {.desk = desk},
                            .failure = {.elsewhere = true}};
    const struct options *options = desk->options;
    enum outcome outcome = check_options(desk, &backup.failure);

    for (size_t i = 0; i < options->arguments && outcome == OUTCOME_DONE; i++)
        outcome =
            copying_add(&backup.copying, options->argument[i], &backup.failure);
    if (outcome == OUTCOME_DONE && options->archive != NULL)
        copy_to_archive(&backup);
    else if (outcome == OUTCOME_DONE)
        copy_to_location(&backup);
    if (backup.failure.outcome == OUTCOME_BACKED_UP)
        copying_note(&backup.copying, options->archive);
    outcome = answer(&backup);
    copying_free(&backup.copying);
    return outcome;
}
