#include "client/program/program.h"

#include "client/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK = 20 /* ms between two looks whether it has ended */ };

extern char **environ;

/* --- its environment ----------------------------------------------------- */

static void put(struct program_environment *around, char *word)
{
    if (around->count == PROGRAM_WORDS_MAX)
        around->failed = true;
    else
        around->row[around->count++] = word;
}

/* All of ours that begin so. */
static void take(struct program_environment *around, const char *beginning)
{
    for (char **at = environ; at != NULL && *at != NULL; at++)
        if (strncmp(*at, beginning, strlen(beginning)) == 0)
            put(around, *at);
}

void program_inherit(struct program_environment *around)
{
    static const char *const beginnings[] = {"PATH=", "HOME=", "LANG=", "LC_"};

    for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
        take(around, beginnings[i]);
}

void program_lend(struct program_environment *around, const char *name)
{
    char beginning[64];

    snprintf(beginning, sizeof(beginning), "%s=", name);
    take(around, beginning);
}

void program_tell(struct program_environment *around, const char *name,
                  const char *value)
{
    char *word;

    if (value == NULL || around->failed)
        return;
    if (around->owned == PROGRAM_WORDS_MAX ||
        asprintf(&word, "%s=%s", name, value) < 0) {
        around->failed = true;
        return;
    }
    around->own[around->owned++] = word;
    put(around, word);
}

void program_forget(struct program_environment *around)
{
    for (size_t i = 0; i < around->owned; i++)
        free(around->own[i]);
    *around = (struct program_environment){.count = 0};
}

/* --- the start ----------------------------------------------------------- */

/* What it begins with: stdin what it reads, -1: empty; stdout and stderr. */
struct files {
    int in, out, err;
};

/* Nothing else open. */
static int arrange_files(posix_spawn_file_actions_t *files,
                         const struct files *given)
{
    const int in = given->in;

    if ((in >= 0 ? posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO)
                 : posix_spawn_file_actions_addopen(
                       files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) != 0 ||
        posix_spawn_file_actions_adddup2(files, given->out, STDOUT_FILENO) !=
            0 ||
        posix_spawn_file_actions_adddup2(files, given->err, STDERR_FILENO) != 0)
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

static enum program_result start(const struct program *program,
                                 const struct files *given, pid_t *child)
{
    char *const *environment = program->around->row;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int error = ENOMEM;

    if (posix_spawn_file_actions_init(&files) != 0)
        return PROGRAM_SYSTEM;
    if (posix_spawnattr_init(&how) != 0)
        goto out;
    if (arrange_files(&files, given) == 0 && arrange_signals(&how) == 0)
        error = posix_spawnp(child, program->argv[0], &files, &how,
                             program->argv, environment);
    posix_spawnattr_destroy(&how);
out:
    posix_spawn_file_actions_destroy(&files);
    if (error == ENOMEM || error == EAGAIN || error == EMFILE)
        return PROGRAM_SYSTEM;
    return error == 0 ? PROGRAM_OK : PROGRAM_MISSING;
}

static bool may_be_run(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
           access(path, X_OK) == 0;
}

/* As posix_spawnp looks for it. */
bool program_is_there(const char *name)
{
    const char *folder = getenv("PATH");
    char path[PATH_MAX];

    if (strchr(name, '/') != NULL)
        return may_be_run(name);
    for (folder = folder != NULL ? folder : "/bin:/usr/bin"; *folder != '\0';) {
        const int size = (int)strcspn(folder, ":");

        if (snprintf(path, sizeof(path), "%.*s%s%s", size, folder,
                     size > 0 ? "/" : "", name) < (int)sizeof(path) &&
            may_be_run(path))
            return true;
        folder += size + (folder[size] == ':');
    }
    return false;
}

/* --- the run ------------------------------------------------------------- */

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* What is there; false at the end of the output, or where it is too much. */
static bool collect(struct program *program, int from)
{
    char more;
    ssize_t got;

    do {
        size_t left = program->room - program->size;

        got = left > 0 ? read(from, program->output + program->size, left)
                       : read(from, &more, 1);
        if (got > 0)
            program->size += (size_t)got;
    } while (got > 0 && program->size <= program->room);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/* A line of what it says that has not ended yet. */
struct saying {
    const struct program_ear *ear;
    char line[PROGRAM_LINE_MAX + 1];
    size_t size;
};

static void end_line(struct saying *saying)
{
    saying->line[saying->size] = '\0';
    if (saying->ear != NULL)
        saying->ear->hear(saying->ear->context, saying->line);
    saying->size = 0;
}

static void take_said(struct saying *saying, const char *said, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (said[i] != '\n' && said[i] != '\0')
            saying->line[saying->size++] = said[i];
        if (said[i] == '\n' || saying->size == PROGRAM_LINE_MAX)
            end_line(saying);
    }
}

/* What is there; false at the end of it. Whoever talks on is heard again. */
static bool hear(struct saying *saying, int from)
{
    char said[4096];
    ssize_t got = read(from, said, sizeof(said));

    if (got > 0)
        take_said(saying, said, (size_t)got);
    sodium_memzero(said, sizeof(said)); /* it may be a code */
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

/* Our ends of the pipes, -1 where there is none. */
struct pipes {
    int out[2], err[2];
};

/* Until it has ended. A child that it left behind may hold the pipes open. */
static enum program_result listen_to(struct program *program, pid_t child,
                                     const struct pipes *pipes,
                                     struct saying *saying, int64_t deadline)
{
    struct pollfd wait[] = {{.fd = pipes->out[0], .events = POLLIN},
                            {.fd = pipes->err[0], .events = POLLIN},
                            {.fd = signals_fd(), .events = POLLIN}};

    for (;;) {
        bool ended = has_ended(child);

        if (wait[0].fd >= 0 && !collect(program, wait[0].fd))
            wait[0].fd = -1;
        if (wait[1].fd >= 0 && !hear(saying, wait[1].fd))
            wait[1].fd = -1;
        if (program->size > program->room)
            return PROGRAM_TOO_MUCH;
        if (ended)
            return PROGRAM_OK;
        if (signals_pending() != 0)
            return PROGRAM_CANCELLED;
        if (now() >= deadline)
            return PROGRAM_LATE;
        poll(wait, 3, TICK);
    }
}

/* The last that it said, and the end of it. */
static void hear_out(struct saying *saying, int from)
{
    enum { CHUNKS = 64 }; /* a child that it left behind may talk for ever */

    for (int i = 0; from >= 0 && i < CHUNKS && hear(saying, from); i++) {
        struct pollfd more = {.fd = from, .events = POLLIN};

        if (poll(&more, 1, 0) <= 0)
            break;
    }
    if (saying->size > 0)
        end_line(saying);
}

/* 127 is what shells, env and the like say of a program that is not there. */
static enum program_result reap(pid_t child)
{
    int status = 0;

    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        /* again */
    }
    if (!WIFEXITED(status))
        return PROGRAM_FAILED;
    return WEXITSTATUS(status) == 0     ? PROGRAM_OK
           : WEXITSTATUS(status) == 127 ? PROGRAM_MISSING
                                        : PROGRAM_FAILED;
}

/* Something to read that holds the whole input, -1 without. */
static int open_input(const char *input)
{
    size_t size = strlen(input);
    int fd = memfd_create("input", MFD_CLOEXEC);

    if (fd >= 0 && (write(fd, input, size) != (ssize_t)size ||
                    lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* The program's ends are closed once it has started, else what it says would
 * never end. */
static enum program_result run(struct program *program, int in,
                               struct pipes *pipes)
{
    const int64_t deadline = now() + 1000LL * program->seconds;
    const int err = program->ear != NULL ? pipes->err[1] : STDERR_FILENO;
    const struct files files = {
        in, program->output != NULL ? pipes->out[1] : err, err};
    struct saying saying = {.ear = program->ear};
    pid_t child = -1;
    enum program_result result = start(program, &files, &child), ended;

    close_end(&pipes->out[1]);
    close_end(&pipes->err[1]);
    if (result != PROGRAM_OK)
        return result;
    result = listen_to(program, child, pipes, &saying, deadline);
    ended = reap(child);
    hear_out(&saying, pipes->err[0]);
    sodium_memzero(saying.line, sizeof(saying.line));
    return result == PROGRAM_OK ? ended : result;
}

/* Ours alone does not block: the program's end does, as it may expect. */
static bool open_pipe(int ends[2])
{
    return pipe2(ends, O_CLOEXEC) == 0 &&
           fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

enum program_result program_run(struct program *program)
{
    enum program_result result = PROGRAM_SYSTEM;
    struct pipes pipes = {{-1, -1}, {-1, -1}};
    int in = -1;

    program->size = 0;
    if (program->around->failed)
        return result;
    if (program->input != NULL && (in = open_input(program->input)) < 0)
        return result;
    if ((program->output == NULL || open_pipe(pipes.out)) &&
        (program->ear == NULL || open_pipe(pipes.err)))
        result = run(program, in, &pipes);
    for (int i = 0; i < 2; i++) {
        close_end(&pipes.out[i]);
        close_end(&pipes.err[i]);
    }
    close_end(&in);
    return result;
}
