#include "client/options.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS = 70, ROOM = 1024 };

static char problem[ROOM];

/* One command line, blanks between its words. */
static bool parse(struct options *options, enum options_command command,
                  const char *line)
{
    static char words[4096];
    char *argv[WORDS] = {words};
    char *rest = words + 4;
    int argc = 1;

    snprintf(words, sizeof words, "kep");
    snprintf(words + 4, sizeof words - 4, "%s", line);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (*word != '\0')
            argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
    options_init(options);
    problem[0] = '\0';
    return options_parse(options, command, argc, argv, problem, ROOM);
}

/* --- the table ----------------------------------------------------------- */

static char *help_of(enum options_command command)
{
    char *folder = scratch_new();
    char *text = calloc(1, 65536);
    int kept;
    FILE *file;

    fflush(stdout);
    kept = dup(STDOUT_FILENO);
    assert_non_null(freopen(scratch_path(folder, "help"), "w", stdout));
    options_print(command);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    file = fopen(scratch_path(folder, "help"), "r");
    assert_non_null(file);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    scratch_remove(&folder);
    return text;
}

static char *helps[32];
static size_t help_count;

/* The help of every command. */
static int collect(void **state)
{
    (void)state;
    for (int bit = 1; bit < COMMAND_ALL; bit <<= 1)
        helps[help_count++] = help_of((enum options_command)bit);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    while (help_count > 0)
        free(helps[--help_count]);
    return 0;
}

static void every_option_has_help(void **state)
{
    const char *name;

    (void)state;
    for (size_t i = 0; (name = options_name(i)) != NULL; i++) {
        char line[80];
        size_t found = 0;

        snprintf(line, sizeof line, "--%s ", name);
        for (size_t j = 0; j < help_count; j++) {
            const char *at = strstr(helps[j], line);

            /* Something stands behind the option's own column. */
            found += at != NULL && strcspn(at, "\n") > 24;
        }
        if (found == 0)
            fail_msg("--%s has no help", name);
    }
    for (size_t j = 0; j < help_count; j++)
        for (char *at = helps[j]; *at != '\0'; at += strcspn(at, "\n") + 1)
            assert_in_range(strcspn(at, "\n"), 1, 80);
}

/* Commands may mean different things by a name, each only one. */
static void names_are_unique(void **state)
{
    const char *name;

    (void)state;
    for (size_t i = 0; (name = options_name(i)) != NULL; i++)
        for (size_t j = 0; j < help_count; j++) {
            char line[80];
            const char *at;

            snprintf(line, sizeof line, " --%s ", name);
            at = strstr(helps[j], line);
            if (at != NULL && strstr(at + 1, line) != NULL)
                fail_msg("--%s stands twice", name);
        }
}

/* --- the command line ---------------------------------------------------- */

static void each_is_taken(void **state)
{
    struct options o;

    (void)state;
    assert_true(parse(
        &o, COMMAND_RENEW,
        "--server https://a --server-ca b --roots c --phone d --code-command e "
        "--to f --name g --algorithm h --entropy i --pin-file j --pin-fd 3 "
        "--old-pin-file k --old-pin-fd 4 --express --accept-data --backup l "
        "--no-backup --window 30 --force --wait 5 --dry-run --exit-not-due "
        "--progress never --json X"));
    assert_string_equal(o.server, "https://a");
    assert_string_equal(o.server_ca, "b");
    assert_string_equal(o.roots, "c");
    assert_string_equal(o.phone, "d");
    assert_string_equal(o.code_command, "e");
    assert_string_equal(o.to, "f");
    assert_string_equal(o.name, "g");
    assert_string_equal(o.algorithm, "h");
    assert_string_equal(o.entropy, "i");
    assert_string_equal(o.pin_file, "j");
    assert_int_equal(o.pin_fd, 3);
    assert_string_equal(o.old_pin_file, "k");
    assert_int_equal(o.old_pin_fd, 4);
    assert_string_equal(o.backup, "l");
    assert_int_equal(o.window, 30);
    assert_int_equal(o.wait, 5);
    assert_string_equal(o.progress, "never");
    assert_true(o.express && o.accept_data && o.no_backup && o.force &&
                o.dry_run && o.exit_not_due && o.json);
    assert_int_equal(o.arguments, 1);
    assert_string_equal(o.argument[0], "X");
    options_free(&o);
}

static void nothing_given_is_nothing_set(void **state)
{
    struct options o;

    (void)state;
    assert_true(parse(&o, COMMAND_RENEW, ""));
    assert_null(o.server);
    assert_null(o.to);
    assert_int_equal(o.pin_fd, -1);
    assert_int_equal(o.old_pin_fd, -1);
    assert_int_equal(o.window, -1);
    assert_int_equal(o.wait, -1);
    assert_false(o.accept_data || o.force || o.json || o.help);
    assert_int_equal(o.arguments, 0);
    options_free(&o);
}

/* What nobody says is the usual; an express renewal asks for little. */
static void what_is_not_said_is_the_usual(void **state)
{
    struct options o;

    (void)state;
    options_init(&o);
    options_complete(&o, COMMAND_RENEW);
    assert_int_equal(o.window, 60);
    assert_int_equal(o.wait, 1800);
    assert_null(o.entropy);
    options_init(&o);
    o.express = true;
    options_complete(&o, COMMAND_BATCH);
    assert_int_equal(o.wait, 1800);
    options_init(&o);
    o.express = true;
    options_complete(&o, COMMAND_RENEW);
    assert_int_equal(o.wait, 0);
    assert_string_equal(o.entropy, "system");
    options_init(&o);
    o.express = true;
    o.wait = 5;
    o.window = 7;
    o.entropy = "keyboard";
    options_complete(&o, COMMAND_RENEW);
    assert_int_equal(o.wait, 5);
    assert_int_equal(o.window, 7);
    assert_string_equal(o.entropy, "keyboard");
}

static void good_lines_are_taken(void **state)
{
    static const struct {
        enum options_command command;
        const char *line;
        size_t arguments;
    } rows[] = {
        {COMMAND_RENEW, "-s a -p b -t c -n -f -j", 0},
        {COMMAND_RENEW, "-njf X", 1},
        {COMMAND_RENEW, "X --json Y", 2},
        {COMMAND_RENEW, "-- --json", 1},
        {COMMAND_RENEW, "--to=a", 0},
        {COMMAND_RENEW, "--to - -", 1},
        {COMMAND_RENEW, "--window 0", 0},
        {COMMAND_RENEW, "--window 3650", 0},
        {COMMAND_BATCH, "--jobs 1", 0},
        {COMMAND_RESUME, "--jobs 20", 0},
        {COMMAND_RENEW, "--wait 259200", 0},
        {COMMAND_RENEW, "--pin-fd 65535", 0},
        {COMMAND_RENEW, "--to a --to b", 0},
        {COMMAND_RENEW, "-hV", 0},
        {COMMAND_STATUS, "--window 10 --json a b c", 3},
        {COMMAND_RESUME, "--server a --wait 0 --to b --backup c abcd", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct options o;

        if (!parse(&o, rows[i].command, rows[i].line))
            fail_msg("%s: %s", rows[i].line, problem);
        assert_int_equal(o.arguments, rows[i].arguments);
        options_free(&o);
    }
}

/* An option that may be given many times keeps all its values in order. */
static void lists_are_kept(void **state)
{
    char line[OPTIONS_LIST_MAX * 20 + 40] = "";
    struct options o;

    (void)state;
    assert_true(parse(&o, COMMAND_REQUEST,
                      "--subject CN=1 --to x --subject SN= X --subject =3"));
    assert_int_equal(o.subject.count, 3);
    assert_string_equal(o.subject.value[0], "CN=1");
    assert_string_equal(o.subject.value[1], "SN=");
    assert_string_equal(o.subject.value[2], "=3");
    assert_int_equal(o.arguments, 1);
    options_free(&o);
    assert_false(parse(&o, COMMAND_REQUEST, "--subject ''"));
    options_free(&o);
    for (int i = 0; i <= OPTIONS_LIST_MAX; i++) {
        const size_t used = strlen(line);

        assert_int_equal(parse(&o, COMMAND_REQUEST, line), true);
        assert_int_equal(o.subject.count, i);
        options_free(&o);
        snprintf(line + used, sizeof line - used, " --subject CN=%d", i);
    }
    assert_false(parse(&o, COMMAND_REQUEST, line));
    options_free(&o);
}

/* The sentence names what is wrong as it was typed. */
static void bad_lines_are_refused(void **state)
{
    static const struct {
        enum options_command command;
        const char *line, *named;
    } rows[] = {
        {COMMAND_RENEW, "--unknown", "--unknown"},
        {COMMAND_RENEW, "--unknown=1", "--unknown=1"},
        {COMMAND_RENEW, "-x", "-x"},
        {COMMAND_RENEW, "-xj", "-x"},
        {COMMAND_RENEW, "-jx", "-x"},
        {COMMAND_RENEW, "-jxn X Y", "-x"},
        {COMMAND_RENEW, "--server", "--server"},
        {COMMAND_RENEW, "X --server", "--server"},
        {COMMAND_RENEW, "-s", "-s"},
        {COMMAND_RENEW, "-js", "-s"},
        {COMMAND_RENEW, "--json=yes", "--json"},
        {COMMAND_RENEW, "--to ''", "--to"},
        {COMMAND_RENEW, "--to=", "--to"},
        {COMMAND_RENEW, "--window 3651", "3651"},
        {COMMAND_BATCH, "--jobs 0", "--jobs"},
        {COMMAND_BATCH, "--jobs 21", "--jobs"},
        {COMMAND_RESUME, "--jobs 0", "--jobs"},
        {COMMAND_RENEW, "--window -1", "-1"},
        {COMMAND_RENEW, "--window +1", "+1"},
        {COMMAND_RENEW, "--window 1.5", "1.5"},
        {COMMAND_RENEW, "--window 0x10", "0x10"},
        {COMMAND_RENEW, "--window ''", "--window"},
        {COMMAND_RENEW, "--window ten", "ten"},
        {COMMAND_RENEW, "--window 99999999999999999999",
         "99999999999999999999"},
        {COMMAND_RENEW, "--wait 259201", "259201"},
        {COMMAND_RENEW, "--pin-fd 65536", "65536"},
        {COMMAND_RENEW, "--p 1", "--p"}, /* of several */
        {COMMAND_STATUS, "--server a", "--server"},
        {COMMAND_STATUS, "--force", "--force"},
        {COMMAND_RESUME, "--dry-run", "--dry-run"},
        {COMMAND_RESUME, "--window 60", "--window"},
        {COMMAND_RENEW, "--\033[2Jx", "--"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct options o;

        if (parse(&o, rows[i].command, rows[i].line))
            fail_msg("taken: %s", rows[i].line);
        if (strstr(problem, rows[i].named) == NULL)
            fail_msg("%s: %s", rows[i].line, problem);
        assert_null(strchr(problem, '\033'));
        options_free(&o);
    }
}

static void there_may_be_too_many_arguments(void **state)
{
    char line[512] = "";
    struct options o;

    (void)state;
    for (size_t i = 0; i < OPTIONS_ARGUMENTS_MAX; i++)
        memcpy(line + 2 * i, "a ", 3);
    assert_true(parse(&o, COMMAND_STATUS, line));
    assert_int_equal(o.arguments, OPTIONS_ARGUMENTS_MAX);
    memcpy(line + strlen(line), "a ", 3);
    assert_false(parse(&o, COMMAND_STATUS, line));
    assert_true(problem[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_option_has_help, collect, drop),
        cmocka_unit_test_setup_teardown(names_are_unique, collect, drop),
        cmocka_unit_test(each_is_taken),
        cmocka_unit_test(nothing_given_is_nothing_set),
        cmocka_unit_test(what_is_not_said_is_the_usual),
        cmocka_unit_test(good_lines_are_taken),
        cmocka_unit_test(lists_are_kept),
        cmocka_unit_test(bad_lines_are_refused),
        cmocka_unit_test(there_may_be_too_many_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
