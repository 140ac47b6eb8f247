#include "client/program/code_command.h"

#include "client/signals.h"
#include "keygen/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Seconds: more than a loaded machine takes for anything here, and less than
 * what is said to sleep. */
enum { LONG = 120 };

static char folder[] = "/tmp/kep-code-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_script(const char *name, const char *text, mode_t mode)
{
    FILE *file = fopen(in_folder(name), "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(in_folder(name), mode), 0);
}

static int start(void **state)
{
    char path[512];

    (void)state;
    if (mkdtemp(folder) == NULL || secret_prepare_process() != 0)
        return -1;
    write_script("in-path", "#!/bin/sh\necho 424242\n", 0700);
    write_script("not-executable", "#!/bin/sh\necho 424242\n", 0600);
    write_script("no-format", "echo 424242\n", 0700);
    snprintf(path, sizeof(path), "%s:/usr/bin:/bin", folder);
    return setenv("PATH", path, 1);
}

static int stop(void **state)
{
    (void)state;
    unlink(in_folder("in-path"));
    unlink(in_folder("not-executable"));
    unlink(in_folder("no-format"));
    return rmdir(folder);
}

static double seconds_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void test_results(void **state)
{
    static const struct {
        const char *command, *code;
        enum code_result result;
    } rows[] = {
        {"echo 123456", "123456", CODE_OK},
        {"printf 012345", "012345", CODE_OK},
        {"printf '\\n  123456\\t\\r\\n\\n'", "123456", CODE_OK},
        {"in-path", "424242", CODE_OK},
        {"sh -c 'echo 111111; sleep 0.1'", "111111", CODE_OK},
        {"sh -c 'echo 11; sleep 0.1; echo 1111'", NULL, CODE_NOT_A_CODE},
        {"sh -c 'printf 222; sleep 0.1; printf 333'", "222333", CODE_OK},
        {"sh -c 'echo 777777; exec >&-; sleep 0.1'", "777777", CODE_OK},
        {"sh -c 'read x && exit 9; echo 555555'", "555555", CODE_OK},
        {"true", NULL, CODE_NOTHING},
        {"printf '  \\n'", NULL, CODE_NOTHING},
        {"echo 12345", NULL, CODE_NOT_A_CODE},
        {"echo 1234567", NULL, CODE_NOT_A_CODE},
        {"echo 12345a", NULL, CODE_NOT_A_CODE},
        {"echo 123 456", NULL, CODE_NOT_A_CODE},
        {"echo Code: 123456", NULL, CODE_NOT_A_CODE},
        {"printf '123456\\000'", NULL, CODE_NOT_A_CODE},
        {"printf '12345\\000'", NULL, CODE_NOT_A_CODE},
        {"printf '\\331\\241\\331\\241\\331\\241'", NULL, CODE_NOT_A_CODE},
        {"cat /dev/zero", NULL, CODE_NOT_A_CODE},
        {"printf %256s123456 ''", NULL, CODE_NOT_A_CODE},
        {"printf %250s123456 ''", "123456", CODE_OK},
        {"sh -c 'echo 123456; exit 1'", NULL, CODE_FAILED},
        {"sh -c 'echo 123456; kill -9 $$'", NULL, CODE_FAILED},
        {"false", NULL, CODE_FAILED},
        {"no-such-program-here", NULL, CODE_NO_PROGRAM},
        {"/no/such/program", NULL, CODE_NO_PROGRAM},
        {"/tmp", NULL, CODE_NO_PROGRAM},
        {"not-executable", NULL, CODE_NO_PROGRAM},
        {"no-format", NULL, CODE_NO_PROGRAM},
        {"''", NULL, CODE_NO_PROGRAM},
        {"sh -c 'exit 127'", NULL, CODE_NO_PROGRAM},
        {"", NULL, CODE_COMMAND},
        {"echo '123456", NULL, CODE_COMMAND},
        {"echo 123456\n", NULL, CODE_COMMAND},
        {"echo $(echo 123456)", NULL, CODE_NOT_A_CODE}, /* no shell */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct code_command run = {.command = rows[i].command, .seconds = LONG};
        char *code = (char *)&run;
        enum code_result result = code_command_run(&run, &code);

        if (result != rows[i].result)
            print_error("%s\n", rows[i].command);
        assert_int_equal(result, rows[i].result);
        if (rows[i].code != NULL)
            assert_string_equal(code, rows[i].code);
        else
            assert_null(code);
        secret_free(&code);
    }
}

static void test_environment(void **state)
{
    static const struct {
        const char *test;
        bool holds;
    } rows[] = {
        {"test \"$KEP_CODE_PURPOSE\" = sign-in", true},
        {"test \"$KEP_PHONE_TAIL\" = 1234", true},
        {"test -z \"${KEP_FORM+x}\"", true},        /* not given */
        {"test -z \"${KEP_RENEWAL+x}\"", true},     /* not harmless */
        {"test -z \"${KEP_TEST_SECRET+x}\"", true}, /* not passed on */
        {"test -z \"${LD_PRELOAD+x}\"", true},
        {"test \"$HOME\" = /home/kep", true},
        {"test \"$LC_TIME\" = C", true},
        {"test -n \"$PATH\"", true},
        {"test \"$(ls /proc/self/fd | tr -d '\\n')\" = 0123", true},
        {"test \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$", true},
        /* but for 32 and 33, which posix_spawn of glibc keeps for itself */
        {"grep -q 'SigIgn:.*[08]0000000$' /proc/self/status", true},
        {"grep -q 'SigBlk:.0000000000000000' /proc/self/status", true},
        {"test 1 = 2", false},
    };
    char command[512];

    (void)state;
    setenv("KEP_TEST_SECRET", "1", 1);
    setenv("HOME", "/home/kep", 1);
    setenv("LC_TIME", "C", 1);
    signal(SIGPIPE, SIG_IGN);
    assert_true(dup2(STDIN_FILENO, 50) == 50); /* not close-on-exec */
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct code_command run = {.command = command,
                                   .purpose = "sign-in",
                                   .phone_tail = "1234",
                                   .renewal = "$(reboot)",
                                   .seconds = LONG};
        char *code;
        enum code_result result;
        FILE *script = fopen(in_folder("script"), "w");

        assert_non_null(script);
        fprintf(script, "%s && echo 123456\n", rows[i].test);
        assert_int_equal(fclose(script), 0);
        snprintf(command, sizeof(command), "sh %s", in_folder("script"));
        result = code_command_run(&run, &code);
        if ((result == CODE_OK) != rows[i].holds)
            print_error("%s\n", rows[i].test);
        assert_int_equal(result, rows[i].holds ? CODE_OK : CODE_FAILED);
        secret_free(&code);
    }
    close(50);
    unlink(in_folder("script"));
}

/* Nobody may have reaped a process that is dead. */
static bool is_alive(int pid)
{
    char path[64], state = 'Z';
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    fclose(file);
    return state != 'Z' && state != 'X';
}

/* Whether the process whose number is in the file lives on. */
static bool lives(const char *name)
{
    FILE *file = fopen(in_folder(name), "r");
    int pid = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    unlink(in_folder(name));
    assert_true(pid > 1);
    for (int i = 0; i < 100 * LONG && is_alive(pid); i++)
        usleep(10000);
    return is_alive(pid);
}

static void test_hanging_is_ended_with_its_children(void **state)
{
    char command[512], *code;
    struct code_command run = {.command = command, .seconds = 3};
    double before = seconds_now();

    (void)state;
    snprintf(command, sizeof(command),
             "sh -c 'trap \"\" TERM INT HUP; sleep 600 & echo $! >%s/child; "
             "wait; wait'",
             folder);
    assert_int_equal(code_command_run(&run, &code), CODE_LATE);
    assert_null(code);
    assert_true(seconds_now() - before < LONG);
    assert_false(lives("child"));
}

/* The child that it leaves behind holds the pipe open. */
static void test_leaving_a_child_behind(void **state)
{
    char command[512], *code;
    struct code_command run = {.command = command, .seconds = LONG};
    double before = seconds_now();

    (void)state;
    snprintf(command, sizeof(command),
             "sh -c 'sleep 600 & echo $! >%s/child; echo 123456'", folder);
    assert_int_equal(code_command_run(&run, &code), CODE_OK);
    assert_string_equal(code, "123456");
    secret_free(&code);
    assert_true(seconds_now() - before < LONG);
    assert_false(lives("child"));
}

static void test_too_much_output_is_ended(void **state)
{
    struct code_command run = {.command = "yes 123456", .seconds = LONG};
    double before = seconds_now();
    char *code;

    (void)state;
    assert_int_equal(code_command_run(&run, &code), CODE_NOT_A_CODE);
    assert_true(seconds_now() - before < LONG);
}

static void test_nothing_is_left_open(void **state)
{
    struct code_command run = {.command = "echo 123456"};
    int before = dup(0), after;
    char *code;

    (void)state;
    close(before);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(code_command_run(&run, &code), CODE_OK);
        secret_free(&code);
    }
    run.command = "/no/such/program";
    assert_int_equal(code_command_run(&run, &code), CODE_NO_PROGRAM);
    after = dup(0);
    close(after);
    assert_int_equal(before, after);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* In a child, for a signal stays pending. */
static void test_signal_ends_it(void **state)
{
    struct code_command run = {.command = "sleep 600"};
    double before = seconds_now();
    int status = -1;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        char *code;

        signals_start();
        alarm(LONG);
        if (fork() == 0) {
            usleep(200000);
            kill(getppid(), SIGTERM);
            _exit(0);
        }
        _exit((int)code_command_run(&run, &code));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), CODE_CANCELLED);
    assert_true(seconds_now() - before < LONG);
}

static void test_every_failure_has_a_sentence(void **state)
{
    (void)state;
    for (int i = CODE_OK; i <= CODE_SYSTEM; i++)
        assert_true(strlen(code_command_sentence((enum code_result)i)) > 10);
    assert_string_equal(code_command_sentence((enum code_result)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_hanging_is_ended_with_its_children),
        cmocka_unit_test(test_leaving_a_child_behind),
        cmocka_unit_test(test_too_much_output_is_ended),
        cmocka_unit_test(test_nothing_is_left_open),
        cmocka_unit_test(test_signal_ends_it),
        cmocka_unit_test(test_every_failure_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
