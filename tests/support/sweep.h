/* Every command of an operation on a virtual token goes wrong in turn, in
 * every way that there is; each time on a token of its own, in the first
 * reader of tests/support/rack.h. */
#ifndef TESTS_SUPPORT_SWEEP_H
#define TESTS_SUPPORT_SWEEP_H

#include "keygen/fault.h"
#include "tests/vtoken/vtoken.h"

#include <stdbool.h>
#include <stddef.h>

#define SWEEP_PIN "qwerty-1234" /* the one that an operation may put in */

struct sweep_operation {
    const char *what;
    enum fault (*act)(void);
    /* In good order again, after that fault or after none: what must hold. */
    void (*check)(enum fault fault);
    bool slow; /* the gravest faults, on an ECP, will do */
};

struct sweep {
    const struct sweep_operation *operations;
    size_t count;
    void (*prepare)(void); /* put onto the token what the operations find */
    void (*always)(void);  /* what must hold behind each of them */
};

/* The token that is in. */
struct vtoken *sweep_token(void);

/* After each fault everything must be closed, nobody logged in, check and
 * always hold, the operation succeed when it is done again (or find nothing
 * to do), and no try of the PIN be lost. */
void sweep_run(const struct sweep *sweep, enum vtoken_dialect dialect);

/* A teardown: says where a test failed. */
int sweep_tell(void **state);

#endif
