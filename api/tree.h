/* A JSON text (RFC 8259) taken apart. Values stand in one block of memory, each
 * with what is in it behind it; their texts stay where they are in the text,
 * decoded in place, so that no copy of a secret is made. */
#ifndef API_TREE_H
#define API_TREE_H

#include "api/api.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TREE_DEPTH_MAX = 32,
    TREE_VALUES_MAX = 8192 /* 40 bytes for each */
};

enum tree_kind {
    TREE_NULL,
    TREE_FALSE,
    TREE_TRUE,
    TREE_DIGITS, /* a number of digits alone */
    TREE_NUMBER, /* any other: a sign, a fraction, an exponent */
    TREE_STRING,
    TREE_LIST,
    TREE_OBJECT
};

struct tree {
    enum tree_kind kind;
    uint32_t span;    /* values from this one to the next beside it */
    const char *name; /* of a member of an object, ended by a NUL, or NULL */
    const char *text; /* of a string, ended by a NUL, or of a number */
    size_t size;      /* of the text */
    size_t count;     /* of members or items */
};

/* Strict: UTF-8, nothing behind the value, no control character and no NUL in
 * a string, bounded in depth and in number; half a surrogate pair is U+FFFD.
 * A NUL stands behind the size bytes of text, which is changed and has to live
 * as long as the tree. API_GARBAGE where it is none; *root is for free(). */
enum api_result tree_parse(char *text, size_t size, struct tree **root);

/* The last member of that name; NULL where there is none, or no object. */
const struct tree *tree_member(const struct tree *object, const char *name);

/* The first item or member (before: NULL), the one behind another, or NULL. */
const struct tree *tree_next(const struct tree *parent,
                             const struct tree *before);

#endif
