#include "token/file/place.h"

#include "token/file/disk.h"
#include "token/file/escape.h"
#include "token/medium.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char word[] = "file:";

enum {
    WORD = sizeof word - 1,
    PASSWD_MAX = 16384 /* bytes of a user's entry */
};

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

static enum fault append_name(char *canonical, const char *name, size_t size)
{
    const size_t end = strlen(canonical);

    if (end + 1 >= LOCATION_MAX)
        return FAULT_TOO_LARGE;
    if (canonical[end - 1] != '/') /* the root ends with it */
        memcpy(canonical + end, "/", 2);
    return escape_put(canonical, name, size);
}

/* Append the names of path, a slash before each. */
static enum fault append(char *canonical, const char *path)
{
    enum fault fault = FAULT_NONE;

    while (fault == FAULT_NONE && *(path += strspn(path, "/")) != '\0') {
        const size_t name = strcspn(path, "/");

        if (name == 2 && strncmp(path, "..", 2) == 0)
            return FAULT_NOT_FOUND;
        if (name != 1 || *path != '.')
            fault = append_name(canonical, path, name);
        path += name;
    }
    return fault;
}

enum fault place_resolve_path(const char *path, char *canonical)
{
    enum fault fault = FAULT_LOCATION;
    char *real = NULL;
    const char *rest;

    if (*path == '\0')
        return fault;
    fault = find_existing(path, &real, &rest);
    if (fault != FAULT_NONE)
        return fault;
    memcpy(canonical, word, sizeof word);
    fault = append(canonical, real);
    if (fault == FAULT_NONE)
        fault = append(canonical, rest);
    if (fault == FAULT_NONE && canonical[WORD] == '\0')
        fault = append_name(canonical, "", 0); /* the root */
    free(real);
    return fault;
}

/* See place_resolve: path is what rest stands for, behind head. */
static enum fault resolve(const char *head, const char *rest, char *canonical)
{
    enum fault fault = FAULT_MEMORY;
    char *plain = NULL, *path = NULL;

    if (asprintf(&plain, "%s%s", head, rest) < 0)
        return fault;
    path = strdup(plain);
    if (path != NULL) {
        const char *meant = path;

        escape_undo(rest, path + strlen(head));
        if (strcmp(path, plain) != 0 && access(path, F_OK) != 0 &&
            access(plain, F_OK) == 0)
            meant = plain;
        fault = place_resolve_path(meant, canonical);
    }
    free(path);
    free(plain);
    return fault;
}

enum fault place_resolve(const char *rest, char *canonical)
{
    return resolve("", rest, canonical);
}

bool place_home(char *home)
{
    const char *value = getenv("HOME");
    struct passwd entry, *user = NULL;
    char room[PASSWD_MAX];

    if ((value == NULL || value[0] != '/') &&
        getpwuid_r(getuid(), &entry, room, sizeof room, &user) == 0 &&
        user != NULL)
        value = user->pw_dir;
    return value != NULL && value[0] == '/' &&
           snprintf(home, LOCATION_MAX, "%s", value) < LOCATION_MAX;
}

enum fault place_resolve_local(const char *rest, char *canonical)
{
    const char *data = getenv("XDG_DATA_HOME");
    char home[LOCATION_MAX];
    enum fault fault = FAULT_LOCATION;
    char *head = NULL;
    int size;

    if (data != NULL && data[0] == '/')
        size = asprintf(&head, "%s/kep/containers/", data);
    else if (place_home(home))
        size = asprintf(&head, "%s/.local/share/kep/containers/", home);
    else
        return fault;
    if (size < 0)
        return FAULT_MEMORY;
    fault = resolve(head, rest, canonical);
    free(head);
    return fault;
}

enum fault place_path(const char *canonical, char *path)
{
    if (strncmp(canonical, word, WORD) != 0 || canonical[WORD] != '/' ||
        strnlen(canonical, LOCATION_MAX) == LOCATION_MAX)
        return FAULT_LOCATION;
    escape_undo(canonical + WORD, path);
    return FAULT_NONE;
}

enum fault place_join(const char *location, const char *folder, char *where)
{
    const size_t size = strnlen(location, LOCATION_MAX);

    if (size == LOCATION_MAX)
        return FAULT_TOO_LARGE;
    memcpy(where, location, size + 1);
    return append_name(where, folder, strlen(folder));
}

static bool is_local(const char *path)
{
    char local[LOCATION_MAX], own[LOCATION_MAX];

    return place_resolve_local("", local) == FAULT_NONE &&
           place_path(local, own) == FAULT_NONE && strcmp(own, path) == 0;
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
