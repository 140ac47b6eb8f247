#include "client/doctor/diagnosis.h"

#include "client/program/words.h"
#include "client/state/paths.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Whether anybody may write into it; what lies in a folder with the sticky bit
 * is still its owner's. */
static bool is_open_to_all(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && (about.st_mode & S_IWOTH) != 0 &&
           (!S_ISDIR(about.st_mode) || (about.st_mode & S_ISVTX) == 0);
}

/* Whether it is, or a folder above it, in which what leads to it can be
 * replaced, or made where it is missing. path then is that folder's. */
static bool find_open(char *path)
{
    while (!is_open_to_all(path)) {
        char *slash = strrchr(path, '/');

        if (slash == NULL || slash == path)
            return false;
        *slash = '\0';
    }
    return true;
}

/* Without links; as it is written where it is missing. NULL: no memory. */
static char *find_real(const char *path)
{
    char *real = realpath(path, NULL);

    return real != NULL ? real : strdup(path);
}

static void tell(struct diagnosis *diagnosis, const char *path)
{
    char quoted[1024], advice[2048];

    snprintf(advice, sizeof(advice),
             _("Keep it elsewhere, or take that right from them: chmod o-w "
               "'%s'"),
             words_quote(quoted, sizeof(quoted), text_clean(path).text));
    diagnosis_add(diagnosis, "rights", _("What kep relies on"), DIAGNOSIS_BAD,
                  _("Every user of this computer may change it. Whoever does "
                    "decides what kep trusts and runs."),
                  advice);
}

void diagnosis_rights(struct diagnosis *diagnosis)
{
    const struct options *options = diagnosis->desk->options;
    char config[PATHS_MAX] = "", state[PATHS_MAX] = "", data[PATHS_MAX] = "";
    char told[PATHS_MAX] = "";
    const char *const paths[] = {config, state, data, options->server_ca,
                                 options->roots};

    (void)paths_of(PATHS_CONFIG, "config.json", config);
    (void)paths_of(PATHS_STATE, "", state);
    (void)paths_of(PATHS_DATA, "containers", data);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char *path = paths[i] != NULL ? find_real(paths[i]) : NULL;

        /* Several may be below one folder. */
        if (path != NULL && find_open(path) && strcmp(path, told) != 0) {
            tell(diagnosis, path);
            snprintf(told, sizeof(told), "%s", path);
        }
        free(path);
    }
    if (told[0] == '\0')
        diagnosis_add(
            diagnosis, "rights", _("What kep relies on"), DIAGNOSIS_GOOD,
            _("Not every user of this computer may change it."), NULL);
}
