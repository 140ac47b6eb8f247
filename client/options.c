#include "client/options.h"

#include "client/columns.h"
#include "client/options_config.h"
#include "client/options_rows.h"
#include "client/renewal/policy.h"
#include "client/text.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONG_FIRST = 256, /* above every letter */
    WAIT_USUAL = 1800 /* seconds */
};

static const char **text_at(struct options *options,
                            const struct options_row *row)
{
    return (const char **)(void *)((char *)options + row->at);
}

static long *number_at(struct options *options, const struct options_row *row)
{
    return (long *)(void *)((char *)options + row->at);
}

static bool *flag_at(struct options *options, const struct options_row *row)
{
    return (bool *)(void *)((char *)options + row->at);
}

static struct options_list *list_at(struct options *options,
                                    const struct options_row *row)
{
    return (struct options_list *)(void *)((char *)options + row->at);
}

void options_init(struct options *options)
{
    *options = (struct options){.pin_fd = -1,
                                .copy_pin_fd = -1,
                                .old_pin_fd = -1,
                                .passphrase_fd = -1,
                                .new_pin_fd = -1,
                                .pfx_pin_fd = -1,
                                .admin_pin_fd = -1,
                                .window = -1,
                                .wait = -1};
}

void options_complete(struct options *options, enum options_command command)
{
    bool express = options->express && command == COMMAND_RENEW;

    if (options->window < 0)
        options->window = POLICY_WINDOW;
    if (options->wait < 0)
        options->wait = express ? 0 : WAIT_USUAL;
    if (options->entropy == NULL && express)
        options->entropy = "system";
}

void options_free(struct options *options)
{
    json_object_put(options->configuration);
    options->configuration = NULL;
    json_object_put(options->kept);
    options->kept = NULL;
}

const char *options_keep(struct options *options, const char *value)
{
    struct json_object *text = json_object_new_string(value);

    if (options->kept == NULL)
        options->kept = json_object_new_array();
    if (options->kept == NULL || text == NULL ||
        json_object_array_add(options->kept, text) != 0) {
        json_object_put(text);
        return NULL;
    }
    return json_object_get_string(text);
}

const char *options_name(size_t i)
{
    return i < options_rows_count ? options_rows[i].name : NULL;
}

static bool append(struct options_list *list, const char *value)
{
    if (list->count == OPTIONS_LIST_MAX || value[0] == '\0')
        return false;
    list->value[list->count++] = value;
    return true;
}

static long least(const struct options_row *row)
{
    return row->kind == COUNT ? 1 : 0;
}

static bool set(struct options *options, const struct options_row *row,
                const char *value)
{
    char *end;

    if (row->kind == LIST)
        return append(list_at(options, row), value);

    if (row->kind == FLAG) {
        *flag_at(options, row) = true;
        return true;
    }
    if (row->kind == TEXT) {
        *text_at(options, row) = value;
        return value[0] != '\0';
    }
    errno = 0;
    *number_at(options, row) = strtol(value, &end, 10);
    return errno == 0 && isdigit((unsigned char)value[0]) && *end == '\0' &&
           *number_at(options, row) >= least(row) &&
           *number_at(options, row) <= row->max;
}

/* getopt_long's own tables, of those rows that the command takes. */
static void getopt_tables(enum options_command command, struct option *longs,
                          char *shorts)
{
    size_t n = 0;

    *shorts++ = ':';
    for (size_t i = 0; i < options_rows_count; i++) {
        if (!(options_rows[i].commands & (int)command))
            continue;
        longs[n++] = (struct option){
            options_rows[i].name,
            options_rows[i].kind == FLAG ? no_argument : required_argument,
            NULL, (int)(LONG_FIRST + i)};
        if (options_rows[i].letter != 0)
            *shorts++ = options_rows[i].letter;
        if (options_rows[i].letter != 0 && options_rows[i].kind != FLAG)
            *shorts++ = ':';
    }
    longs[n] = (struct option){NULL, 0, NULL, 0};
    *shorts = '\0';
}

static const struct options_row *row_of(int got)
{
    if (got >= LONG_FIRST)
        return &options_rows[got - LONG_FIRST];
    for (size_t i = 0; i < options_rows_count; i++)
        if (options_rows[i].letter != 0 && options_rows[i].letter == got)
            return &options_rows[i];
    return NULL;
}

static bool take_arguments(struct options *options, int argc, char **argv,
                           char *problem, size_t room)
{
    if (argc - optind > OPTIONS_ARGUMENTS_MAX) {
        snprintf(problem, room, "%s", _("Too many arguments."));
        return false;
    }
    while (optind < argc)
        options->argument[options->arguments++] = argv[optind++];
    return true;
}

/* What getopt_long stumbled over, as it was typed or nearly so. */
static struct text_line blamed(char **argv)
{
    char letter[] = {'-', (char)optopt, '\0'};
    char name[64];

    if (optopt >= LONG_FIRST) {
        snprintf(name, sizeof(name), "--%s",
                 options_rows[optopt - LONG_FIRST].name);
        return text_clean(name);
    }
    return text_clean(optopt > 0 ? letter : argv[optind - 1]);
}

bool options_parse(struct options *options, enum options_command command,
                   int argc, char **argv, char *problem, size_t room)
{
    struct option longs[OPTIONS_ROWS_MAX + 1];
    char shorts[2 * OPTIONS_ROWS_MAX + 2];
    int got;

    getopt_tables(command, longs, shorts);
    opterr = 0;
    optind = 0; /* glibc: start anew */
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const struct options_row *row = row_of(got);

        if (got == ':')
            snprintf(problem, room, _("The option %s needs a value."),
                     blamed(argv).text);
        else if (row == NULL && optopt >= LONG_FIRST)
            snprintf(problem, room, _("The option %s takes no value."),
                     blamed(argv).text);
        else if (row == NULL)
            snprintf(problem, room, _("There is no option %s here."),
                     blamed(argv).text);
        else if (!set(options, row, optarg))
            snprintf(problem, room, _("The value of --%s is not right: %s"),
                     row->name, text_clean(optarg).text);
        else
            continue;
        return false;
    }
    return take_arguments(options, argc, argv, problem, room);
}

static bool is_number(const struct options_row *row)
{
    return row->kind == NUMBER || row->kind == COUNT;
}

/* Whether the command line has said it already. */
static bool is_set(struct options *options, const struct options_row *row)
{
    if (row->kind == TEXT)
        return *text_at(options, row) != NULL;
    return is_number(row) && *number_at(options, row) >= least(row);
}

/* An option may have several rows, of different commands. */
static bool is_of(const struct options *options, const struct options_row *row,
                  const void *member)
{
    return (const char *)member == (const char *)options + row->at;
}

bool options_is_configured(const struct options *options,
                           const char *const *member)
{
    for (size_t i = 0; i < options_rows_count; i++)
        if (options->configured[i] && is_of(options, &options_rows[i], member))
            return true;
    return false;
}

/* Codes come one way: what the command line says of the other one counts. */
static bool is_outdone(const struct options *all, const struct options_row *row)
{
    const char *const *ways[] = {&all->codes, &all->code_command};
    const size_t other = is_of(all, row, ways[0]) ? 1 : 0;

    return is_of(all, row, ways[1 - other]) && *ways[other] != NULL &&
           !options_is_configured(all, ways[other]);
}

static bool configure_text(struct options *options,
                           const struct options_row *row, const char *path,
                           const char *text)
{
    text = options_config_value(options, path, row->config, text);
    return text != NULL && set(options, row, text);
}

static bool configure_one(struct options *options, const char *path,
                          const char *word, struct json_object *value,
                          char *problem, size_t room)
{
    for (size_t i = 0; i < options_rows_count; i++) {
        const struct options_row *row = &options_rows[i];
        enum json_type type = is_number(row) ? json_type_int : json_type_string;

        if (row->config == NULL || strcmp(row->config, word) != 0)
            continue;
        if (is_set(options, row) || is_outdone(options, row))
            return true;
        options->configured[i] =
            json_object_is_type(value, type) &&
            configure_text(options, row, path, json_object_get_string(value));
        if (options->configured[i])
            return true;
        snprintf(problem, room,
                 _("In the configuration the value of \"%s\" is not right."),
                 row->config);
        return false;
    }
    snprintf(problem, room, _("The configuration has an unknown word: %s"),
             text_clean(word).text);
    return false;
}

static bool configure_all(struct options *options, const char *path,
                          struct json_object *json, char *problem, size_t room)
{
    if (!json_object_is_type(json, json_type_object)) {
        snprintf(problem, room, "%s",
                 _("The configuration is not a JSON object."));
        return false;
    }
    json_object_object_foreach(json, word, value)
    {
        if (!configure_one(options, path, word, value, problem, room))
            return false;
    }
    return true;
}

bool options_configure(struct options *options, const char *path, char *problem,
                       size_t room)
{
    char why[512];
    struct json_object *json;

    if (!options_config_read(path, &json, problem, room))
        return false;
    options->configuration = json;
    if (json == NULL || configure_all(options, path, json, why, sizeof(why)))
        return true;
    snprintf(problem, room, "%s: %s", text_clean(path).text, why);
    return false;
}

void options_say(struct options *options, const char **member,
                 const char *value)
{
    *member = value;
    for (size_t i = 0; i < options_rows_count; i++)
        if (is_of(options, &options_rows[i], member))
            options->configured[i] = false;
}

enum { HELP_AT = 28 };

static void print_row(const struct options_row *row)
{
    char left[64];

    snprintf(left, sizeof(left), "  %c%c --%s %s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->name,
             row->argument != NULL ? row->argument : "");
    columns_print(HELP_AT, left, _(row->help));
}

void options_print(enum options_command command)
{
    for (size_t i = 0; i < options_rows_count; i++)
        if (options_rows[i].commands & (int)command)
            print_row(&options_rows[i]);
}
