/* A program of the user's that is run for them: without a shell, in an
 * environment of its own, for so long and no longer. */
#ifndef CLIENT_PROGRAM_PROGRAM_H
#define CLIENT_PROGRAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PROGRAM_WORDS_MAX = 64, /* of its environment */
    PROGRAM_LINE_MAX = 1000 /* bytes of a line that is told */
};

/* What it finds in its environment: of ours PATH, HOME, LANG and LC_*, and
 * what it is told. All zero: nothing yet. */
struct program_environment {
    char *row[PROGRAM_WORDS_MAX + 1];
    size_t count;
    char *own[PROGRAM_WORDS_MAX]; /* of them, those that are owned */
    size_t owned;
    bool failed; /* sticky: no memory or too many */
};

void program_inherit(struct program_environment *around);
/* One more of ours, by its name. */
void program_lend(struct program_environment *around, const char *name);
/* NAME=value; a value of NULL is left out. */
void program_tell(struct program_environment *around, const char *name,
                  const char *value);
void program_forget(struct program_environment *around);

enum program_result {
    PROGRAM_OK,
    PROGRAM_MISSING,   /* there is no such program, or it may not be run */
    PROGRAM_FAILED,    /* it ended with a status other than 0, or of a signal */
    PROGRAM_TOO_MUCH,  /* it printed more than there is room for */
    PROGRAM_LATE,      /* it was not done in time and has been ended */
    PROGRAM_CANCELLED, /* a signal came (signals_pending) */
    PROGRAM_SYSTEM     /* no memory, no process */
};

/* Is told what a program says, line by line without the line end; one that is
 * too long comes in pieces. It is as the program wrote it, and hostile. */
struct program_ear {
    void (*hear)(void *context, const char *line);
    void *context;
};

struct program {
    char **argv;
    const struct program_environment *around;
    const char *input; /* what it reads; NULL: nothing */
    char *output;      /* what it prints, not ended by a NUL; NULL: to stderr */
    const struct program_ear *ear; /* what goes to stderr; NULL: to ours */
    size_t room;                   /* bytes of output */
    size_t size;                   /* of them that it printed: set by the run */
    unsigned seconds;              /* that it may take */
};

/* Whether there is a program of that name, or path, that may be run. */
bool program_is_there(const char *name);

/* It gets a process group of its own and no descriptor of ours but stderr.
 * When it is over, in whichever way, its group is killed. */
enum program_result program_run(struct program *program);

#endif
