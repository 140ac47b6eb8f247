#include "tests/support/run.h"

#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

static void read_all(int from, struct bytes *output)
{
    char part[4096];
    ssize_t got;

    while ((got = read(from, part, sizeof part)) > 0)
        bytes_put(output, part, (size_t)got);
    bytes_put_byte(output, '\0');
}

int run(struct bytes *output, const char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    int ends[2], status = -1;
    pid_t child;

    assert_int_equal(setenv("OPENSSL_CONF", "tests/support/openssl.cnf", 1), 0);
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    /* The cast adds no write: posix_spawnp takes char *const for history. */
    assert_int_equal(posix_spawnp(&child, arguments[0], &actions, NULL,
                                  (char *const *)(uintptr_t)arguments, environ),
                     0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    read_all(ends[0], output);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
