#include "client/state/archive.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether it is there, and whole. */
static bool has(const char *path, const struct certificate *certificate)
{
    size_t size = 0;
    char *there = paths_read(path, CERTIFICATE_MAX, &size);
    bool whole = there != NULL && size == certificate->der.size &&
                 memcmp(there, certificate->der.data, size) == 0;

    free(there);
    return whole;
}

static enum outcome unwritten(void)
{
    return errno == ENOSPC || errno == EDQUOT ? OUTCOME_FULL
                                              : OUTCOME_STATE_UNWRITABLE;
}

/* folder, path: PATHS_MAX bytes. */
static int place(const char *thumbprint, char *folder, char *path)
{
    if (paths_of(PATHS_STATE, "archive", folder) != 0)
        return -1;
    return snprintf(path, PATHS_MAX, "%s/%s.cer", folder, thumbprint) <
                   PATHS_MAX
               ? 0
               : -1;
}

enum outcome archive_put(const struct certificate *certificate, char *path)
{
    char folder[PATHS_MAX];

    if (place(certificate->thumbprint, folder, path) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    if (has(path, certificate))
        return OUTCOME_DONE;
    if (paths_make(folder) != 0 ||
        paths_put(path, certificate->der.data, certificate->der.size) != 0)
        return unwritten();
    return OUTCOME_DONE;
}

/* Also of those that were there already: whoever has put them may not have
 * come to flush them yet. */
enum outcome archive_flush(void)
{
    char folder[PATHS_MAX];

    if (paths_of(PATHS_STATE, "archive", folder) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    return paths_flush(folder) == 0 ? OUTCOME_DONE : unwritten();
}

enum outcome archive_add(const struct certificate *certificate, char *path)
{
    return archive_add_all(NULL, NULL, certificate, path);
}

enum outcome archive_add_all(const struct certificate *old,
                             const struct chain *sent,
                             const struct certificate *issued, char *path)
{
    enum outcome outcome = OUTCOME_DONE;

    if (old != NULL)
        outcome = archive_put(old, path);
    for (size_t i = 0;
         sent != NULL && i < sent->count && outcome == OUTCOME_DONE; i++)
        outcome = archive_put(sent->certificate[i], path);
    if (outcome == OUTCOME_DONE)
        outcome = archive_put(issued, path);
    return outcome == OUTCOME_DONE ? archive_flush() : outcome;
}

/* NULL: it is not there, or not whole. */
static struct certificate *read_file(const char *path)
{
    struct certificate *certificate = NULL;
    size_t size;
    char *der = paths_read(path, CERTIFICATE_MAX, &size);

    if (der != NULL && certificate_read(der, size, &certificate) != FAULT_NONE)
        certificate_free(&certificate);
    free(der);
    return certificate;
}

/* The thumbprint may be of a journal that was damaged. */
enum fault archive_read(const char *thumbprint,
                        struct certificate **certificate)
{
    char folder[PATHS_MAX], path[PATHS_MAX];

    *certificate = NULL;
    if (strchr(thumbprint, '/') == NULL && place(thumbprint, folder, path) == 0)
        *certificate = read_file(path);
    if (*certificate != NULL &&
        strcmp((*certificate)->thumbprint, thumbprint) == 0)
        return FAULT_NONE;
    certificate_free(certificate);
    return FAULT_NOT_FOUND;
}

static bool is_certificate(const char *name)
{
    const size_t size = strlen(name);

    return name[0] != '.' && size > 4 && strcmp(name + size - 4, ".cer") == 0;
}

enum fault archive_each(archive_visitor *visit, void *context)
{
    char folder[PATHS_MAX], path[PATHS_MAX];
    enum fault fault = FAULT_NONE;
    const struct dirent *entry;
    DIR *dir;

    if (paths_of(PATHS_STATE, "archive", folder) != 0)
        return FAULT_NOT_FOUND;
    dir = opendir(folder);
    if (dir == NULL)
        return errno == ENOENT ? FAULT_NONE : FAULT_NO_ACCESS;
    while (fault == FAULT_NONE && (entry = readdir(dir)) != NULL)
        if (is_certificate(entry->d_name) &&
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) <
                (int)sizeof(path)) {
            struct certificate *certificate = read_file(path);

            if (certificate != NULL)
                fault = visit(context, certificate);
        }
    closedir(dir);
    return fault;
}
