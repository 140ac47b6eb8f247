#include "client/clock.h"
#include "client/columns.h"
#include "client/commands/commands.h"
#include "client/pin/pin_person.h"
#include "client/renewal/result.h"
#include "client/signals.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "client/tokens/token_choice.h"
#include "keygen/secret.h"
#include "token/pkcs11/pkcs11_module.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOT_DUE_STATUS = 10, SUMMARY_AT = 13 };

/* A program started with one of 0, 1, 2 closed would open its journal there
 * and print into it. */
static int open_missing_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd < 0 ? -1 : close(fd);
}

static void print_usage(void)
{
    const struct command *command;

    text_print(stdout, "%s\n\n%s\n",
               _("kep renews qualified electronic signatures."),
               _("Usage: kep COMMAND [OPTION…] [ARGUMENT…]"));
    text_print(stdout, "\n%s\n", _("Commands:"));
    for (size_t i = 0; (command = commands_at(i)) != NULL; i++) {
        char left[32];

        snprintf(left, sizeof(left), "  %s", command->name);
        columns_print(SUMMARY_AT, left, _(command->summary));
    }
    text_print(stdout, "\n%s\n",
               _("What a command takes: kep COMMAND --help. The manual: man "
                 "kep"));
}

/* The empty text is the name of a catalogue's own header. */
static const char *arguments_of(const struct command *command)
{
    return command->arguments[0] != '\0' ? _(command->arguments) : "";
}

static void print_help(const struct command *command)
{
    text_print(stdout, _("Usage: kep %s [OPTION…] %s"), command->name,
               arguments_of(command));
    text_print(stdout, "\n\n");
    columns_print(2, "", _(command->summary));
    text_print(stdout, "\n");
    if (command->more != NULL) {
        columns_print(2, "", _(command->more));
        text_print(stdout, "\n");
    }
    options_print(command->bit);
}

/* Behind the name of the program; what is more (NULL: nothing) follows. */
static void print_problem(const char *problem, const char *more)
{
    const size_t size = strlen(problem);
    char *text = NULL, *wrapped = NULL;

    if (asprintf(&text, "kep: %s%s%s%s", problem,
                 size > 0 && problem[size - 1] == '.' ? "" : ".",
                 more != NULL ? " " : "", more != NULL ? more : "") >= 0) {
        wrapped = text_wrap(text, COLUMNS_WIDTH, 0);
        free(text);
    }
    text_print(stderr, "%s\n", wrapped != NULL ? wrapped : problem);
    free(wrapped);
}

static int complain(const char *problem)
{
    char help[128];

    print_problem(problem, failure_help(help, sizeof(help)));
    return outcome_row(OUTCOME_USAGE)->status;
}

/* False: problem says what is missing, or that something is too much. */
static bool count_arguments(const struct command *command, size_t arguments,
                            char *problem, size_t room)
{
    if (arguments < command->least)
        snprintf(problem, room,
                 _("It has to be said with what: \"kep %s %s\"%s"),
                 command->name, arguments_of(command),
                 strncmp(command->arguments, "CONTAINER", 9) == 0
                     ? _(". Which containers there are is shown by kep list.")
                     : ".");
    else if (arguments > command->most)
        snprintf(problem, room,
                 _("There is something too much behind the command: \"kep %s "
                   "%s\". A name with blanks in it stands between quotation "
                   "marks."),
                 command->name, arguments_of(command));
    return arguments >= command->least && arguments <= command->most;
}

static int status_of(const struct options *options, enum outcome outcome)
{
    if (options->exit_not_due &&
        (outcome == OUTCOME_NOT_DUE || outcome == OUTCOME_NOTHING_DUE ||
         outcome == OUTCOME_ALREADY_RENEWED))
        return NOT_DUE_STATUS;
    return outcome_row(outcome)->status;
}

/* Options that say the opposite of each other: the sentence, or NULL. */
static const char *contradiction(const struct options *options)
{
    const bool backup = options->backup != NULL;

    if (options->express + options->normal + options->paper > 1)
        return _("--express, --normal and --paper exclude each other.");
    if (backup && options->no_backup)
        return _("--backup and --no-backup exclude each other.");
    if (backup && options->non_exportable)
        return _("--backup and --non-exportable exclude each other: a key that "
                 "may not be copied has no backup.");
    if (backup && options->on_token)
        return _("--backup and --on-token exclude each other: a key that never "
                 "leaves its token has no backup.");
    return NULL;
}

static int run(const struct command *command, struct options *options)
{
    struct screen_settings settings = {.progress = SCREEN_AUTO};
    struct desk desk = {.options = options, .clock = &clock_real};
    struct failure failure = {.elsewhere = true};
    enum outcome outcome;

    if (options->progress != NULL &&
        !screen_progress_parse(options->progress, &settings.progress))
        return complain(_("The value of --progress is not right."));
    if (contradiction(options) != NULL)
        return complain(contradiction(options));
    if (signals_start() != 0)
        return outcome_row(OUTCOME_INTERNAL)->status;
    signals_on_cancel(api_cancel);
    desk.screen = screen_new(&settings);
    if (desk.screen == NULL)
        return outcome_row(OUTCOME_MEMORY)->status;
    pkcs11_module_use(options->pkcs11_module);
    pin_person_begin(desk.screen);
    outcome = token_choice_make(&desk, &failure);
    if (outcome == OUTCOME_DONE)
        outcome = command->run(&desk);
    else
        result_say(desk.screen, &failure);
    pin_person_end();
    screen_free(&desk.screen);
    return status_of(options, outcome);
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct options options;
    char problem[1024], config[PATHS_MAX];
    int status;

    options_init(&options);
    if (!options_parse(&options, command->bit, argc, argv, problem,
                       sizeof(problem))) {
        status = complain(problem);
    } else if (options.help || options.version) {
        if (options.help)
            print_help(command);
        else
            printf("kep %s\n", VERSION);
        status = 0;
    } else if (!count_arguments(command, options.arguments, problem,
                                sizeof(problem))) {
        status = complain(problem);
    } else if (paths_of(PATHS_CONFIG, "config.json", config) == 0 &&
               !options_configure(&options, config, problem, sizeof(problem))) {
        status = complain(problem);
    } else {
        options_complete(&options, command->bit);
        status = run(command, &options);
    }
    options_free(&options);
    return status;
}

static int dispatch(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "--help";
    const struct command *command;
    char problem[256];

    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return printf("kep %s\n", VERSION) < 0;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        strcmp(word, "help") == 0) {
        print_usage();
        return argc > 1 ? 0 : outcome_row(OUTCOME_USAGE)->status;
    }
    command = commands_find(word);
    if (command != NULL) {
        failure_of_command(command->name);
        return run_command(command, argc - 1, argv + 1);
    }
    snprintf(problem, sizeof(problem), _("There is no command %s."),
             text_clean(word).text);
    return complain(problem);
}

/* An answer that could not be written is none. */
static int end_output(int status)
{
    bool lost = ferror(stdout) != 0;

    lost |= fclose(stdout) != 0;
    if (!lost)
        return status;
    print_problem(_("The answer could not be written to standard output, or "
                    "not all of it: there is no room where it goes, or nobody "
                    "reads it any more."),
                  NULL);
    return status != 0 ? status : outcome_row(OUTCOME_IO)->status;
}

int main(int argc, char **argv)
{
    if (open_missing_descriptors() != 0 || secret_prepare_process() != 0)
        return outcome_row(OUTCOME_INTERNAL)->status;
    umask(077);
    text_start();
    return signals_status(end_output(dispatch(argc, argv)));
}
