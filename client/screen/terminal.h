/* The terminal that a person types at: its modes, and waiting for keys.
 *
 * One terminal at a time is out of its usual mode; terminal_restore puts it
 * back from wherever the program ends. */
#ifndef CLIENT_SCREEN_TERMINAL_H
#define CLIENT_SCREEN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum terminal_mode {
    TERMINAL_LINE,   /* whole lines, edited by the terminal */
    TERMINAL_SECRET, /* the same, not shown */
    TERMINAL_KEYS,   /* every key at once, not shown; Ctrl-C is a signal */
    TERMINAL_RAW     /* every key at once, Ctrl-C too, and the mouse */
};

/* What was typed before is thrown away. 0 or -1: the terminal is gone. */
int terminal_enter(int fd, enum terminal_mode mode);

/* Back to how it was; what is still unread is thrown away. */
void terminal_leave(void);

/* The same for a signal handler and for atexit. */
void terminal_restore(void);

enum terminal_event {
    TERMINAL_TYPED,  /* there is something to read */
    TERMINAL_SIGNAL, /* signals_pending() */
    TERMINAL_LATE,   /* nothing until then */
    TERMINAL_GONE    /* hung up */
};

/* Waits until a moment of terminal_now (INT64_MAX: for ever). */
enum terminal_event terminal_wait(int fd, int64_t until);

/* Reads what is there, at most size bytes: their number, 0 at the end of
 * input (Ctrl-D), -1 where the terminal is gone. */
int terminal_read(int fd, char *typed, size_t size);

/* Milliseconds; a sleeping computer counts. */
int64_t terminal_now(void);

/* Columns of what fd is, 80 where that is not known. */
size_t terminal_width(int fd);

/* All of text, unless the terminal is gone or a signal came and it stays
 * stopped (Ctrl-S). */
void terminal_write(int fd, const char *text, size_t size);

/* Takes escape sequences (arrows, marks of pasting) and control characters
 * out of a line, in place; its new size. */
size_t terminal_strip(char *line, size_t size);

#endif
