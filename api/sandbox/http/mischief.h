/* What shall go wrong, as ordered with --fault: "OPERATION=KIND[:ARG][*N]",
 * separated by commas. OPERATION is an operationId or "*"; N is how many
 * times, without it always. The first rule for an operation that has times
 * left is the one that happens. */
#ifndef API_SANDBOX_HTTP_MISCHIEF_H
#define API_SANDBOX_HTTP_MISCHIEF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum mischief_kind {
    MISCHIEF_NONE,
    MISCHIEF_DROP,        /* close without an answer, nothing is done */
    MISCHIEF_DROP_AFTER,  /* it is done, then the same */
    MISCHIEF_SLOW,        /* seconds before it is done */
    MISCHIEF_STATUS,      /* an error of the contract of this status */
    MISCHIEF_RETRY_AFTER, /* 503 with so many seconds */
    MISCHIEF_HTML,        /* somebody else's page */
    MISCHIEF_HUGE,        /* 100 MB */
    MISCHIEF_TRUNCATED,   /* less than was promised */
    MISCHIEF_DEEP,        /* JSON of 100000 levels */
    MISCHIEF_WRONG_TYPES, /* numbers for texts and so on */
    MISCHIEF_EMPTY,       /* 200 and nothing */
    MISCHIEF_REDIRECT,    /* 302 to another host */
    MISCHIEF_BAD_UTF8,
    MISCHIEF_ESCAPE, /* terminal escapes and marks of direction in texts */
    MISCHIEF_PATH,   /* ids with ../ in them */
    MISCHIEF_OTHER_KEY,
    MISCHIEF_OTHER_PERSON,
    MISCHIEF_OTHER_CA,
    MISCHIEF_EXPIRED_CERTIFICATE,
    MISCHIEF_NOT_YET_VALID,
    MISCHIEF_NO_PROFILE,
    MISCHIEF_GARBAGE_CERTIFICATE,
    MISCHIEF_NO_CHAIN,
    MISCHIEF_KINDS
};

enum { MISCHIEF_RULES = 32, MISCHIEF_OPERATION = 32 };

struct mischief_rule {
    char operation[MISCHIEF_OPERATION];
    enum mischief_kind kind;
    long argument;
    atomic_long left; /* -1: always */
};

struct mischief {
    struct mischief_rule rule[MISCHIEF_RULES];
    size_t count;
};

/* Append the rules of a text. known: whether there is such an operation.
 * False: *why says what is wrong; what is in mischief is then of no use. */
bool mischief_parse(struct mischief *mischief, const char *text,
                    bool (*known)(const char *operation), const char **why);

/* What happens to this operation now, and count it; NULL: nothing. */
const struct mischief_rule *mischief_take(struct mischief *mischief,
                                          const char *operation);

/* The word of a kind. */
const char *mischief_word(enum mischief_kind kind);

#endif
