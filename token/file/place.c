#include "token/file/place.h"

#include "token/file/disk.h"
#include "token/medium.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char word[] = "file:";

enum { WORD = sizeof word - 1 };

/* The end of the path without its last name. */
static size_t cut_name(const char *path, size_t end)
{
    while (end > 0 && path[end - 1] == '/')
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    return end;
}

/* The longest part of path that exists, absolute; *rest is what follows. */
static enum fault find_existing(const char *path, char **real,
                                const char **rest)
{
    size_t end = strlen(path);

    for (;;) {
        char *head = end == 0 ? strdup(".") : strndup(path, end);

        if (head == NULL)
            return FAULT_MEMORY;
        *real = realpath(head, NULL);
        free(head);
        *rest = path + end;
        if (*real != NULL)
            return FAULT_NONE;
        if (errno != ENOENT || end == 0)
            return disk_fault(errno);
        end = cut_name(path, end);
    }
}

/* Append the names of rest, a slash before each. */
static enum fault append(char *canonical, const char *rest)
{
    size_t size = strlen(canonical);

    while (*(rest += strspn(rest, "/")) != '\0') {
        const size_t name = strcspn(rest, "/");

        if (name == 2 && strncmp(rest, "..", 2) == 0)
            return FAULT_NOT_FOUND;
        if (size + 1 + name >= LOCATION_MAX)
            return FAULT_TOO_LARGE;
        if (name != 1 || *rest != '.') {
            canonical[size++] = '/';
            memcpy(canonical + size, rest, name);
            size += name;
            canonical[size] = '\0';
        }
        rest += name;
    }
    return FAULT_NONE;
}

enum fault place_resolve(const char *path, char *canonical)
{
    enum fault fault = FAULT_LOCATION;
    char *real = NULL;
    const char *rest;
    int size;

    if (*path == '\0')
        return fault;
    fault = find_existing(path, &real, &rest);
    if (fault != FAULT_NONE)
        return fault;
    /* The root alone ends with the slash that append would put. */
    size = snprintf(canonical, LOCATION_MAX, "%s%s", word,
                    real[1] == '\0' && *rest != '\0' ? "" : real);
    fault = size < 0 || size >= LOCATION_MAX ? FAULT_TOO_LARGE
                                             : append(canonical, rest);
    free(real);
    return fault;
}

enum fault place_resolve_local(const char *rest, char *canonical)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    enum fault fault = FAULT_LOCATION;
    char *path = NULL;
    int size;

    if (data != NULL && data[0] == '/')
        size = asprintf(&path, "%s/kep/containers/%s", data, rest);
    else if (home != NULL && home[0] == '/')
        size = asprintf(&path, "%s/.local/share/kep/containers/%s", home, rest);
    else
        return fault;
    if (size < 0)
        return FAULT_MEMORY;
    fault = place_resolve(path, canonical);
    free(path);
    return fault;
}

enum fault place_path(const char *canonical, const char **path)
{
    if (strncmp(canonical, word, WORD) != 0 || canonical[WORD] != '/' ||
        strnlen(canonical, LOCATION_MAX) == LOCATION_MAX)
        return FAULT_LOCATION;
    *path = canonical + WORD;
    return FAULT_NONE;
}

static bool is_local(const char *path)
{
    char local[LOCATION_MAX];

    return place_resolve_local("", local) == FAULT_NONE &&
           strcmp(local + WORD, path) == 0;
}

/* One folder of the path, for its owner only; durable. */
static enum fault make_one(const char *path)
{
    char *parent;
    enum fault fault;
    int fd;

    if (mkdir(path, 0700) != 0)
        return errno == EEXIST ? FAULT_NONE : disk_fault(errno);
    parent = strndup(path, cut_name(path, strlen(path)));
    if (parent == NULL)
        return FAULT_MEMORY;
    fault = disk_open_folder(AT_FDCWD, parent, &fd);
    free(parent);
    if (fault != FAULT_NONE)
        return fault;
    fault = disk_flush_folder(fd);
    close(fd);
    return fault;
}

static enum fault make(const char *path)
{
    enum fault fault = FAULT_NONE;

    for (size_t end = 1; fault == FAULT_NONE && path[end - 1] != '\0'; end++) {
        char *head;

        if (path[end] != '/' && path[end] != '\0')
            continue;
        head = strndup(path, end);
        if (head == NULL)
            return FAULT_MEMORY;
        fault = make_one(head);
        free(head);
    }
    return fault;
}

enum fault place_open_new(const char *path, int *fd)
{
    enum fault fault = disk_open_folder(AT_FDCWD, path, fd);

    if (fault != FAULT_NOT_FOUND || !is_local(path))
        return fault;
    fault = make(path);
    return fault == FAULT_NONE ? disk_open_folder(AT_FDCWD, path, fd) : fault;
}

bool place_is_made(const char *path)
{
    const char *rest;
    bool writable;
    char *real;

    if (!is_local(path) || find_existing(path, &real, &rest) != FAULT_NONE)
        return false;
    writable = *rest != '\0' && access(real, W_OK | X_OK) == 0;
    free(real);
    return writable;
}
