#include "tests/support/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Each waits for the end of a pipe that has one writer. */
static int wait_and_act(const int *gate, int (*act)(const void *data),
                        const void *data)
{
    char nothing;

    close(gate[1]);
    if (read(gate[0], &nothing, 1) != 0)
        return 1;
    return act(data);
}

int crowd(int count, int (*act)(const void *data), const void *data)
{
    int gate[2], status, first = 0;

    assert_int_equal(pipe(gate), 0);
    fflush(NULL);
    for (int i = 0; i < count; i++) {
        pid_t child = fork();

        if (child == 0)
            _exit(wait_and_act(gate, act, data));
        assert_true(child > 0);
    }
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < count; i++) {
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status));
        if (first == 0)
            first = WEXITSTATUS(status);
    }
    return first;
}
