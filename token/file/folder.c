#include "token/file/folder.h"

#include "token/file/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum fault read_file(int folder, enum container_file file,
                            struct container_files *files)
{
    uint8_t *room;
    size_t size;
    int fd;
    enum fault fault =
        disk_open_file(folder, container_files_name(file), &fd, &size);

    if (fault != FAULT_NONE)
        return fault;
    fault = container_files_room(files, file, size, &room);
    if (fault == FAULT_NONE)
        fault = disk_read(fd, room, size);
    if (fault != FAULT_NONE)
        container_files_drop(files, file);
    close(fd);
    return fault;
}

static enum fault read_some(int fd, const bool wanted[CONTAINER_FILE_COUNT],
                            struct container_files **files)
{
    enum fault fault = container_files_new(files);

    for (enum container_file file = 0;
         file < CONTAINER_FILE_COUNT && fault == FAULT_NONE; file++) {
        const enum fault one =
            wanted[file] ? read_file(fd, file, *files) : FAULT_NOT_FOUND;

        (*files)->fault[file] = one;
        if (one == FAULT_MEMORY)
            fault = one;
        else if (one == FAULT_NONE)
            continue;
        else if (file == CONTAINER_HEADER)
            fault = one == FAULT_NOT_FOUND ? FAULT_NOT_CONTAINER : one;
        else if (one != FAULT_NOT_FOUND && file != CONTAINER_NAME)
            (*files)->unread = one;
    }
    if (fault != FAULT_NONE)
        container_files_free(files);
    return fault;
}

enum fault folder_read(int fd, struct container_files **files)
{
    static const bool all[CONTAINER_FILE_COUNT] = {
        [CONTAINER_HEADER] = true, [CONTAINER_NAME] = true,
        [CONTAINER_MASKS] = true,  [CONTAINER_PRIMARY] = true,
        [CONTAINER_MASKS2] = true, [CONTAINER_PRIMARY2] = true};

    return read_some(fd, all, files);
}

enum fault folder_look(int fd, struct container_files **files)
{
    static const bool open[CONTAINER_FILE_COUNT] = {
        [CONTAINER_HEADER] = true, [CONTAINER_NAME] = true};

    return read_some(fd, open, files);
}

static enum fault write_files(int folder, const struct container_files *files)
{
    enum fault fault = FAULT_NONE;
    int fd[CONTAINER_FILE_COUNT];
    size_t made = 0;

    for (enum container_file file = 0;
         file < CONTAINER_FILE_COUNT && fault == FAULT_NONE; file++) {
        struct der data = container_files_at(files, file);

        if (data.left == 0)
            continue;
        fault = disk_create(folder, container_files_name(file), data.at,
                            data.left, &fd[made]);
        if (fault == FAULT_NONE)
            made++;
    }
    while (made-- > 0) {
        const enum fault one = disk_finish(fd[made]);

        fault = fault == FAULT_NONE ? one : fault;
    }
    return fault == FAULT_NONE ? disk_flush_folder(folder) : fault;
}

static enum fault verify(int folder, const struct container_files *files,
                         folder_check *check, const void *context)
{
    struct container_files *back = NULL;
    enum fault fault = folder_read(folder, &back);

    if (fault != FAULT_NONE)
        return fault;
    fault =
        container_files_equal(files, back) ? check(context, back) : FAULT_IO;
    container_files_free(&back);
    return fault;
}

/* Best effort; the header first, so that what stays is no container. */
static void clear(int at, const char *name, int folder)
{
    (void)unlinkat(folder, container_files_name(CONTAINER_HEADER), 0);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        (void)unlinkat(folder, container_files_name(file), 0);
    (void)unlinkat(at, name, AT_REMOVEDIR);
}

/* Give it its name, durably, or take it back. */
static enum fault publish(int at, const char *hidden, const char *name)
{
    enum fault fault = disk_rename_new(at, hidden, name);

    if (fault != FAULT_NONE)
        return fault;
    fault = disk_flush_folder(at);
    if (fault != FAULT_NONE)
        (void)renameat(at, name, at, hidden);
    return fault;
}

/* What is not finished has a name that is told from its own: a run that is
 * killed leaves it there, and the next one finds it and takes it away. */
static enum fault hidden_name(const char *name, char hidden[NAME_MAX + 1])
{
    const int size = snprintf(hidden, NAME_MAX + 1, ".kep-%s", name);

    return size > 0 && size <= NAME_MAX ? FAULT_NONE : FAULT_TOO_LARGE;
}

static void take_away(int at, const char *hidden)
{
    int folder = -1;

    if (disk_open_folder(at, hidden, &folder) != FAULT_NONE)
        return;
    clear(at, hidden, folder);
    close(folder);
}

static enum fault make_hidden(int at, const char *hidden, int *folder)
{
    enum fault fault;

    take_away(at, hidden);
    if (mkdirat(at, hidden, 0700) != 0)
        return disk_fault(errno);
    fault = disk_open_folder(at, hidden, folder);
    if (fault != FAULT_NONE)
        (void)unlinkat(at, hidden, AT_REMOVEDIR);
    return fault;
}

bool folder_is_container(int fd)
{
    struct stat stat;

    return fstatat(fd, container_files_name(CONTAINER_HEADER), &stat,
                   AT_SYMLINK_NOFOLLOW) == 0;
}

enum fault folder_create(int at, const char *name,
                         const struct container_files *files,
                         folder_check *check, const void *context)
{
    char hidden[NAME_MAX + 1];
    enum fault fault = hidden_name(name, hidden);
    struct stat stat;
    int folder = -1;

    if (fault != FAULT_NONE)
        return fault;
    if (fstatat(at, name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
        return FAULT_EXISTS;
    if (folder_is_container(at))
        return FAULT_LOCATION;
    fault = make_hidden(at, hidden, &folder);
    if (fault != FAULT_NONE)
        return fault;
    fault = write_files(folder, files);
    if (fault == FAULT_NONE)
        fault = verify(folder, files, check, context);
    if (fault == FAULT_NONE)
        fault = publish(at, hidden, name);
    if (fault != FAULT_NONE)
        clear(at, hidden, folder);
    close(folder);
    return fault;
}

/* Whether the file holds exactly this. */
static enum fault compare(int folder, const char *name, const void *data,
                          size_t size)
{
    enum fault fault = FAULT_IO;
    uint8_t *back = NULL;
    size_t found;
    int fd;

    fault = disk_open_file(folder, name, &fd, &found);
    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_IO;
    if (found != size)
        goto out;
    back = calloc(1, size + 1);
    if (back == NULL) {
        fault = FAULT_MEMORY;
        goto out;
    }
    fault = disk_read(fd, back, size);
    if (fault == FAULT_NONE && memcmp(back, data, size) != 0)
        fault = FAULT_IO;
    sodium_memzero(back, size);
out:
    free(back);
    close(fd);
    return fault;
}

enum fault folder_replace(int fd, enum container_file file, const void *data,
                          size_t size)
{
    char hidden[NAME_MAX + 1];
    enum fault fault = hidden_name(container_files_name(file), hidden);

    if (fault != FAULT_NONE)
        return fault;
    (void)unlinkat(fd, hidden, 0); /* of a run that was killed */
    fault = disk_write(fd, hidden, data, size);
    if (fault == FAULT_NONE)
        fault = compare(fd, hidden, data, size);
    if (fault == FAULT_NONE &&
        renameat(fd, hidden, fd, container_files_name(file)) != 0)
        fault = disk_fault(errno);
    if (fault != FAULT_NONE) {
        (void)unlinkat(fd, hidden, 0);
        return fault;
    }
    return disk_flush_folder(fd);
}
