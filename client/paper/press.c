#include "client/paper/press.h"

#include "client/paper/typeset.h"
#include "client/signals.h"
#include "client/state/paths.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char program[] = "kep-statement";

/* Its statuses (client/paper/main.c). */
enum { STATUS_FONT = 3 };

enum { INHERITED_MAX = 8 };

/* --- the program --------------------------------------------------------- */

static bool find_beside(char path[PATHS_MAX])
{
    ssize_t size = readlink("/proc/self/exe", path, PATHS_MAX - 1);
    char *slash;

    if (size <= 0)
        return false;
    path[size] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL ||
        (size_t)(slash + 1 - path) + sizeof(program) > PATHS_MAX)
        return false;
    memcpy(slash + 1, program, sizeof(program));
    return access(path, X_OK) == 0;
}

static bool find_program(char path[PATHS_MAX])
{
    if (find_beside(path))
        return true;
    snprintf(path, PATHS_MAX, "%s/%s", LIBEXECDIR, program);
    return access(path, X_OK) == 0;
}

/* What fontconfig looks at, and nothing more. */
static void inherit(char *own[INHERITED_MAX])
{
    static const char *const names[] = {
        "HOME=",          "XDG_CACHE_HOME=",  "XDG_CONFIG_HOME=",
        "XDG_DATA_HOME=", "FONTCONFIG_FILE=", "FONTCONFIG_PATH="};
    size_t count = 0;

    for (char **entry = environ; *entry != NULL; entry++)
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            if (count + 1 < INHERITED_MAX &&
                strncmp(*entry, names[i], strlen(names[i])) == 0)
                own[count++] = *entry;
    own[count] = NULL;
}

static bool arrange(posix_spawn_file_actions_t *files, posix_spawnattr_t *how,
                    int in, int out)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1) ==
               0 &&
           posix_spawnattr_setpgroup(how, 0) == 0 &&
           posix_spawnattr_setsigmask(how, &none) == 0 &&
           posix_spawnattr_setsigdefault(how, &all) == 0 &&
           posix_spawnattr_setflags(how, POSIX_SPAWN_SETPGROUP |
                                             POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF) == 0;
}

static pid_t start(int in, int out)
{
    char path[PATHS_MAX], *own[INHERITED_MAX];
    char *argv[] = {path, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    pid_t child = -1;

    if (!find_program(path) || posix_spawn_file_actions_init(&files) != 0)
        return -1;
    inherit(own);
    if (posix_spawnattr_init(&how) == 0) {
        if (!arrange(&files, &how, in, out) ||
            posix_spawn(&child, path, &files, &how, argv, own) != 0)
            child = -1;
        posix_spawnattr_destroy(&how);
    }
    posix_spawn_file_actions_destroy(&files);
    return child;
}

/* It ends by itself, within a minute. */
static enum outcome wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return OUTCOME_PRESS_FAILED;
    if (signals_pending())
        return OUTCOME_INTERRUPTED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_FONT)
        return OUTCOME_FONT_MISSING;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? OUTCOME_DONE
                                                         : OUTCOME_PRESS_FAILED;
}

/* --- what goes in and what comes out ------------------------------------- */

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);
    ssize_t put = 1;

    while (left > 0 && put > 0) {
        put = write(fd, text, left);
        if (put > 0) {
            text += put;
            left -= (size_t)put;
        } else if (put < 0 && errno == EINTR) {
            put = 1;
        }
    }
    return left == 0 && lseek(fd, 0, SEEK_SET) == 0;
}

static bool write_sheet(int fd, const struct sheet *sheet)
{
    struct json_object *json = sheet_to_json(sheet);
    const char *text =
        json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
    const bool good = text != NULL && write_all(fd, text);

    json_object_put(json);
    return good;
}

static enum outcome read_pdf(int fd, struct bytes *out)
{
    struct stat about;
    char *data;
    bool whole;

    if (fstat(fd, &about) != 0 || about.st_size <= 5 ||
        about.st_size > TYPESET_MAX)
        return OUTCOME_PRESS_FAILED;
    data = calloc(1, (size_t)about.st_size);
    if (data == NULL)
        return OUTCOME_MEMORY;
    whole = pread(fd, data, (size_t)about.st_size, 0) == about.st_size &&
            memcmp(data, "%PDF-", 5) == 0;
    if (whole)
        bytes_put(out, data, (size_t)about.st_size);
    free(data);
    return whole && !out->failed ? OUTCOME_DONE : OUTCOME_PRESS_FAILED;
}

enum outcome press_print(const struct sheet *sheet, struct bytes *out)
{
    const int in = memfd_create("sheet", MFD_CLOEXEC);
    const int pdf = memfd_create("pdf", MFD_CLOEXEC);
    enum outcome outcome = OUTCOME_MEMORY;
    pid_t child;

    if (in >= 0 && pdf >= 0 && write_sheet(in, sheet)) {
        child = start(in, pdf);
        outcome = child > 0 ? wait_for(child) : OUTCOME_PRESS_MISSING;
    }
    if (outcome == OUTCOME_DONE)
        outcome = read_pdf(pdf, out);
    if (in >= 0)
        close(in);
    if (pdf >= 0)
        close(pdf);
    return outcome;
}
