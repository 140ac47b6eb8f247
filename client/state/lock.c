#include "client/state/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static long read_holder(int fd)
{
    char text[24] = "";
    ssize_t size = pread(fd, text, sizeof(text) - 1, 0);

    return size > 0 ? strtol(text, NULL, 10) : 0;
}

/* Who holds it is for people only: a failure here is none. */
static void write_holder(int fd)
{
    char text[24];
    int size = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) != size)
        return;
}

enum outcome lock_take(const char *path, int *fd, long *holder)
{
    int got = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    *fd = -1;
    *holder = 0;
    if (got < 0)
        return OUTCOME_STATE_UNWRITABLE;
    if (flock(got, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;

        *holder = read_holder(got);
        close(got);
        return error == EWOULDBLOCK ? OUTCOME_LOCKED : OUTCOME_STATE_UNWRITABLE;
    }
    write_holder(got);
    *fd = got;
    return OUTCOME_DONE;
}
