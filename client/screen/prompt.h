/* Questions to the person at the terminal.
 *
 * Each ends in one of these ways, also when a signal comes, when the
 * terminal goes away or when its time is over, and leaves the terminal as it
 * was. Escape sequences (arrows, pasting) do no harm. Lengths are in bytes
 * of UTF-8. Questions are written without a trailing colon or blank. The words
 * "back" and "cancel" are taken at each of them, in the person's language and
 * in English. */
#ifndef CLIENT_SCREEN_PROMPT_H
#define CLIENT_SCREEN_PROMPT_H

#include "client/screen/screen.h"

enum prompt_end {
    PROMPT_OK,
    PROMPT_RESEND,    /* prompt_code: another code is asked for */
    PROMPT_BACK,      /* the word "back", where a walk goes back: see walk.h */
    PROMPT_CANCELLED, /* Ctrl-D, end of input, the word "cancel", or too */
                      /* many answers that did not do */
    PROMPT_SIGNAL,    /* signals_pending(), or the terminal is gone, with or */
                      /* without a signal */
    PROMPT_LATE,      /* the time is over */
    PROMPT_NOBODY,    /* not interactive: nobody to ask */
    PROMPT_FAILED     /* no memory */
};

/* NULL when the answer will do, else the sentence that says why not. */
typedef const char *prompt_check(const char *answer, void *data);

struct prompt_line {
    const char *question;
    const char *preset;  /* the answer of an empty line; NULL: none */
    prompt_check *check; /* NULL: everything will do */
    void *data;
    bool may_be_empty; /* else an empty line is asked again */
    bool is_path;      /* quotes around it are dropped */
    unsigned seconds;  /* time limit, 0: none */
};

/* A line of at most size - 1 bytes, blanks around it dropped. */
enum prompt_end prompt_line(struct screen *screen,
                            const struct prompt_line *ask, char *answer,
                            size_t size);

/* Yes or no ("y/n", and in Russian "д/н" too). An empty line is *yes as it
 * was. seconds as above. */
enum prompt_end prompt_yes(struct screen *screen, const char *question,
                           unsigned seconds, bool *yes);

/* One of count items (at least 1), shown numbered from 1; *chosen, from 0,
 * is the answer of an empty line where it is below count. */
enum prompt_end prompt_choose(struct screen *screen, const char *question,
                              const char *const *items, size_t count,
                              size_t *chosen);

struct prompt_secret {
    const char *question;
    const char *again;   /* the question of the second time; NULL: once; nor
                            is it asked of an empty one */
    prompt_check *check; /* as above, before the second time */
    void *data;
    size_t max;        /* bytes, at most 256; 0: 256 */
    bool may_be_empty; /* a container may have no password */
    unsigned seconds;
};

/* A PIN or password, not shown. Where it holds other than ASCII letters the
 * person is asked whether the keyboard is switched wrongly; where it is "back"
 * or "cancel", whether it is meant as the secret. *secret is NUL-terminated in
 * secret memory: secret_free it. */
enum prompt_end prompt_secret(struct screen *screen,
                              const struct prompt_secret *ask, char **secret);

struct prompt_code {
    const char *question; /* "Code from the SMS to …12-34" */
    unsigned seconds;     /* how long the code is good, 0: not known */
    unsigned resend;      /* after so many seconds another can be asked for */
    unsigned resends;     /* how many can be asked for; 0: none */
};

/* Six digits; blanks and hyphens among them are dropped. The question shows
 * the time left. Enter on an empty line asks for another code:
 * PROMPT_RESEND, or a sentence why not yet. *code is in secret memory. */
enum prompt_end prompt_code(struct screen *screen,
                            const struct prompt_code *ask, char **code);

/* Whether what was typed is a word, without regard to case. */
bool prompt_is_word(const char *typed, const char *word);
bool prompt_is_cancel(const char *typed);
bool prompt_is_back(const char *typed);

#endif
