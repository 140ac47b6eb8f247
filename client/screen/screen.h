/* The person at the terminal: where they read and where they type.
 *
 * They read stderr (stdout is for answers) and type at stdin where that is a
 * terminal, else at /dev/tty. Everything is plain text in at most 80 columns
 * or the terminal's, whichever is less, without colour, drawing or
 * animation, so that a screen reader can follow it.
 *
 * Every text goes through text_clean_lines here: no function can be made to
 * send a control sequence. A foreign text should go through text_clean
 * itself, lest it fake lines. One thread at a time uses a screen, but for a
 * silent one. */
#ifndef CLIENT_SCREEN_SCREEN_H
#define CLIENT_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

enum screen_progress {
    SCREEN_AUTO,  /* show progress where people read a terminal */
    SCREEN_NEVER, /* neither steps nor progress */
    SCREEN_ALWAYS /* where it is not a terminal: as plain lines, seldom */
};

/* {0} is the usual one. */
struct screen_settings {
    enum screen_progress progress;
    bool never_ask; /* nobody is there, whatever the terminal says */
    bool silent;    /* nobody reads either: nothing is written */
    int in;         /* for tests: a terminal to type at, 0 to look for one */
    int out;        /* for tests: where people read, 0 for stderr */
};

struct screen;

/* NULL without memory. screen_free restores the terminal. */
struct screen *screen_new(const struct screen_settings *settings);
void screen_free(struct screen **screen);

/* "auto", "never", "always"; false for any other word. */
bool screen_progress_parse(const char *word, enum screen_progress *progress);

/* There is a person to ask. */
bool screen_interactive(const struct screen *screen);

/* A paragraph: wrapped, with a line end. '\n' inside breaks the line. */
void screen_say(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A blank line and a heading (bold on a terminal, unless NO_COLOR). */
void screen_heading(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "Label:   value" with the value in column 24, wrapped there. */
void screen_pair(struct screen *screen, const char *label, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

/* "2/9 Signing in" as a line; shown where progress is. */
void screen_step(struct screen *screen, unsigned number, unsigned total,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What is being waited for. On a terminal one line, rewritten at most once a
 * second; elsewhere, where progress is shown, a plain line every half a
 * minute. It may be called as often as one likes. */
void screen_progress(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Several lines about what goes on, '\n' between them: on a terminal they stay
 * in their place and are rewritten at most once a second; elsewhere the last
 * one is the message of screen_progress. A terminal that does not move its
 * cursor (TERM=dumb) is an elsewhere. */
void screen_board(struct screen *screen, const char *lines);

/* The wait is over: the line, or the board, goes away. screen_say and the
 * prompts do this themselves. */
void screen_progress_end(struct screen *screen);

/* --- for the other files of this folder --- */

/* Of the questions that were asked here: see walk.h. */
struct screen_way {
    size_t open;        /* rows that can be gone back to */
    const char *barred; /* translated: why there are none; NULL: no reason */
    unsigned long asked, bars; /* how often */
    bool back;                 /* the person wants the question before */
};
struct screen_way *screen_way(struct screen *screen);

/* The terminal that the person types at, -1: none. */
int screen_keyboard(const struct screen *screen);

/* Columns of lines. */
size_t screen_width(const struct screen *screen);

/* A question: wrapped, without a line end, where the person who types reads,
 * also when stderr goes elsewhere. */
void screen_ask(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* There: a numbered line to choose from, whose further lines hang under the
 * first word. text is made harmless. */
void screen_ask_item(struct screen *screen, size_t number, const char *text);

/* There: a line that is written again in place of the one before, cut to the
 * width, then tail and the cursor. tail is as typed and may be secret: no copy
 * of it is made. */
void screen_redraw(struct screen *screen, const char *tail, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* There: a line end. */
void screen_ask_end(struct screen *screen);

#endif
