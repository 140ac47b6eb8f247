/* A command as words, without a shell.
 *
 * Blanks separate words. Between '…' everything stands for itself; between
 * "…" and outside of quotes a backslash takes the next character as it is
 * (between "…" only before " and \). There are no variables, no globs. */
#ifndef CLIENT_PROGRAM_WORDS_H
#define CLIENT_PROGRAM_WORDS_H

#include <stddef.h>

enum { WORDS_MAX = 64, WORDS_BYTES = 4096 };

enum words_result {
    WORDS_OK,
    WORDS_NONE,      /* nothing but blanks */
    WORDS_QUOTE,     /* a quote that is never closed */
    WORDS_BACKSLASH, /* ends in a backslash */
    WORDS_TOO_MANY,  /* more than WORDS_MAX words */
    WORDS_TOO_LONG,  /* more than WORDS_BYTES bytes */
    WORDS_CONTROL,   /* a control character */
    WORDS_MEMORY
};

struct words {
    char **argv; /* count words and a NULL */
    size_t count;
};

/* Splits command. Free with words_free, which is fine after a failure. */
enum words_result words_split(const char *command, struct words *words);
void words_free(struct words *words);

/* Text for between the quotes of '…', also of a shell's: each ' becomes '\''.
 * Cut at size, never inside of one; returns out. */
char *words_quote(char *out, size_t size, const char *text);

/* The sentence of a failure, translated. */
const char *words_sentence(enum words_result result);

#endif
