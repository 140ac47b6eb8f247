#include "client/program/program.h"

#include "client/program/hook.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char output[4096], sh[] = "sh", dash_c[] = "-c";
static char nowhere[] = "/nowhere/program", true_[] = "true";

/* What "sh -c script" printed, and how it ended. */
static enum program_result run(const char *script, const char *input,
                               size_t room, unsigned seconds)
{
    char *argv[] = {sh, dash_c, (char *)(uintptr_t)script, NULL};
    struct program_environment around = {.count = 0};
    struct program program = {.argv = argv,
                              .around = &around,
                              .input = input,
                              .output = output,
                              .room = room,
                              .seconds = seconds};
    enum program_result result;

    memset(output, 0, sizeof output);
    program_inherit(&around);
    program_tell(&around, "KEP_WORD", "a \"b\" $(c) ф");
    program_tell(&around, "KEP_NONE", NULL);
    result = program_run(&program);
    program_forget(&around);
    assert_int_equal(around.count, 0);
    return result;
}

static void what_it_prints_and_reads(void **state)
{
    (void)state;
    assert_int_equal(run("cat; echo \"$KEP_WORD\"", "один\n", 4000, 30),
                     PROGRAM_OK);
    assert_string_equal(output, "один\na \"b\" $(c) ф\n");
    assert_int_equal(run("cat", NULL, 4000, 30), PROGRAM_OK);
    assert_string_equal(output, "");
    assert_int_equal(run("echo 12345678", NULL, 4, 30), PROGRAM_TOO_MUCH);
    assert_int_equal(run("echo 123", NULL, 4, 30), PROGRAM_OK);
    assert_string_equal(output, "123\n");
}

static char heard[8192];

static void hear(void *context, const char *line)
{
    size_t size = strlen(heard);

    assert_ptr_equal(context, heard);
    snprintf(heard + size, sizeof heard - size, "<%s>", line);
}

/* How it ended; what it said is in heard. taken: what it printed is kept. */
static enum program_result overhear(const char *script, bool taken,
                                    unsigned seconds)
{
    static const struct program_ear ear = {hear, heard};
    char *argv[] = {sh, dash_c, (char *)(uintptr_t)script, NULL};
    struct program_environment around = {.count = 0};
    struct program program = {.argv = argv,
                              .around = &around,
                              .output = taken ? output : NULL,
                              .room = taken ? sizeof output : 0,
                              .ear = &ear,
                              .seconds = seconds};
    enum program_result result;

    memset(output, 0, sizeof output);
    memset(heard, 0, sizeof heard);
    program_inherit(&around);
    result = program_run(&program);
    program_forget(&around);
    return result;
}

static void what_it_says_is_heard_line_by_line(void **state)
{
    static const struct {
        const char *script, *heard;
    } rows[] = {
        {"echo one; echo two >&2", "<one><two>"},
        {"printf one; sleep 0.1; printf ' and two\nthree'",
         "<one and two><three>"},
        {"printf '\n\na'", "<><><a>"},
        {"true", ""},
        {"printf 'a\\0b\\033[2J\\r\\n'", "<ab\033[2J\r>"},
        {"(sleep 30; echo late) & echo gone", "<gone>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(overhear(rows[i].script, false, 20), PROGRAM_OK);
        assert_string_equal(heard, rows[i].heard);
    }
    assert_int_equal(overhear("head -c 2500 /dev/zero | tr '\\0' a", false, 20),
                     PROGRAM_OK);
    assert_int_equal(strlen(heard), 2500 + 3 * 2);
    assert_int_equal(strchr(heard, '>') - heard, PROGRAM_LINE_MAX + 1);
    assert_int_equal(overhear("echo bad; exit 3", false, 20), PROGRAM_FAILED);
    assert_string_equal(heard, "<bad>");
    assert_int_equal(overhear("echo slow; sleep 30", false, 1), PROGRAM_LATE);
    assert_string_equal(heard, "<slow>");
    assert_int_equal(overhear("yes >&2", false, 1), PROGRAM_LATE);
}

/* A code is nobody else's. */
static void what_is_kept_is_not_heard(void **state)
{
    (void)state;
    assert_int_equal(overhear("echo 123456; echo why >&2", true, 20),
                     PROGRAM_OK);
    assert_string_equal(output, "123456\n");
    assert_string_equal(heard, "<why>");
}

/* Nothing of ours: no variable, no descriptor, no secret. */
static void it_sees_nothing_else(void **state)
{
    int fd = open("/dev/null", O_RDONLY);

    (void)state;
    setenv("KEP_SECRET", "1", 1);
    setenv("LC_TIME", "C", 1);
    assert_int_equal(run("echo $KEP_SECRET$KEP_NONE$LC_TIME; "
                         "ls /proc/self/fd | wc -l",
                         NULL, 4000, 30),
                     PROGRAM_OK);
    assert_string_equal(output, "C\n4\n"); /* the fourth is of ls itself */
    close(fd);
    unsetenv("KEP_SECRET");
    unsetenv("LC_TIME");
}

static void how_it_ends_is_told(void **state)
{
    char *missing[] = {nowhere, NULL};
    struct program_environment around = {.count = 0};
    struct program program = {
        .argv = missing, .around = &around, .seconds = 30};

    (void)state;
    assert_int_equal(program_run(&program), PROGRAM_MISSING);
    assert_int_equal(run("exit 3", NULL, 4000, 30), PROGRAM_FAILED);
    assert_int_equal(run("kill -9 $$", NULL, 4000, 30), PROGRAM_FAILED);
    assert_int_equal(run("exit 127", NULL, 4000, 30), PROGRAM_MISSING);
}

/* What it started goes with it, also when it is ended for being late. */
static void it_has_its_time_and_no_more(void **state)
{
    char *place = scratch_new(), *script;
    time_t begun = time(NULL);

    (void)state;
    assert_true(asprintf(&script, "(sleep 600; touch '%s') & sleep 600",
                         scratch_path(place, "late")) > 0);
    assert_int_equal(run(script, NULL, 4000, 1), PROGRAM_LATE);
    assert_true(time(NULL) - begun < 300);
    free(script);
    scratch_remove(&place);
}

/* As a hook and as one whose output is taken: each in a second, and none any
 * longer than its end or that. */
static void no_manners_hold_it_up(void **state)
{
    static const struct {
        const char *script;
        enum program_result ended;
    } rows[] = {
        {"trap '' TERM INT HUP; while :; do sleep 1; done", PROGRAM_LATE},
        {"exec >&- 2>&-; sleep 600", PROGRAM_LATE},
        {"exec <&- >&- 2>&-; exit 0", PROGRAM_OK},
        {"exec >&- 2>&-; exit 3", PROGRAM_FAILED},
        {"setsid sleep 7 & exit 0", PROGRAM_OK},
        {"setsid sh -c 'trap \"\" TERM; exec sleep 7' & sleep 600",
         PROGRAM_LATE},
        {"for i in 1 2 3 4 5 6 7 8; do sleep 600 & done; exit 3",
         PROGRAM_FAILED},
        {"kill -STOP $$", PROGRAM_LATE},
    };
    time_t begun;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begun = time(NULL);
        assert_int_equal(run(rows[i].script, NULL, 4000, 1), rows[i].ended);
        assert_int_equal(overhear(rows[i].script, false, 1), rows[i].ended);
        assert_in_range(time(NULL) - begun, 0, 6);
    }
    /* Without a line's end and without an end. */
    assert_int_equal(overhear("tr '\\0' a </dev/zero", false, 1), PROGRAM_LATE);
    assert_int_equal(overhear("cat /dev/zero >&2", true, 1), PROGRAM_LATE);
    assert_int_equal(run("cat /dev/zero", NULL, 4000, 30), PROGRAM_TOO_MUCH);
}

static void too_many_words_are_a_failure(void **state)
{
    char *argv[] = {true_, NULL};
    struct program_environment around = {.count = 0};
    struct program program = {.argv = argv, .around = &around, .seconds = 30};

    (void)state;
    for (int i = 0; i <= PROGRAM_WORDS_MAX; i++)
        program_tell(&around, "KEP_WORD", "x");
    assert_int_equal(program_run(&program), PROGRAM_SYSTEM);
    program_forget(&around);
}

/* --- hooks --------------------------------------------------------------- */

static enum outcome hook(const char *command, const char *input, char *problem)
{
    const struct hook one = {.option = "--deploy-command",
                             .command = command,
                             .event = "deploy",
                             .input = input};
    struct program_environment around = {.count = 0};
    struct record record = {.failed = false};
    enum outcome outcome;

    record_set(&record, RECORD_ID, "0123");
    record_set(&record, RECORD_MESSAGE, "Нет.\x1b[31m");
    record_set_time(&record, RECORD_NEW_NOT_AFTER, 1767225600);
    hook_tell_record(&around, &record);
    outcome = hook_run(&one, &around, problem);
    record_free(&record);
    return outcome;
}

static void hooks_are_told_what_it_is_about(void **state)
{
    char *place = scratch_new(), *command, problem[HOOK_PROBLEM], said[512];
    FILE *file;
    size_t size;

    (void)state;
    assert_true(
        asprintf(&command,
                 "sh -c 'cat >\"$0\"; echo \"$KEP_EVENT $KEP_RENEWAL "
                 "$KEP_NOT_AFTER $KEP_MESSAGE $KEP_CONTAINER.\" >>\"$0\"' %s",
                 scratch_path(place, "said")) > 0);
    assert_int_equal(hook(command, "text\n", problem), OUTCOME_DONE);
    assert_string_equal(problem, "");
    file = fopen(scratch_path(place, "said"), "r");
    assert_non_null(file);
    size = fread(said, 1, sizeof said - 1, file);
    said[size] = '\0';
    fclose(file);
    assert_string_equal(said, "text\ndeploy 0123 2026-01-01T00:00:00Z "
                              "Нет.\xEF\xBF\xBD[31m .\n");
    free(command);
    scratch_remove(&place);
}

static void hooks_that_fail_are_told(void **state)
{
    static const struct {
        const char *command, *says;
    } rows[] = {
        {"false", "--deploy-command false: the program ended with an error"},
        {"/nowhere/x y", "--deploy-command /nowhere/x: the program was not "
                         "found"},
        {"echo 'x", "quot"},
        {" ", "--deploy-command: "},
    };
    char problem[HOOK_PROBLEM];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(hook(rows[i].command, NULL, problem),
                         OUTCOME_HOOK_FAILED);
        if (strstr(problem, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].command, problem);
    }
}

/* As the one that starts it finds it. */
static void whether_there_is_one_is_known_before(void **state)
{
    static const struct {
        const char *name, *path;
        bool there;
    } rows[] = {
        {"true", "/nowhere:/bin:/usr/bin", true},
        {"true", NULL, true},
        {"true", "/nowhere", false},
        {"true", "", false},
        {"no-such-program", "/bin:/usr/bin", false},
        {"/bin/sh", "", true},
        {"/bin", "", false}, /* a folder */
        {"bin", "/", false},
        {"/etc/passwd", "", false}, /* not to be run */
        {"passwd", "/etc", false},
        {"", "/bin", false},
    };
    char *kept = strdup(getenv("PATH"));

    (void)state;
    assert_non_null(kept);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].path != NULL)
            setenv("PATH", rows[i].path, 1);
        else
            unsetenv("PATH");
        if (program_is_there(rows[i].name) != rows[i].there)
            fail_msg("%s in %s", rows[i].name, rows[i].path);
    }
    setenv("PATH", kept, 1);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_prints_and_reads),
        cmocka_unit_test(what_it_says_is_heard_line_by_line),
        cmocka_unit_test(what_is_kept_is_not_heard),
        cmocka_unit_test(it_sees_nothing_else),
        cmocka_unit_test(how_it_ends_is_told),
        cmocka_unit_test(it_has_its_time_and_no_more),
        cmocka_unit_test(no_manners_hold_it_up),
        cmocka_unit_test(too_many_words_are_a_failure),
        cmocka_unit_test(hooks_are_told_what_it_is_about),
        cmocka_unit_test(hooks_that_fail_are_told),
        cmocka_unit_test(whether_there_is_one_is_known_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
