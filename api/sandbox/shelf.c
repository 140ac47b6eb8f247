#include "api/sandbox/shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 64 + sizeof ".new" };

/* What a system call's failure is called here. */
static enum fault failed(void)
{
    static const struct {
        int number;
        enum fault fault;
    } rows[] = {
        {ENOENT, FAULT_NOT_FOUND}, {EACCES, FAULT_NO_ACCESS},
        {EPERM, FAULT_NO_ACCESS},  {EROFS, FAULT_READ_ONLY},
        {ENOSPC, FAULT_FULL},      {EDQUOT, FAULT_FULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].number == errno)
            return rows[i].fault;
    return FAULT_IO;
}

enum fault shelf_open(int parent, const char *name, int *folder)
{
    if (mkdirat(parent, name, 0700) != 0 && errno != EEXIST)
        return failed();
    *folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *folder < 0 ? failed() : FAULT_NONE;
}

static enum fault read_all(int file, struct bytes *out)
{
    uint8_t chunk[4096];

    for (;;) {
        ssize_t got = read(file, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed();
        if (got == 0)
            return FAULT_NONE;
        bytes_put(out, chunk, (size_t)got);
        if (out->failed)
            return FAULT_TOO_LARGE;
    }
}

enum fault shelf_read(int folder, const char *name, struct bytes *out)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    enum fault fault;

    if (file < 0)
        return failed();
    fault = read_all(file, out);
    close(file);
    return fault;
}

static enum fault write_all(int file, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(file, data, size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return failed();
        data += put;
        size -= (size_t)put;
    }
    return fsync(file) == 0 ? FAULT_NONE : failed();
}

static enum fault write_new(int folder, const char *name, const void *data,
                            size_t size, mode_t mode)
{
    enum fault fault;
    int file;

    /* A rest of a run that was cut off may have other rights. */
    if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
        return failed();
    file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0)
        return failed();
    fault = write_all(file, data, size);
    if (close(file) != 0 && fault == FAULT_NONE)
        fault = failed();
    return fault;
}

enum fault shelf_replace(int folder, const char *name, const void *data,
                         size_t size, mode_t mode)
{
    char new_name[NAME_SIZE];
    enum fault fault;
    int length = snprintf(new_name, sizeof new_name, "%s.new", name);

    if (length < 0 || (size_t)length >= sizeof new_name)
        return FAULT_TOO_LARGE;
    fault = write_new(folder, new_name, data, size, mode);
    if (fault == FAULT_NONE && renameat(folder, new_name, folder, name) != 0)
        fault = failed();
    if (fault == FAULT_NONE && fsync(folder) != 0)
        fault = failed();
    if (fault != FAULT_NONE)
        unlinkat(folder, new_name, 0);
    return fault;
}

enum fault shelf_lock(int folder, const char *name, int *lock)
{
    *lock =
        openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*lock < 0)
        return failed();
    /* Of the open file, not of the process: threads exclude each other too. */
    while (flock(*lock, LOCK_EX) != 0)
        if (errno != EINTR) {
            enum fault fault = failed();

            close(*lock);
            *lock = -1;
            return fault;
        }
    return FAULT_NONE;
}
