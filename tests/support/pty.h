/* A pseudo terminal with a function of the test's running at it. */
#ifndef TESTS_SUPPORT_PTY_H
#define TESTS_SUPPORT_PTY_H

#include "client/screen/screen.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct pty {
    int master, slave; /* slave is kept open for a look at its modes */
    pid_t child;
    struct termios before;
    char shown[65536]; /* all that was written so far, NUL-terminated */
    size_t size, seen; /* pty_expect goes on behind seen */
};

/* What the child finds in TERM. */
extern const char *pty_terminal;

/* Runs body in a child of its own session, the terminal its stdin, stdout
 * and stderr, the handlers of client/signals.h installed; it exits with what
 * body returns, 77 where a screen could not be made. */
void pty_start(struct pty *pty, int (*body)(struct screen *, void *),
               void *data);

/* The same with so many columns. */
void pty_start_wide(struct pty *pty, unsigned columns,
                    int (*body)(struct screen *, void *), void *data);

void pty_type(struct pty *pty, const char *text);

/* Waits until text was written behind what was expected before; false after
 * two minutes. */
bool pty_expect(struct pty *pty, const char *text);

/* Waits so many milliseconds while reading. */
void pty_listen(struct pty *pty, int milliseconds);

/* Takes the terminal away from the child. */
void pty_hang_up(struct pty *pty);

/* The exit status, or 128 and the number of the signal it died of. */
int pty_wait(struct pty *pty);

/* The modes are what they were; only before pty_hang_up. */
bool pty_is_restored(const struct pty *pty);

void pty_end(struct pty *pty);

#endif
