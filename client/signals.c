#include "client/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 3 }; /* so many SIGINT end the program at once */

typedef void hook(void);

/* Threads that no signal interrupts look at it, too. */
static atomic_int pending;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler of signals takes no lock");

static volatile sig_atomic_t interrupts;
static volatile sig_atomic_t wakes = -1;
static hook *volatile cancel_hook;
static hook *volatile leave_hook;

static const int asking[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

enum { FATALS = sizeof(fatal) / sizeof(*fatal) };

static struct sigaction before[FATALS];

static void leave_at_once(int number)
{
    if (leave_hook != NULL)
        leave_hook();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_asking(int number)
{
    const uint64_t one = 1;
    int kept = errno;

    if (number == SIGINT && ++interrupts >= PATIENCE)
        leave_at_once(number);
    if (pending == 0) {
        pending = number;
        if (cancel_hook != NULL)
            cancel_hook();
    }
    if (write(wakes, &one, sizeof(one)) < 0) {
        /* It is readable already, which is all that is wanted. */
    }
    errno = kept;
}

/* A crash must not leave a terminal that shows nothing of what is typed.
 * Whoever handled it before (a sanitizer) gets it next. */
static void on_fatal(int number)
{
    if (leave_hook != NULL)
        leave_hook();
    for (size_t i = 0; i < FATALS; i++) {
        if (fatal[i] == number)
            sigaction(number, &before[i], NULL);
    }
    raise(number);
}

/* SA_RESTART: libraries that know no EINTR are not disturbed; whoever waits
 * polls signals_fd. */
static int handle(int number, void (*handler)(int), struct sigaction *old)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigaction kept;

    if (sigaction(number, NULL, &kept) != 0)
        return -1;
    if (old != NULL)
        *old = kept;
    if (kept.sa_handler == SIG_IGN)
        return 0;
    return sigaction(number, &action, NULL);
}

int signals_start(void)
{
    if (wakes >= 0)
        return 0;
    wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wakes < 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return -1;
    for (size_t i = 0; i < sizeof(asking) / sizeof(*asking); i++) {
        if (handle(asking[i], on_asking, NULL) != 0)
            return -1;
    }
    for (size_t i = 0; i < FATALS; i++) {
        if (handle(fatal[i], on_fatal, &before[i]) != 0)
            return -1;
    }
    return 0;
}

void signals_on_cancel(void (*cancel)(void))
{
    cancel_hook = cancel;
}

void signals_on_leave(void (*leave)(void))
{
    leave_hook = leave;
}

int signals_pending(void)
{
    return pending;
}

int signals_fd(void)
{
    return wakes;
}

bool signals_sleep(unsigned milliseconds)
{
    struct pollfd wake = {.fd = wakes, .events = POLLIN};
    struct timespec start, now;
    int64_t left = milliseconds;

    clock_gettime(CLOCK_MONOTONIC, &start);
    while (pending == 0 && left > 0) {
        poll(&wake, 1, left > 60000 ? 60000 : (int)left);
        clock_gettime(CLOCK_MONOTONIC, &now);
        left = (int64_t)milliseconds - (now.tv_sec - start.tv_sec) * 1000 -
               (now.tv_nsec - start.tv_nsec) / 1000000;
    }
    return pending == 0;
}

int signals_status(int status)
{
    if (pending != 0)
        leave_at_once(pending);
    return status;
}
