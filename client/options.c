#include "client/options.h"

#include "client/columns.h"
#include "client/paths.h"
#include "client/renewal/policy.h"
#include "client/text.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, FLAG };

enum {
    BOTH = COMMAND_RENEW | COMMAND_RESUME,
    RENEW = COMMAND_RENEW,
    STATUS = COMMAND_STATUS,
    ALL = COMMAND_ALL
};

#define AT(field) offsetof(struct options, field)

static const struct row {
    const char *name;
    const char *config; /* its word in the configuration, or NULL */
    size_t at;
    enum kind kind;
    int commands;
    long max; /* of a number */
    const char *argument;
    const char *help;
    char letter;
} rows[] = {
    {"server", "server", AT(server), TEXT, BOTH, 0, "URL",
     N_("the enrollment server, https://…"), 's'},
    {"server-ca", "serverCa", AT(server_ca), TEXT, BOTH, 0, "FILE",
     N_("the root certificate that the server's own must lead to (PEM); "
        "without it those that this system trusts"),
     0},
    {"roots", "roots", AT(roots), TEXT, BOTH, 0, "FILE",
     N_("the roots that the new certificate must lead to (PEM); without it "
        "the key that issued the one that is renewed"),
     0},
    {"phone", "phone", AT(phone), TEXT, BOTH, 0, "NUMBER",
     N_("the telephone that gets the code for signing in"), 'p'},
    {"code-command", "codeCommand", AT(code_command), TEXT, BOTH, 0, "CMD",
     N_("a program that prints the code from the message; run without a "
        "shell"),
     0},
    {"to", NULL, AT(to), TEXT, BOTH, 0, "LOCATION",
     N_("where the new key is kept: a folder, file:FOLDER, local:"), 't'},
    {"name", NULL, AT(name), TEXT, RENEW, 0, "NAME",
     N_("the name of the new container"), 0},
    {"algorithm", NULL, AT(algorithm), TEXT, RENEW, 0, "WORD",
     N_("gost2012-256 (usual) or gost2012-512"), 0},
    {"entropy", NULL, AT(entropy), TEXT, BOTH, 0, "SOURCE",
     N_("keyboard, system, or a file of random bytes; what it gives is added "
        "to the system's own"),
     0},
    {"pin-file", NULL, AT(pin_file), TEXT, BOTH, 0, "FILE",
     N_("the password of the new container; an empty file: none"), 0},
    {"pin-fd", NULL, AT(pin_fd), NUMBER, BOTH, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"old-pin-file", NULL, AT(old_pin_file), TEXT, BOTH, 0, "FILE",
     N_("the password of the old container"), 0},
    {"old-pin-fd", NULL, AT(old_pin_fd), NUMBER, BOTH, 65535, "N",
     N_("the same from an open descriptor"), 0},
    {"express", NULL, AT(express), FLAG, RENEW, 0, NULL,
     N_("only express renewal: nothing is edited, approved at once"), 0},
    {"accept-data", NULL, AT(accept_data), FLAG, BOTH, 0, NULL,
     N_("the owner has seen the data and the statement, accepts them and "
        "agrees to the issue"),
     0},
    {"backup", NULL, AT(backup), TEXT, BOTH, 0, "LOCATION",
     N_("where the copy of the new container is kept"), 'b'},
    {"no-backup", NULL, AT(no_backup), FLAG, BOTH, 0, NULL,
     N_("make no copy now"), 0},
    {"window", "window", AT(window), NUMBER, RENEW | STATUS, POLICY_WINDOW_MAX,
     "DAYS", N_("offer renewal so many days before the end (60)"), 0},
    {"force", NULL, AT(force), FLAG, RENEW, 0, NULL,
     N_("renew before it is due, if the server agrees"), 'f'},
    {"wait", NULL, AT(wait), NUMBER, BOTH, 3L * 24 * 60 * 60, "SECONDS",
     N_("how long to wait for the certification centre (1800)"), 0},
    {"dry-run", NULL, AT(dry_run), FLAG, RENEW, 0, NULL,
     N_("check everything, send and write nothing"), 'n'},
    {"exit-not-due", NULL, AT(exit_not_due), FLAG, RENEW, 0, NULL,
     N_("end with status 10 when it is too early"), 0},
    {"progress", NULL, AT(progress), TEXT, BOTH, 0, "WHEN",
     N_("auto, never or always"), 0},
    {"json", NULL, AT(json), FLAG, ALL, 0, NULL,
     N_("the result as JSON on standard output"), 'j'},
    {"help", NULL, AT(help), FLAG, ALL, 0, NULL, N_("this help"), 'h'},
    {"version", NULL, AT(version), FLAG, ALL, 0, NULL, N_("the version"), 'V'},
};

enum {
    ROWS = sizeof(rows) / sizeof(rows[0]),
    LONG_FIRST = 256 /* above every letter */
};

static const char **text_at(struct options *options, const struct row *row)
{
    return (const char **)(void *)((char *)options + row->at);
}

static long *number_at(struct options *options, const struct row *row)
{
    return (long *)(void *)((char *)options + row->at);
}

static bool *flag_at(struct options *options, const struct row *row)
{
    return (bool *)(void *)((char *)options + row->at);
}

void options_init(struct options *options)
{
    *options = (struct options){
        .pin_fd = -1, .old_pin_fd = -1, .window = -1, .wait = 1800};
}

void options_free(struct options *options)
{
    json_object_put(options->configuration);
    options->configuration = NULL;
}

const char *options_name(size_t i)
{
    return i < ROWS ? rows[i].name : NULL;
}

static bool set(struct options *options, const struct row *row,
                const char *value)
{
    char *end;

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
           *number_at(options, row) >= 0 &&
           *number_at(options, row) <= row->max;
}

/* getopt_long's own tables, of those rows that the command takes. */
static void getopt_tables(enum options_command command, struct option *longs,
                          char *shorts)
{
    size_t n = 0;

    *shorts++ = ':';
    for (size_t i = 0; i < ROWS; i++) {
        if (!(rows[i].commands & (int)command))
            continue;
        longs[n++] = (struct option){rows[i].name,
                                     rows[i].kind == FLAG ? no_argument
                                                          : required_argument,
                                     NULL, (int)(LONG_FIRST + i)};
        if (rows[i].letter != 0)
            *shorts++ = rows[i].letter;
        if (rows[i].letter != 0 && rows[i].kind != FLAG)
            *shorts++ = ':';
    }
    longs[n] = (struct option){NULL, 0, NULL, 0};
    *shorts = '\0';
}

static const struct row *row_of(int got)
{
    if (got >= LONG_FIRST)
        return &rows[got - LONG_FIRST];
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].letter != 0 && rows[i].letter == got)
            return &rows[i];
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
        snprintf(name, sizeof(name), "--%s", rows[optopt - LONG_FIRST].name);
        return text_clean(name);
    }
    return text_clean(optopt > 0 ? letter : argv[optind - 1]);
}

bool options_parse(struct options *options, enum options_command command,
                   int argc, char **argv, char *problem, size_t room)
{
    struct option longs[ROWS + 1];
    char shorts[2 * ROWS + 2];
    int got;

    getopt_tables(command, longs, shorts);
    opterr = 0;
    optind = 0; /* glibc: start anew */
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const struct row *row = row_of(got);

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

/* Whether the command line has said it already. */
static bool is_set(struct options *options, const struct row *row)
{
    if (row->kind == TEXT)
        return *text_at(options, row) != NULL;
    return row->kind == NUMBER && *number_at(options, row) >= 0;
}

static bool configure_one(struct options *options, const char *word,
                          struct json_object *value, char *problem, size_t room)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        enum json_type type =
            row->kind == NUMBER ? json_type_int : json_type_string;

        if (row->config == NULL || strcmp(row->config, word) != 0)
            continue;
        if (is_set(options, row))
            return true;
        if (json_object_is_type(value, type) &&
            set(options, row, json_object_get_string(value)))
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

static bool configure_all(struct options *options, struct json_object *json,
                          char *problem, size_t room)
{
    if (!json_object_is_type(json, json_type_object)) {
        snprintf(problem, room, "%s",
                 _("The configuration is not a JSON object."));
        return false;
    }
    json_object_object_foreach(json, word, value)
    {
        if (!configure_one(options, word, value, problem, room))
            return false;
    }
    return true;
}

/* Whether there is nothing in it but blanks and comments. */
static bool is_blank(const char *text)
{
    for (;;) {
        text += strspn(text, " \t\r\n");
        if (strncmp(text, "//", 2) == 0) {
            text += strcspn(text, "\n");
        } else if (strncmp(text, "/*", 2) == 0) {
            text = strstr(text + 2, "*/");
            if (text == NULL)
                return false;
            text += 2;
        } else {
            return *text == '\0';
        }
    }
}

/* One value alone, or NULL. */
static struct json_object *parse_json(const char *text, size_t size)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *json = NULL;
    bool whole = false;

    if (tokener == NULL || memchr(text, '\0', size) != NULL)
        goto out;
    json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
    json = json_tokener_parse_ex(tokener, text, (int)size);
    whole = json_tokener_get_error(tokener) == json_tokener_success &&
            is_blank(text + json_tokener_get_parse_end(tokener));
out:
    if (tokener != NULL)
        json_tokener_free(tokener);
    if (!whole) {
        json_object_put(json);
        json = NULL;
    }
    return json;
}

bool options_configure(struct options *options, const char *path, char *problem,
                       size_t room)
{
    size_t size;
    char *text = paths_read(path, OPTIONS_CONFIG_MAX, &size);
    struct json_object *json;

    if (text == NULL && errno == ENOENT)
        return true;
    if (text == NULL) {
        snprintf(problem, room, _("The configuration %s cannot be read: %s"),
                 text_clean(path).text, strerror(errno));
        return false;
    }
    json = parse_json(text, size);
    free(text);
    if (json == NULL) {
        snprintf(problem, room, _("The configuration %s is not JSON."),
                 text_clean(path).text);
        return false;
    }
    options->configuration = json;
    return configure_all(options, json, problem, room);
}

enum { HELP_AT = 28 };

static void print_row(const struct row *row)
{
    char left[64];

    snprintf(left, sizeof(left), "  %c%c --%s %s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->name,
             row->argument != NULL ? row->argument : "");
    columns_print(HELP_AT, left, _(row->help));
}

void options_print(enum options_command command)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].commands & (int)command)
            print_row(&rows[i]);
}
