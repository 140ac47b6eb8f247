#include "client/state/paths.h"

#include "token/file/place.h"
#include "token/medium.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *variable;
    const char *below_home;
} roots[] = {
    [PATHS_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
    [PATHS_STATE] = {"XDG_STATE_HOME", ".local/state"},
    [PATHS_DATA] = {"XDG_DATA_HOME", ".local/share"},
};

int paths_of(enum paths_root root, const char *name, char *path)
{
    const char *base = getenv(roots[root].variable);
    char home[LOCATION_MAX];
    int size;

    /* The specification says to ignore a relative path. */
    if (base != NULL && base[0] == '/') {
        size = snprintf(path, PATHS_MAX, "%s/kep/%s", base, name);
    } else {
        if (!place_home(home))
            return -1;
        size = snprintf(path, PATHS_MAX, "%s/%s/kep/%s", home,
                        roots[root].below_home, name);
    }
    return size > 0 && size < PATHS_MAX ? 0 : -1;
}

int paths_flush(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), done;

    if (fd < 0)
        return -1;
    done = fsync(fd);
    close(fd);
    return done;
}

/* Slashes at its end belong to the name. */
static int flush_folder_of(const char *path)
{
    char folder[PATHS_MAX];
    size_t size = strlen(path);

    while (size > 1 && path[size - 1] == '/')
        size--;
    while (size > 0 && path[size - 1] != '/')
        size--;
    snprintf(folder, sizeof(folder), "%.*s", (int)size, path);
    return paths_flush(size > 0 ? folder : ".");
}

/* A folder whose name is lost takes what is in it along, however flushed. */
static int make_one(const char *path)
{
    if (mkdir(path, 0700) == 0)
        return flush_folder_of(path);
    return errno == EEXIST ? 0 : -1;
}

int paths_make(const char *folder)
{
    char path[PATHS_MAX];
    size_t size = strlen(folder);

    if (size >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path, folder, size + 1);
    /* As nearly always: one call instead of one a name. */
    if (make_one(path) == 0)
        return 0;
    if (errno != ENOENT)
        return -1;
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (make_one(path) != 0)
            return -1;
        if (slash == NULL)
            return 0;
        *slash = '/';
    }
}

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        data += n;
        size -= (size_t)n;
    }
    return fsync(fd);
}

int paths_put(const char *path, const void *data, size_t size)
{
    char temporary[PATHS_MAX];
    int fd, done, error;

    if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
        (int)sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return -1;
    done = write_all(fd, data, size);
    if (close(fd) != 0)
        done = -1;
    if (done == 0 && rename(temporary, path) == 0)
        return 0;
    error = errno;
    unlink(temporary);
    errno = error;
    return -1;
}

int paths_write(const char *path, const void *data, size_t size)
{
    return paths_put(path, data, size) == 0 ? flush_folder_of(path) : -1;
}

static char *read_all(int fd, size_t max, size_t *size)
{
    struct stat about;
    char *data;
    size_t got = 0;

    if (fstat(fd, &about) != 0)
        return NULL;
    if (!S_ISREG(about.st_mode) || about.st_size < 0 ||
        (size_t)about.st_size > max) {
        errno = S_ISREG(about.st_mode) ? EFBIG : EINVAL;
        return NULL;
    }
    data = calloc(1, (size_t)about.st_size + 1);
    while (data != NULL && got < (size_t)about.st_size) {
        ssize_t n = read(fd, data + got, (size_t)about.st_size - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    *size = got;
    return data;
}

char *paths_read(const char *path, size_t max, size_t *size)
{
    /* O_NONBLOCK: a FIFO in a file's place must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *data;
    int error;

    if (fd < 0)
        return NULL;
    data = read_all(fd, max, size);
    error = errno;
    close(fd);
    errno = error;
    return data;
}

int paths_check_folder(const char *folder)
{
    char path[PATHS_MAX];
    const char *there = path;
    struct stat about;

    if (snprintf(path, sizeof(path), "%s", folder) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    /* Or the nearest of those above it: the root is always there. */
    while (stat(there, &about) != 0) {
        if (errno != ENOENT)
            return -1;
        there = dirname(path);
    }
    if (S_ISDIR(about.st_mode))
        return access(there, W_OK | X_OK);
    errno = ENOTDIR;
    return -1;
}

int paths_check_file(const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0 || access(path, R_OK) != 0)
        return -1;
    if (!S_ISDIR(about.st_mode))
        return 0;
    errno = EISDIR;
    return -1;
}
