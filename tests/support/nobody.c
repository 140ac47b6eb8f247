#include "tests/support/nobody.h"

#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65534, NOT_POSSIBLE = 98 };

int nobody_does(int (*body)(const void *), const void *data)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 &&
            (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) ||
             setresuid(NOBODY, NOBODY, NOBODY) != 0))
            _exit(NOT_POSSIBLE);
        _exit(body(data));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), NOT_POSSIBLE);
    return WEXITSTATUS(status);
}
