#include "client/renewal/means.h"

#include "client/program/hook.h"
#include "client/renewal/call.h"
#include "client/roots.h"
#include "client/state/paths.h"
#include "client/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum outcome fail(struct failure *failure, const char *option,
                         const char *value, const char *why)
{
    char detail[FAILURE_DETAIL];

    snprintf(detail, sizeof(detail), "%s %s: %s", option, value, why);
    return failure_set(failure, OUTCOME_CONFIGURATION, detail);
}

static enum outcome check_file(const char *option, const char *path,
                               struct failure *failure)
{
    return paths_check_file(path) == 0
               ? OUTCOME_DONE
               : fail(failure, option, path, strerror(errno));
}

static enum outcome check_folder(const char *option, const char *path,
                                 struct failure *failure)
{
    return paths_check_folder(path) == 0
               ? OUTCOME_DONE
               : fail(failure, option, path, strerror(errno));
}

static enum outcome check_codes(const char *option, const char *path,
                                struct failure *failure)
{
    struct stat about;

    if (stat(path, &about) != 0 || access(path, R_OK) != 0)
        return fail(failure, option, path, strerror(errno));
    return S_ISDIR(about.st_mode) || S_ISREG(about.st_mode)
               ? OUTCOME_DONE
               : fail(failure, option, path,
                      _("It is neither a folder nor a file."));
}

static enum outcome check_entropy(const char *option, const char *source,
                                  struct failure *failure)
{
    return strcmp(source, "keyboard") == 0 || strcmp(source, "system") == 0
               ? OUTCOME_DONE
               : check_file(option, source, failure);
}

static enum outcome check_command(const char *option, const char *command,
                                  struct failure *failure)
{
    const char *problem = hook_problem(command);

    return problem == NULL ? OUTCOME_DONE
                           : fail(failure, option, command, problem);
}

static enum outcome check_roots(const char *option, const char *path,
                                struct failure *failure)
{
    struct chain roots;
    enum outcome outcome = roots_read(path, &roots, failure);

    (void)option;
    chain_free(&roots);
    return outcome;
}

struct row {
    const char *option, *value;
    enum outcome (*check)(const char *option, const char *value,
                          struct failure *failure);
};

static enum outcome check_rows(const struct row *rows, size_t count,
                               struct failure *failure)
{
    failure->outcome = OUTCOME_DONE;
    for (size_t i = 0; i < count && failure->outcome == OUTCOME_DONE; i++)
        if (rows[i].value != NULL)
            failure->outcome =
                rows[i].check(rows[i].option, rows[i].value, failure);
    return failure->outcome;
}

enum outcome means_check_codes(const struct options *options,
                               struct failure *failure)
{
    const struct row rows[] = {
        {"--codes", options->codes, check_codes},
        {"--code-command", options->code_command, check_command},
    };

    return check_rows(rows, sizeof(rows) / sizeof(rows[0]), failure);
}

enum outcome means_check(const struct options *options, const char *report,
                         struct failure *failure)
{
    const struct row rows[] = {
        {"--server-ca", options->server_ca, check_file},
        {"--roots", options->roots, check_roots},
        {"--pin-file", options->pin_file, check_file},
        {"--old-pin-file", options->old_pin_file, check_file},
        {"--backup-pin-file", options->copy_pin_file, check_file},
        {"--changes", options->changes, check_file},
        {"--entropy", options->entropy, check_entropy},
        {"--deploy-command", options->deploy_command, check_command},
        {"--failed-command", options->failed_command, check_command},
        {"--report", report, check_folder},
    };

    if (means_check_codes(options, failure) == OUTCOME_DONE)
        check_rows(rows, sizeof(rows) / sizeof(rows[0]), failure);
    if (failure->outcome == OUTCOME_DONE && options->server != NULL &&
        !call_settings_serve(options->server, options->server_ca,
                             failure->detail, sizeof(failure->detail)))
        failure->outcome = OUTCOME_CONFIGURATION;
    return failure->outcome;
}
