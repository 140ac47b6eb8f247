/* The prompts of client/screen as bodies for a pseudo terminal. */
#ifndef TESTS_SUPPORT_ASKING_H
#define TESTS_SUPPORT_ASKING_H

#include "client/screen/prompt.h"

/* For cmocka: messages in English, secret memory ready. */
int asking_start(void **state);

/* Writes the answer between < and > and returns end. */
int asking_answered(enum prompt_end end, const char *answer);

/* Bodies for pty_start; data is what is asked (struct prompt_line, …). */
int asking_line(struct screen *screen, void *data);
int asking_secret(struct screen *screen, void *data);
int asking_code(struct screen *screen, void *data);

struct asking_row {
    const char *typed; /* line by line, each when it is asked for */
    enum prompt_end end;
    const char *answer;
    const char *shown; /* a sentence in between, or NULL */
};

/* Tries it in a terminal of its own, which must be as it was afterwards.
 * Fails the test where something is not as the row says. */
void asking_try(const struct asking_row *row, const char *question,
                int (*body)(struct screen *, void *), void *data);

/* What is shown, and what is typed then: NULL, nothing. */
struct asking_turn {
    const char *shown, *typed;
};

/* The same of a dialogue, ended by a NULL. never: what must not be shown in
 * it, or NULL. */
void asking_talk(const struct asking_turn *turn, enum prompt_end end,
                 const char *never, int (*body)(struct screen *, void *),
                 void *data);

/* Types line by line, each when the question is there. */
struct pty;
void asking_type(struct pty *pty, const char *typed, const char *question);

#endif
