#include "api/sandbox/argument.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static bool take_number(const struct argument *row, const char *text,
                        long *number)
{
    char *end = NULL;

    errno = 0;
    *number = strtol(text, &end, 10);
    if (end != text && *end == '\0' && errno == 0 && *number >= row->min &&
        *number <= row->max)
        return true;
    fprintf(stderr, "kep-sandbox: --%s is a number from %ld to %ld\n",
            row->word, row->min, row->max);
    return false;
}

static bool take(const struct argument *row, const char *text, void *into)
{
    void *at = (char *)into + row->at;
    struct argument_list *list = at;

    switch (row->kind) {
    case ARGUMENT_TEXT:
        *(const char **)at = text;
        return true;
    case ARGUMENT_NUMBER:
        return take_number(row, text, at);
    case ARGUMENT_LIST:
        if (list->count < ARGUMENT_LIST_MAX) {
            list->text[list->count++] = text;
            return true;
        }
        fprintf(stderr, "kep-sandbox: --%s too many times\n", row->word);
        return false;
    case ARGUMENT_HELP:
        *(bool *)at = true;
        return true;
    }
    return false;
}

int argument_parse(const struct argument *rows, size_t count, int argc,
                   char **argv, void *into, char ***rest, int max)
{
    struct option options[ARGUMENT_ROWS_MAX + 1] = {{NULL, 0, NULL, 0}};
    int row, letter;

    for (size_t i = 0; i < count && i < ARGUMENT_ROWS_MAX; i++) {
        options[i].name = rows[i].word;
        options[i].has_arg =
            rows[i].kind == ARGUMENT_HELP ? no_argument : required_argument;
    }
    optind = 1;
    while ((letter = getopt_long(argc, argv, "", options, &row)) != -1)
        if (letter != 0 || !take(&rows[row], optarg, into))
            return -1;
    *rest = argv + optind;
    if (argc - optind <= max)
        return argc - optind;
    fprintf(stderr, "kep-sandbox: unexpected argument: %s\n",
            argv[optind + max]);
    return -1;
}

void argument_help(const struct argument *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  --%s%s%s\n      %s\n", rows[i].word, rows[i].value ? " " : "",
               rows[i].value ? rows[i].value : "", rows[i].help);
}
