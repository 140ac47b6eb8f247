/* Calls that go wrong on purpose. A test that wants it lists the calls in its
 * .wrap file; of those this support knows:
 *
 *   system: write readv close fsync fstat openat mkdirat renameat renameat2
 *   memory: calloc secret_new
 *
 * fsync does nothing otherwise, for no test cuts the power. */
#ifndef TESTS_SUPPORT_STRIKE_H
#define TESTS_SUPPORT_STRIKE_H

#include "keygen/fault.h"

#include <stdbool.h>

extern struct strike {
    int left;      /* the n-th call of the system goes wrong; 0: none */
    int memory;    /* the n-th allocation; 0: none */
    int number;    /* errno of what goes wrong */
    bool killed;   /* instead the process is killed */
    bool old;      /* the file system knows no RENAME_NOREPLACE */
    bool happened; /* something went wrong */
} strike;

/* Nothing goes wrong any more. */
void strike_none(void);

/* Do it in a child that is killed before its n-th call; false where it came to
 * its end, well or badly. */
bool strike_kill(enum fault (*act)(void), int n);

#endif
