#include "client/screen/terminal.h"

#include "client/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Every movement (1003), reported in digits (1006). */
static const char mouse_on[] = "\033[?1003h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1003l";

static struct {
    struct termios usual;
    volatile sig_atomic_t fd; /* valid while changed */
    volatile sig_atomic_t changed;
    volatile sig_atomic_t mouse;
} state;

static const struct {
    tcflag_t on, off; /* of c_lflag */
    bool mouse;
} modes[] = {
    [TERMINAL_LINE] = {ICANON | ISIG | IEXTEN | ECHO | ECHOE | ECHOK, 0, false},
    [TERMINAL_SECRET] = {ICANON | ISIG | IEXTEN | ECHONL, ECHO, false},
    [TERMINAL_KEYS] = {ISIG, ICANON | ECHO | ECHONL | IEXTEN, false},
    [TERMINAL_RAW] = {0, ICANON | ECHO | ECHONL | IEXTEN | ISIG, true},
};

enum { STOPS_MAX = 100 };

/* So is one that is not the terminal we were started at. */
static bool is_in_front(int fd)
{
    const pid_t front = tcgetpgrp(fd);

    return front < 0 || front == getpgrp();
}

/* Whoever turns to the terminal from the background is stopped until it is
 * brought to the front. Left to the kernel, the call would begin anew after a
 * signal that ends the program, and stop it again: it could not be ended. Nor
 * is anybody stopped for ever who ignores that, or has no shell any more. */
static int come_to_front(int fd)
{
    for (int stops = 0; stops < STOPS_MAX && !is_in_front(fd); stops++) {
        if (signals_pending() != 0)
            return -1;
        kill(0, SIGTTOU);
    }
    return 0;
}

/* TCSANOW: a stopped terminal (Ctrl-S) must not hold the program up. */
static int set(int fd, const struct termios *termios)
{
    while (tcsetattr(fd, TCSANOW, termios) != 0) {
        if (errno != EINTR)
            return -1;
    }
    tcflush(fd, TCIFLUSH);
    return 0;
}

static bool knows_sequences(void)
{
    const char *name = getenv("TERM");

    return name != NULL && *name != '\0' && strcmp(name, "dumb") != 0;
}

int terminal_enter(int fd, enum terminal_mode mode)
{
    struct termios wanted;

    if (state.changed || come_to_front(fd) != 0 ||
        tcgetattr(fd, &state.usual) != 0)
        return -1;
    wanted = state.usual;
    wanted.c_lflag |= modes[mode].on;
    wanted.c_lflag &= ~modes[mode].off;
    wanted.c_iflag |= ICRNL | IUTF8;
    wanted.c_iflag &= ~(tcflag_t)(INLCR | IGNCR);
    wanted.c_cc[VMIN] = modes[mode].on & ICANON ? wanted.c_cc[VMIN] : 1;
    wanted.c_cc[VTIME] = modes[mode].on & ICANON ? wanted.c_cc[VTIME] : 0;
    if (mode != TERMINAL_LINE) /* no stopping while nothing is shown */
        wanted.c_cc[VSUSP] = _POSIX_VDISABLE;
    state.fd = fd;
    state.mouse = modes[mode].mouse && knows_sequences();
    state.changed = 1;
    signals_on_leave(terminal_restore);
    if (set(fd, &wanted) != 0) {
        terminal_restore();
        return -1;
    }
    if (state.mouse)
        terminal_write(fd, mouse_on, sizeof(mouse_on) - 1);
    return 0;
}

void terminal_leave(void)
{
    terminal_restore();
}

void terminal_restore(void)
{
    if (!state.changed)
        return;
    if (state.mouse && write(state.fd, mouse_off, sizeof(mouse_off) - 1) < 0) {
        /* It is gone, and its mouse with it. */
    }
    if (is_in_front(state.fd)) /* else the shell has set it as it wants it */
        set(state.fd, &state.usual);
    state.changed = 0;
}

int64_t terminal_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_BOOTTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

enum terminal_event terminal_wait(int fd, int64_t until)
{
    struct pollfd wait[] = {{.fd = signals_fd(), .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};

    for (;;) {
        int64_t left = until - terminal_now();

        if (signals_pending() != 0)
            return TERMINAL_SIGNAL;
        if (left <= 0)
            return TERMINAL_LATE;
        /* A clock that runs while the computer sleeps is looked at again. */
        if (poll(wait, 2, left < 1000 ? (int)left : 1000) <= 0)
            continue;
        /* One that is hung up reads as the end of input. */
        if (wait[0].revents == 0)
            return wait[1].revents == POLLIN ? TERMINAL_TYPED : TERMINAL_GONE;
    }
}

int terminal_read(int fd, char *typed, size_t size)
{
    ssize_t got;

    if (come_to_front(fd) != 0)
        return -1;
    do {
        got = read(fd, typed, size);
    } while (got < 0 && errno == EINTR);
    return (int)got;
}

size_t terminal_width(int fd)
{
    struct winsize window = {0};

    if (ioctl(fd, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        return 80;
    return window.ws_col;
}

void terminal_write(int fd, const char *text, size_t size)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int64_t patience = 0; /* counts once a signal came */

    while (size > 0 && patience < 10) {
        int ready = poll(&wait, 1, 100);
        ssize_t done = ready > 0 ? write(fd, text, size) : 0;

        if (done < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (done > 0) {
            text += done;
            size -= (size_t)done;
        }
        patience += ready <= 0 && signals_pending() != 0;
    }
}

/* Bytes of the escape sequence at line: ESC [ … final, ESC O x, ESC x. */
static size_t escape(const char *line, size_t size)
{
    size_t at = 2;

    if (size < 2 || (line[1] != '[' && line[1] != 'O'))
        return size < 2 ? size : (unsigned char)line[1] < 0x80 ? 2 : 1;
    if (line[1] == '[') {
        while (at < size && line[at] >= ' ' && line[at] < '@')
            at++;
    }
    return at < size ? at + 1 : size;
}

size_t terminal_strip(char *line, size_t size)
{
    size_t kept = 0;

    for (size_t at = 0; at < size;) {
        unsigned char byte = (unsigned char)line[at];

        if (byte == '\033') {
            at += escape(line + at, size - at);
        } else if (byte < ' ' && byte != '\t') {
            at++;
        } else if (byte == 0x7F) {
            at++;
        } else {
            line[kept++] = line[at++];
        }
    }
    return kept;
}
