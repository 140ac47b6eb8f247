#include "tests/support/strike.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct strike strike;

void strike_none(void)
{
    strike = (struct strike){0};
}

bool strike_kill(enum fault (*act)(void), int n)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0) {
        strike.killed = true;
        strike.left = n;
        _exit(act() == FAULT_NONE ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return true;
    }
    assert_true(WEXITSTATUS(status) <= 1);
    return false;
}

static bool strikes(int *left)
{
    if (*left == 0 || --*left > 0)
        return false;
    if (strike.killed)
        raise(SIGKILL);
    strike.happened = true;
    errno = strike.number;
    return true;
}

/* The real one is weak, for most tests wrap nothing and have none. */
#define WRAP(type, name, counter, parameters, arguments, failure)              \
    type __real_##name parameters __attribute__((weak));                       \
    type __wrap_##name parameters;                                             \
    type __wrap_##name parameters                                              \
    {                                                                          \
        return strikes(&strike.counter) ? (failure) : __real_##name arguments; \
    }

WRAP(ssize_t, write, left, (int fd, const void *data, size_t size),
     (fd, data, size), -1)
WRAP(ssize_t, readv, left, (int fd, const struct iovec *parts, int count),
     (fd, parts, count), -1)
WRAP(int, fstat, left, (int fd, struct stat *status), (fd, status), -1)
WRAP(int, mkdirat, left, (int at, const char *name, mode_t mode),
     (at, name, mode), -1)
WRAP(int, renameat, left, (int at, const char *from, int to_at, const char *to),
     (at, from, to_at, to), -1)
WRAP(void *, calloc, memory, (size_t count, size_t size), (count, size), NULL)
WRAP(void *, secret_new, memory, (size_t size), (size), NULL)

int __real_close(int fd) __attribute__((weak));
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    const bool fails = strikes(&strike.left);
    const int number = errno, closed = __real_close(fd);

    errno = fails ? number : errno;
    return fails ? -1 : closed; /* as Linux does: closed all the same */
}

int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    (void)fd;
    return strikes(&strike.left) ? -1 : 0;
}

int __real_openat(int at, const char *name, int flags, ...)
    __attribute__((weak));
int __wrap_openat(int at, const char *name, int flags, ...);
int __wrap_openat(int at, const char *name, int flags, ...)
{
    return strikes(&strike.left) ? -1 : __real_openat(at, name, flags, 0600);
}

int __real_renameat2(int at, const char *from, int to_at, const char *to,
                     unsigned flags) __attribute__((weak));
int __wrap_renameat2(int at, const char *from, int to_at, const char *to,
                     unsigned flags);
int __wrap_renameat2(int at, const char *from, int to_at, const char *to,
                     unsigned flags)
{
    if (strikes(&strike.left))
        return -1;
    if (strike.old) {
        errno = EINVAL;
        return -1;
    }
    return __real_renameat2(at, from, to_at, to, flags);
}
