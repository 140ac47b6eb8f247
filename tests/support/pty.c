#include "tests/support/pty.h"

#include "client/signals.h"
#include "client/text.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A loaded machine is no failure. */
enum { PATIENCE = 120000 /* ms */ };

const char *pty_terminal = "xterm";

/* What a shell ignores for what it starts in the background. */
static const int asking[] = {SIGINT, SIGQUIT, SIGHUP};

static void run(struct pty *pty, int (*body)(struct screen *, void *),
                void *data)
{
    const struct screen_settings settings = {0};
    struct screen *screen;
    int status = 77;

    signal(SIGSEGV, SIG_DFL); /* cmocka goes on after one */
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        signal(asking[i], SIG_DFL);
    close(pty->master);
    setsid();
    ioctl(pty->slave, TIOCSCTTY, 0);
    for (int fd = 0; fd < 3; fd++)
        dup2(pty->slave, fd);
    close(pty->slave);
    setenv("TERM", pty_terminal, 1);
    if (signals_start() == 0)
        screen = screen_new(&settings);
    else
        screen = NULL;
    if (screen != NULL) {
        status = body(screen, data);
        screen_free(&screen);
    }
    _exit(signals_status(status));
}

void pty_start(struct pty *pty, int (*body)(struct screen *, void *),
               void *data)
{
    pty_start_wide(pty, 80, body, data);
}

void pty_start_wide(struct pty *pty, unsigned columns,
                    int (*body)(struct screen *, void *), void *data)
{
    struct winsize window = {.ws_row = 24, .ws_col = (unsigned short)columns};

    memset(pty, 0, sizeof(*pty));
    if (openpty(&pty->master, &pty->slave, NULL, NULL, &window) != 0)
        abort();
    tcgetattr(pty->slave, &pty->before);
    pty->child = fork();
    if (pty->child < 0)
        abort();
    if (pty->child == 0)
        run(pty, body, data);
}

void pty_type(struct pty *pty, const char *text)
{
    size_t size = strlen(text);

    while (size > 0) {
        ssize_t done = write(pty->master, text, size);

        if (done < 0)
            return;
        text += done;
        size -= (size_t)done;
    }
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* What comes until then; false when that moment is over. */
static bool listen_once(struct pty *pty, int64_t until)
{
    struct pollfd wait = {.fd = pty->master, .events = POLLIN};
    int64_t left = until - now();
    ssize_t got;

    if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
        return false;
    got = read(pty->master, pty->shown + pty->size,
               sizeof(pty->shown) - 1 - pty->size);
    if (got > 0)
        pty->size += (size_t)got;
    return got > 0;
}

bool pty_expect(struct pty *pty, const char *text)
{
    int64_t until = now() + PATIENCE;

    for (;;) {
        const char *found = strstr(pty->shown + pty->seen, text);

        if (found != NULL) {
            pty->seen = (size_t)(found - pty->shown) + strlen(text);
            return true;
        }
        if (!listen_once(pty, until))
            return false;
    }
}

void pty_listen(struct pty *pty, int milliseconds)
{
    int64_t until = now() + milliseconds;

    while (listen_once(pty, until)) {
        /* all of it */
    }
}

void pty_hang_up(struct pty *pty)
{
    close(pty->slave);
    close(pty->master);
    pty->slave = pty->master = -1;
}

int pty_wait(struct pty *pty)
{
    int64_t until = now() + PATIENCE;
    int status = 0;

    while (waitpid(pty->child, &status, WNOHANG) == 0) {
        if (now() > until)
            kill(pty->child, SIGKILL);
        if (pty->master >= 0)
            pty_listen(pty, 10);
        else
            usleep(10000);
    }
    pty->child = 0;
    if (pty->master >= 0)
        pty_listen(pty, 10);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool pty_is_restored(const struct pty *pty)
{
    struct termios after;

    return tcgetattr(pty->slave, &after) == 0 &&
           after.c_lflag == pty->before.c_lflag &&
           after.c_iflag == pty->before.c_iflag &&
           after.c_oflag == pty->before.c_oflag &&
           memcmp(after.c_cc, pty->before.c_cc, sizeof(after.c_cc)) == 0;
}

void pty_end(struct pty *pty)
{
    if (pty->child > 0) {
        kill(pty->child, SIGKILL);
        pty_wait(pty);
    }
    if (pty->master >= 0)
        pty_hang_up(pty);
}
