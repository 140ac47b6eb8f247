#include "token/sealed/sealed_file.h"

#include "token/file/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that a path is in, opened, and its last name. Links on the way
 * are the person's own. */
static enum fault open_parent(const char *path, int *folder, const char **name)
{
    const char *slash = strrchr(path, '/');
    char *parent;

    *folder = -1;
    *name = slash != NULL ? slash + 1 : path;
    if (**name == '\0' || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
        return FAULT_EXISTS; /* a folder */
    parent = slash == NULL   ? strdup(".")
             : slash == path ? strdup("/")
                             : strndup(path, (size_t)(slash - path));
    if (parent == NULL)
        return FAULT_MEMORY;
    do
        *folder = openat(AT_FDCWD, parent,
                         O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOCTTY);
    while (*folder < 0 && errno == EINTR);
    free(parent);
    return *folder < 0 ? disk_fault(errno) : FAULT_NONE;
}

static enum fault look(int folder, const char *name, bool overwrite)
{
    struct stat stat;

    if (fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? FAULT_NONE : disk_fault(errno);
    return overwrite && S_ISREG(stat.st_mode) ? FAULT_NONE : FAULT_EXISTS;
}

static enum fault read_back(int folder, const char *name, const uint8_t *data,
                            size_t size, sealed_file_check *check,
                            void *context)
{
    uint8_t *back = NULL;
    size_t found;
    int fd;
    enum fault fault = disk_open_file(folder, name, &fd, &found);

    if (fault != FAULT_NONE)
        return fault;
    back = calloc(1, size + 1);
    if (back == NULL)
        fault = FAULT_MEMORY;
    else if (found != size)
        fault = FAULT_IO;
    else
        fault = disk_read(fd, back, size);
    if (fault == FAULT_NONE && memcmp(back, data, size) != 0)
        fault = FAULT_IO;
    if (fault == FAULT_NONE)
        fault = check(context, back, size);
    free(back);
    close(fd);
    return fault;
}

/* Give it its name; a new one is taken back where that does not last. */
static enum fault publish(int folder, const char *hidden, const char *name,
                          bool overwrite)
{
    enum fault fault = FAULT_NONE;

    if (!overwrite)
        fault = disk_rename_new(folder, hidden, name);
    else if (renameat(folder, hidden, folder, name) != 0)
        fault = disk_fault(errno);
    if (fault != FAULT_NONE)
        return fault;
    fault = disk_flush_folder(folder);
    if (fault != FAULT_NONE && !overwrite)
        (void)renameat(folder, name, folder, hidden);
    return fault;
}

enum fault sealed_file_write(const char *path, const uint8_t *data, size_t size,
                             bool overwrite, sealed_file_check *check,
                             void *context)
{
    char hidden[DISK_HIDDEN_NAME];
    const char *name;
    int folder;
    enum fault fault = open_parent(path, &folder, &name);

    if (fault == FAULT_NONE)
        fault = look(folder, name, overwrite);
    if (fault != FAULT_NONE)
        goto out;
    disk_hidden_name(hidden);
    fault = disk_write(folder, hidden, data, size);
    if (fault == FAULT_NONE)
        fault = read_back(folder, hidden, data, size, check, context);
    if (fault == FAULT_NONE)
        fault = publish(folder, hidden, name, overwrite);
    if (fault != FAULT_NONE)
        (void)unlinkat(folder, hidden, 0);
out:
    if (folder >= 0)
        close(folder);
    return fault;
}
