/* The table of options. For client/options*.c only. */
#ifndef CLIENT_OPTIONS_ROWS_H
#define CLIENT_OPTIONS_ROWS_H

#include "client/options.h"

enum options_kind {
    TEXT,
    NUMBER, /* from 0 to max */
    COUNT,  /* from 1 to max */
    FLAG,
    LIST
};

/* A name may stand in several rows, of different commands. */
struct options_row {
    const char *name;
    const char *config; /* its word in the configuration, or NULL */
    size_t at;
    enum options_kind kind;
    int commands;
    long max; /* of a number or a count */
    const char *argument;
    const char *help;
    char letter;
};

extern const struct options_row options_rows[];
extern const size_t options_rows_count;

#endif
