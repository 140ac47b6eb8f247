/* Signals that ask the program to end: SIGINT, SIGTERM, SIGHUP, SIGQUIT.
 *
 * The first one only sets a flag, wakes whoever waits and calls a hook; the
 * program then ends in order. The third SIGINT ends it at once. */
#ifndef CLIENT_SIGNALS_H
#define CLIENT_SIGNALS_H

#include <stdbool.h>

/* Installs the handlers and ignores SIGPIPE. A signal that was ignored when
 * the program started (nohup) stays ignored. 0 or -1 with errno. */
int signals_start(void);

/* Called from the handler: may do only what is async-signal-safe. cancel, at
 * the first signal (api_cancel); leave, when the program ends at once (the
 * terminal's modes). NULL: nothing. */
void signals_on_cancel(void (*cancel)(void));
void signals_on_leave(void (*leave)(void));

/* The signal that asked the program to end, 0 for none. */
int signals_pending(void);

/* A descriptor that is readable from the first signal on, for poll. Nobody
 * reads it. -1 before signals_start. */
int signals_fd(void);

/* Sleeps so many milliseconds or until a signal; true when it slept out. */
bool signals_sleep(unsigned milliseconds);

/* Last thing in main: after a signal, dies of that signal, so that a calling
 * shell sees it; else returns status. */
int signals_status(int status);

#endif
