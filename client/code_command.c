#include "client/code_command.h"

#include "client/signals.h"
#include "client/text.h"
#include "client/words.h"
#include "keygen/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    OUTPUT_MAX = 256,
    TICK = 20,           /* ms between two looks whether it has ended */
    VALUE_MAX = 128,     /* bytes of one of our words in its environment */
    ENVIRONMENT_MAX = 64 /* words of its environment */
};

extern char **environ;

/* Its environment: a row of strings, those of ours owned. */
struct surroundings {
    char *row[ENVIRONMENT_MAX + 1];
    size_t count;
    char own[4][VALUE_MAX];
    size_t owned;
};

static void inherit(struct surroundings *around)
{
    static const char *const names[] = {"PATH=", "HOME=", "LANG=", "LC_"};

    for (char **at = environ; at != NULL && *at != NULL; at++) {
        for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
            if (strncmp(*at, names[i], strlen(names[i])) == 0 &&
                around->count < ENVIRONMENT_MAX - 4)
                around->row[around->count++] = *at;
        }
    }
}

/* Words of a server end up in scripts: only what cannot be mistaken there. */
static void tell(struct surroundings *around, const char *name,
                 const char *value)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    char *own = around->own[around->owned];

    if (value == NULL || value[strspn(value, allowed)] != '\0' ||
        snprintf(own, VALUE_MAX, "%s=%s", name, value) >= VALUE_MAX)
        return;
    around->row[around->count++] = own;
    around->owned++;
}

static void surround(struct surroundings *around,
                     const struct code_command *run)
{
    inherit(around);
    tell(around, "KEP_CODE_PURPOSE", run->purpose);
    tell(around, "KEP_PHONE_TAIL", run->phone_tail);
    tell(around, "KEP_FORM", run->form);
    tell(around, "KEP_RENEWAL", run->renewal);
}

/* stdin empty, stdout to us, stderr ours, nothing else open. */
static int arrange_files(posix_spawn_file_actions_t *files, int out)
{
    if (posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null",
                                         O_RDONLY, 0) != 0 ||
        posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO) != 0)
        return -1;
    return posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
}

/* A group of its own, no signal blocked or ignored because we do. */
static int arrange_signals(posix_spawnattr_t *how)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawnattr_setpgroup(how, 0) != 0 ||
        posix_spawnattr_setsigmask(how, &none) != 0 ||
        posix_spawnattr_setsigdefault(how, &all) != 0)
        return -1;
    return posix_spawnattr_setflags(how, POSIX_SPAWN_SETPGROUP |
                                             POSIX_SPAWN_SETSIGMASK |
                                             POSIX_SPAWN_SETSIGDEF);
}

static enum code_result start(char **argv, char **environment, int out,
                              pid_t *child)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int error = ENOMEM;

    if (posix_spawn_file_actions_init(&files) != 0)
        return CODE_SYSTEM;
    if (posix_spawnattr_init(&how) != 0)
        goto out;
    if (arrange_files(&files, out) == 0 && arrange_signals(&how) == 0)
        error = posix_spawnp(child, argv[0], &files, &how, argv, environment);
    posix_spawnattr_destroy(&how);
out:
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOMEM || error == EAGAIN || error == EMFILE)
        return CODE_SYSTEM;
    return error == 0 ? CODE_OK : CODE_NO_PROGRAM;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* What is there; false at the end of the output. */
static bool collect(int from, char *output, size_t *size)
{
    ssize_t got;

    do {
        got = read(from, output + *size, OUTPUT_MAX + 1 - *size);
        if (got > 0)
            *size += (size_t)got;
    } while (got > 0 && *size <= OUTPUT_MAX);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Without reaping it: its number must stay taken until its group is dead. */
static bool has_ended(pid_t child)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) !=
               0 ||
           info.si_pid == child;
}

/* Until it has ended. A child that it left behind may hold the pipe open. */
static enum code_result listen_to(pid_t child, int from, int64_t deadline,
                                  char *output, size_t *size)
{
    struct pollfd wait[] = {{.fd = from, .events = POLLIN},
                            {.fd = signals_fd(), .events = POLLIN}};

    for (;;) {
        bool ended = has_ended(child);

        if (wait[0].fd >= 0 && !collect(from, output, size))
            wait[0].fd = -1;
        if (*size > OUTPUT_MAX)
            return CODE_NOT_A_CODE;
        if (ended)
            return CODE_OK;
        if (signals_pending() != 0)
            return CODE_CANCELLED;
        if (now() >= deadline)
            return CODE_LATE;
        poll(wait, 2, TICK);
    }
}

/* 127 is what shells, env and the like say of a program that is not there. */
static enum code_result reap(pid_t child)
{
    int status = 0;

    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        /* again */
    }
    if (!WIFEXITED(status))
        return CODE_FAILED;
    return WEXITSTATUS(status) == 0     ? CODE_OK
           : WEXITSTATUS(status) == 127 ? CODE_NO_PROGRAM
                                        : CODE_FAILED;
}

/* The digits alone in the output. */
static enum code_result pick(const char *output, size_t size, char **code)
{
    static const char blanks[] = " \t\r\n";

    while (size > 0 && memchr(blanks, output[size - 1], 4) != NULL)
        size--;
    while (size > 0 && memchr(blanks, *output, 4) != NULL) {
        output++;
        size--;
    }
    if (size == 0)
        return CODE_NOTHING;
    if (size != CODE_DIGITS || strspn(output, "0123456789") < size)
        return CODE_NOT_A_CODE;
    *code = secret_copy(output, size);
    return *code != NULL ? CODE_OK : CODE_SYSTEM;
}

static enum code_result run_words(const struct code_command *run, char **argv,
                                  int pipe_ends[2], char **code)
{
    int64_t limit = run->seconds > 0 ? run->seconds : CODE_COMMAND_SECONDS;
    struct surroundings around = {0};
    enum code_result result, ended;
    char *output = secret_new(OUTPUT_MAX + 2);
    size_t size = 0;
    pid_t child = -1;

    if (output == NULL)
        return CODE_SYSTEM;
    surround(&around, run);
    result = start(argv, around.row, pipe_ends[1], &child);
    close(pipe_ends[1]); /* else its output would never end */
    pipe_ends[1] = -1;
    if (result == CODE_OK) {
        result =
            listen_to(child, pipe_ends[0], now() + limit * 1000, output, &size);
        ended = reap(child);
        if (result == CODE_OK)
            result = ended;
    }
    if (result == CODE_OK)
        result = pick(output, size, code);
    secret_free(&output);
    return result;
}

enum code_result code_command_run(const struct code_command *run, char **code)
{
    enum code_result result = CODE_SYSTEM;
    struct words words;
    int pipe_ends[2];

    *code = NULL;
    switch (words_split(run->command, &words)) {
    case WORDS_OK:
        break;
    case WORDS_MEMORY:
        return CODE_SYSTEM;
    default:
        return CODE_COMMAND;
    }
    if (pipe2(pipe_ends, O_CLOEXEC) == 0) {
        /* Ours only: the program's end blocks, as it may expect. */
        if (fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK) == 0)
            result = run_words(run, words.argv, pipe_ends, code);
        close(pipe_ends[0]);
        if (pipe_ends[1] >= 0)
            close(pipe_ends[1]);
    }
    words_free(&words);
    return result;
}

const char *code_command_sentence(enum code_result result)
{
    static const char *const sentences[] = {
        [CODE_OK] = N_("The code command gave a code."),
        [CODE_COMMAND] =
            N_("The code command is not written right: check its quotation "
               "marks."),
        [CODE_NO_PROGRAM] = N_("The program of the code command was not found "
                               "or may not be run: check its path."),
        [CODE_FAILED] = N_("The code command ended with an error: its own "
                           "messages say why."),
        [CODE_NOTHING] = N_("The code command printed nothing: it has to "
                            "print the code from the SMS."),
        [CODE_NOT_A_CODE] =
            N_("The code command printed something other than six digits: it "
               "has to print the code from the SMS and nothing else."),
        [CODE_LATE] = N_("The code command took too long and was stopped."),
        [CODE_CANCELLED] = N_("Interrupted while waiting for the code."),
        [CODE_SYSTEM] = N_("The code command could not be started: there is "
                           "not enough memory or too many programs run."),
    };

    return result <= CODE_SYSTEM ? _(sentences[result]) : "";
}
