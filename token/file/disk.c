#include "token/file/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct {
    int number;
    enum fault fault;
} faults[] = {
    {ENOENT, FAULT_NOT_FOUND},
    {ENOTDIR, FAULT_NOT_FOUND},
    {ELOOP, FAULT_NOT_FOUND},
    {EEXIST, FAULT_EXISTS},
    {ENOTEMPTY, FAULT_EXISTS},
    {EACCES, FAULT_NO_ACCESS},
    {EPERM, FAULT_NO_ACCESS},
    {EROFS, FAULT_READ_ONLY},
    {ENOSPC, FAULT_FULL},
    {EDQUOT, FAULT_FULL},
    {EFBIG, FAULT_FULL},
    {ENOMEM, FAULT_MEMORY},
    {ENAMETOOLONG, FAULT_TOO_LARGE},
};

enum fault disk_fault(int number)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].number == number)
            return faults[i].fault;
    return FAULT_IO;
}

static int open_again(int at, const char *name, int flags)
{
    int fd;

    do {
        fd = openat(at, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

/* To look writes nothing to the medium, not even when it was looked at; who is
 * not the owner may not ask for that. */
static int open_to_read(int at, const char *name, int flags)
{
    int fd = open_again(at, name, O_RDONLY | O_NOATIME | flags);

    if (fd < 0 && errno == EPERM)
        fd = open_again(at, name, O_RDONLY | flags);
    return fd;
}

enum fault disk_open_folder(int at, const char *name, int *fd)
{
    *fd = open_to_read(at, name, O_DIRECTORY);
    return *fd < 0 ? disk_fault(errno) : FAULT_NONE;
}

enum fault disk_open_file(int at, const char *name, int *fd, size_t *size)
{
    struct stat stat;
    enum fault fault = FAULT_NOT_FOUND;

    /* A FIFO must not make the opening wait for somebody. */
    *fd = open_to_read(at, name, O_NONBLOCK);
    if (*fd < 0)
        return disk_fault(errno);
    if (fstat(*fd, &stat) != 0) {
        fault = disk_fault(errno);
        goto out;
    }
    if (!S_ISREG(stat.st_mode))
        goto out;
    *size = (size_t)stat.st_size;
    return FAULT_NONE;
out:
    close(*fd);
    *fd = -1;
    return fault;
}

enum fault disk_read(int fd, uint8_t *data, size_t size)
{
    size_t done = 0;
    ssize_t got;

    do {
        uint8_t more; /* asked for at once: it tells where the file ends */
        struct iovec parts[] = {{data + done, size - done}, {&more, 1}};

        got = readv(fd, parts, 2);
        if (got < 0 && errno != EINTR)
            return disk_fault(errno);
        if (got > 0)
            done += (size_t)got;
    } while (got < 0 || (got > 0 && done < size));
    return done == size ? FAULT_NONE : FAULT_IO;
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, data, size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        data += put;
        size -= (size_t)put;
    }
    return 0;
}

static int flush(int fd)
{
    int failed;

    do {
        failed = fsync(fd);
    } while (failed != 0 && errno == EINTR);
    return failed;
}

enum fault disk_create(int at, const char *name, const void *data, size_t size,
                       int *fd)
{
    enum fault fault;

    *fd = open_again(at, name, O_WRONLY | O_CREAT | O_EXCL);
    if (*fd < 0)
        return disk_fault(errno);
    if (write_all(*fd, data, size) == 0) {
        /* On its way while the next is made: then one commit of the file
         * system is for all of them. A hint; disk_finish waits. */
        (void)sync_file_range(*fd, 0, 0, SYNC_FILE_RANGE_WRITE);
        return FAULT_NONE;
    }
    fault = disk_fault(errno);
    close(*fd);
    *fd = -1;
    return fault;
}

enum fault disk_finish(int fd)
{
    enum fault fault = FAULT_NONE;

    if (flush(fd) != 0) {
        fault = disk_fault(errno);
    } else {
        /* Not what is remembered; and it is on its way from the medium while
         * the others are flushed. Hints, both. */
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED);
    }
    if (close(fd) != 0 && fault == FAULT_NONE && errno != EINTR)
        fault = disk_fault(errno);
    return fault;
}

enum fault disk_write(int at, const char *name, const void *data, size_t size)
{
    int fd;
    enum fault fault = disk_create(at, name, data, size, &fd);

    return fault == FAULT_NONE ? disk_finish(fd) : fault;
}

enum fault disk_flush_folder(int fd)
{
    if (flush(fd) == 0 || errno == EINVAL || errno == EOPNOTSUPP)
        return FAULT_NONE;
    return disk_fault(errno);
}

enum fault disk_rename_new(int at, const char *from, const char *to)
{
    struct stat stat;

    if (renameat2(at, from, at, to, RENAME_NOREPLACE) == 0)
        return FAULT_NONE;
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return disk_fault(errno);
    /* A file system without that flag. Between the look and the act only an
     * empty folder could be replaced. */
    if (fstatat(at, to, &stat, AT_SYMLINK_NOFOLLOW) == 0)
        return FAULT_EXISTS;
    if (errno != ENOENT || renameat(at, from, at, to) != 0)
        return disk_fault(errno);
    return FAULT_NONE;
}

void disk_hidden_name(char name[DISK_HIDDEN_NAME])
{
    unsigned long long random;

    randombytes_buf(&random, sizeof random);
    (void)snprintf(name, DISK_HIDDEN_NAME, ".kep-%016llx", random);
}
