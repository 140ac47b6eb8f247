#include "client/state/paths.h"

#include "tests/support/nobody.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROUNDS = 30 };

/* --- where --------------------------------------------------------------- */

static void set(const char *variable, const char *value)
{
    if (value != NULL)
        setenv(variable, value, 1);
    else
        unsetenv(variable);
}

static void folders_are_those_of_the_specification(void **state)
{
    static const struct {
        enum paths_root root;
        const char *variable, *value, *home, *path;
    } rows[] = {
        {PATHS_CONFIG, "XDG_CONFIG_HOME", NULL, "/home/a",
         "/home/a/.config/kep/x"},
        {PATHS_STATE, "XDG_STATE_HOME", NULL, "/home/a",
         "/home/a/.local/state/kep/x"},
        {PATHS_DATA, "XDG_DATA_HOME", NULL, "/home/a",
         "/home/a/.local/share/kep/x"},
        {PATHS_CONFIG, "XDG_CONFIG_HOME", "/c", "/home/a", "/c/kep/x"},
        {PATHS_STATE, "XDG_STATE_HOME", "/s", NULL, "/s/kep/x"},
        {PATHS_DATA, "XDG_DATA_HOME", "/d", "", "/d/kep/x"},
        /* relative ones are to be ignored */
        {PATHS_STATE, "XDG_STATE_HOME", "s", "/home/a",
         "/home/a/.local/state/kep/x"},
        {PATHS_STATE, "XDG_STATE_HOME", "", "/home/a",
         "/home/a/.local/state/kep/x"},
        {PATHS_STATE, "XDG_STATE_HOME", "../s", "/home/a",
         "/home/a/.local/state/kep/x"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[PATHS_MAX];

        set(rows[i].variable, rows[i].value);
        set("HOME", rows[i].home);
        assert_int_equal(paths_of(rows[i].root, "x", path), 0);
        assert_string_equal(path, rows[i].path);
        unsetenv(rows[i].variable);
    }
}

/* Without HOME, or with one that is none, the user's folder is asked for. */
static void a_home_is_found_without_the_variable(void **state)
{
    static const char *const homes[] = {NULL, "", "home", "../x"};

    (void)state;
    unsetenv("XDG_STATE_HOME");
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        char path[PATHS_MAX] = "";

        set("HOME", homes[i]);
        if (paths_of(PATHS_STATE, "x", path) == 0)
            assert_int_equal(path[0], '/');
    }
}

static void long_ones_are_refused(void **state)
{
    static char name[PATHS_MAX];
    char path[PATHS_MAX];

    (void)state;
    setenv("XDG_STATE_HOME", "/s", 1);
    memset(name, 'a', sizeof name - 1);
    assert_int_equal(paths_of(PATHS_STATE, name, path), -1);
    name[PATHS_MAX - 1 - strlen("/s/kep/")] = '\0';
    assert_int_equal(paths_of(PATHS_STATE, name, path), 0);
    name[strlen(name)] = 'a';
    assert_int_equal(paths_of(PATHS_STATE, name, path), -1);
    unsetenv("XDG_STATE_HOME");
}

/* --- folders ------------------------------------------------------------- */

static mode_t mode_of(const char *path)
{
    struct stat about;

    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static void folders_are_made_for_their_owner(void **state)
{
    static const char *const names[] = {"a", "a/b", "a/b/c", "d/", "e//f/"};
    mode_t before = umask(0);

    (void)state;
    assert_int_equal(paths_make(scratch_file("a/b/c")), 0);
    assert_int_equal(paths_make(scratch_file("a/b/c")), 0);
    assert_int_equal(paths_make(scratch_file("d/")), 0);
    assert_int_equal(paths_make(scratch_file("e//f/")), 0);
    umask(before);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(mode_of(scratch_file(names[i])), 0700);
}

static int cannot_make(const void *path)
{
    return paths_make(path) == -1 && errno == EACCES;
}

static void folders_that_cannot_be_made_are_errors(void **state)
{
    static char name[PATHS_MAX + 10];

    (void)state;
    scratch_text("file", "");
    assert_int_equal(paths_make(scratch_file("file/a")), -1);
    assert_int_equal(errno, ENOTDIR);
    memset(name, '/', sizeof name - 1);
    assert_int_equal(paths_make(name), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(chmod(scratch_folder, 0555), 0);
    assert_true(nobody_does(cannot_make, scratch_file("new")));
    assert_int_equal(chmod(scratch_folder, 0755), 0);
}

/* --- files --------------------------------------------------------------- */

static void assert_holds(const char *path, const void *data, size_t size)
{
    size_t got = 0;
    char *text = paths_read(path, 1 << 20, &got);

    assert_non_null(text);
    assert_int_equal(got, size);
    assert_memory_equal(text, data, size);
    assert_int_equal(text[size], '\0');
    free(text);
}

static size_t files_in_folder(void)
{
    glob_t found = {0};
    size_t count = 0;

    if (glob(scratch_file("*"), 0, NULL, &found) == 0)
        count = found.gl_pathc;
    globfree(&found);
    return count;
}

static void files_are_written_and_read(void **state)
{
    static const char data[] = "a\0b\n";
    const char *path = scratch_file("file");
    mode_t before = umask(0);

    (void)state;
    assert_int_equal(paths_write(path, data, sizeof data), 0);
    umask(before);
    assert_int_equal(mode_of(path), 0600);
    assert_holds(path, data, sizeof data);
    assert_int_equal(paths_write(path, "", 0), 0);
    assert_holds(path, "", 0);
    assert_int_equal(paths_write(path, data, 1), 0);
    assert_holds(path, data, 1);
    assert_int_equal(files_in_folder(), 1);
}

/* A link is replaced, not followed. */
static void links_are_not_written_through(void **state)
{
    const char *path = scratch_file("link");
    struct stat about;

    (void)state;
    scratch_text("target", "kept");
    assert_int_equal(symlink("target", path), 0);
    assert_int_equal(paths_write(path, "new", 3), 0);
    assert_holds(scratch_file("target"), "kept", 4);
    assert_int_equal(lstat(path, &about), 0);
    assert_true(S_ISREG(about.st_mode));
}

static int cannot_write(const void *path)
{
    return paths_write(path, "x", 1) == -1 && errno == EACCES;
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    static char name[PATHS_MAX];

    (void)state;
    assert_int_equal(paths_write(scratch_file("no/file"), "x", 1), -1);
    assert_int_equal(errno, ENOENT);
    memset(name, 'a', sizeof name - 1);
    assert_int_equal(paths_write(name, "x", 1), -1);
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(mkdir(scratch_file("is"), 0700), 0);
    assert_int_equal(paths_write(scratch_file("is"), "x", 1), -1);
    assert_int_equal(chmod(scratch_folder, 0555), 0);
    assert_true(nobody_does(cannot_write, scratch_file("new")));
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    assert_int_equal(files_in_folder(), 1);
}

static int write_much(void)
{
    static char much[64 * 1024];
    const struct rlimit limit = {16 * 1024, 16 * 1024};

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return paths_write(scratch_file("file"), much, sizeof much) == -1 &&
           errno == EFBIG;
}

static void on_a_full_disk_the_old_one_stays(void **state)
{
    int status = 0;
    pid_t child;

    (void)state;
    scratch_text("file", "old");
    child = fork();
    if (child == 0)
        _exit(write_much());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_holds(scratch_file("file"), "old", 3);
    assert_int_equal(files_in_folder(), 1);
}

static void write_for_ever(void)
{
    static char text[5000];

    for (unsigned i = 0;; i++) {
        memset(text, 'a' + (int)(i % 26), sizeof text);
        (void)!paths_write(scratch_file("file"), text, sizeof text);
    }
}

static void killed_in_the_middle_it_is_whole(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        pid_t child = fork();
        size_t size = 0;
        char *text;

        if (child == 0)
            write_for_ever();
        usleep(1000 + 300 * i);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        text = paths_read(scratch_file("file"), 10000, &size);
        if (text == NULL)
            continue;
        assert_int_equal(size, 5000);
        assert_memory_equal(text, text + 1, size - 1);
        free(text);
    }
}

static int cannot_read(const void *path)
{
    size_t size;

    return paths_read(path, 10, &size) == NULL && errno == EACCES;
}

static void only_files_are_read(void **state)
{
    const char *path = scratch_file("it");
    size_t size;

    (void)state;
    assert_null(paths_read(path, 10, &size));
    assert_int_equal(errno, ENOENT);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_null(paths_read(path, 10, &size));
    assert_int_equal(errno, EINVAL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_null(paths_read(path, 10, &size));
    assert_int_equal(rmdir(path), 0);
    assert_null(paths_read("/dev/zero", 10, &size));
    assert_int_equal(errno, EINVAL);
    scratch_text("it", "0123456789");
    assert_holds(path, "0123456789", 10);
    assert_null(paths_read(path, 9, &size));
    assert_int_equal(errno, EFBIG);
    assert_int_equal(chmod(scratch_folder, 0711), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_true(nobody_does(cannot_read, path));
}

static int cannot_check(const void *path)
{
    return paths_check_file(path) == -1 && errno == EACCES;
}

static void what_is_no_folder_could_be_read(void **state)
{
    char path[PATHS_MAX];

    snprintf(path, sizeof(path), "%s", scratch_file("it"));
    (void)state;
    assert_int_equal(paths_check_file(path), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(paths_check_file(""), -1);
    assert_int_equal(paths_check_file(scratch_folder), -1);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(mkfifo(path, 0600), 0); /* nobody writes into it */
    assert_int_equal(paths_check_file(path), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(paths_check_file("/dev/null"), 0);
    scratch_text("it", "");
    assert_int_equal(paths_check_file(path), 0);
    assert_int_equal(chmod(scratch_folder, 0711), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_true(nobody_does(cannot_check, path));
}

static int cannot_be_a_folder(const void *path)
{
    return paths_check_folder(path) == -1 && errno == EACCES;
}

static void what_could_be_a_folder(void **state)
{
    const char *path = scratch_file("it"), *deep = scratch_file("it/in/deep");
    char far[PATHS_MAX + 1];

    (void)state;
    assert_int_equal(paths_check_folder(scratch_folder), 0);
    assert_int_equal(paths_check_folder("it"), 0);
    assert_int_equal(paths_check_folder("/it"), geteuid() == 0 ? 0 : -1);
    assert_int_equal(paths_check_folder(path), 0);
    assert_int_equal(paths_check_folder(deep), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(chmod(scratch_folder, 0711), 0);
    assert_true(nobody_does(cannot_be_a_folder, scratch_folder));
    assert_true(nobody_does(cannot_be_a_folder, deep));
    scratch_text("it", "");
    assert_int_equal(paths_check_folder(path), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(paths_check_folder(deep), -1);
    assert_int_equal(errno, ENOTDIR);
    memset(far, 'x', PATHS_MAX);
    far[PATHS_MAX] = '\0';
    assert_int_equal(paths_check_folder(far), -1);
    assert_int_equal(errno, ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_those_of_the_specification),
        cmocka_unit_test(a_home_is_found_without_the_variable),
        cmocka_unit_test(long_ones_are_refused),
        SCRATCH_TEST(folders_are_made_for_their_owner),
        SCRATCH_TEST(folders_that_cannot_be_made_are_errors),
        SCRATCH_TEST(files_are_written_and_read),
        SCRATCH_TEST(links_are_not_written_through),
        SCRATCH_TEST(what_cannot_be_written_leaves_nothing),
        SCRATCH_TEST(on_a_full_disk_the_old_one_stays),
        SCRATCH_TEST(killed_in_the_middle_it_is_whole),
        SCRATCH_TEST(only_files_are_read),
        SCRATCH_TEST(what_is_no_folder_could_be_read),
        SCRATCH_TEST(what_could_be_a_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
