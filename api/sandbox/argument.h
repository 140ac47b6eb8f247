/* Long options by a table: one row is the word, where it goes, its range and
 * its line of help. */
#ifndef API_SANDBOX_ARGUMENT_H
#define API_SANDBOX_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>

enum argument_kind {
    ARGUMENT_TEXT,   /* const char * */
    ARGUMENT_NUMBER, /* long, from min to max */
    ARGUMENT_LIST,   /* struct argument_list: may come several times */
    ARGUMENT_HELP    /* bool */
};

struct argument {
    const char *word;
    enum argument_kind kind;
    size_t at;         /* in the caller's struct */
    const char *value; /* its name in the help */
    const char *help;
    long min, max;
};

enum { ARGUMENT_LIST_MAX = 8, ARGUMENT_ROWS_MAX = 24 };

struct argument_list {
    const char *text[ARGUMENT_LIST_MAX];
    size_t count;
};

/* Fill the struct. What is left over goes to *rest, of which there are at
 * most max. The number of them; -1 on wrong usage, which has been said on
 * stderr. */
int argument_parse(const struct argument *rows, size_t count, int argc,
                   char **argv, void *into, char ***rest, int max);

void argument_help(const struct argument *rows, size_t count);

#endif
