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

/* Whether it is, or the folder in which it can be replaced, which path then is.
 */
static bool find_open(char *path)
{
    char *slash = strrchr(path, '/');

    if (is_open_to_all(path))
        return true;
    if (slash == NULL || slash == path)
        return false;
    *slash = '\0';
    return is_open_to_all(path);
}

static void tell(struct diagnosis *diagnosis, const char *path)
{
    char quoted[1024], advice[2048];

    snprintf(advice, sizeof(advice),
             _("Take that right from them, or keep it elsewhere: chmod o-w "
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
    const char *const paths[] = {config, state, data, options->server_ca,
                                 options->roots};
    bool good = true;

    (void)paths_of(PATHS_CONFIG, "config.json", config);
    (void)paths_of(PATHS_STATE, "", state);
    (void)paths_of(PATHS_DATA, "containers", data);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char *path = paths[i] != NULL ? realpath(paths[i], NULL) : NULL;

        if (path != NULL && find_open(path)) {
            tell(diagnosis, path);
            good = false;
        }
        free(path);
    }
    if (good)
        diagnosis_add(diagnosis, "rights", _("What kep relies on"),
                      DIAGNOSIS_GOOD,
                      _("No other user of this computer may change it."), NULL);
}
