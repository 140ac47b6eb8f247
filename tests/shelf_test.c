#include "api/sandbox/shelf.h"

#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct setting {
    char *dir;
    int folder;
};

static int set_up(void **state)
{
    struct setting *setting = calloc(1, sizeof *setting);

    assert_non_null(setting);
    setting->dir = scratch_new();
    assert_int_equal(shelf_open(AT_FDCWD, setting->dir, &setting->folder),
                     FAULT_NONE);
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    close(setting->folder);
    scratch_remove(&setting->dir);
    free(setting);
    return 0;
}

static void assert_content(const struct setting *setting, const char *name,
                           const char *want)
{
    struct bytes content;

    bytes_init(&content, 64);
    assert_int_equal(shelf_read(setting->folder, name, &content), FAULT_NONE);
    assert_int_equal(content.size, strlen(want));
    if (content.size > 0)
        assert_memory_equal(content.data, want, content.size);
    bytes_free(&content);
}

static void folders_are_made_once(void **state)
{
    const struct setting *setting = *state;
    struct stat status;
    int one, again;

    assert_int_equal(shelf_open(setting->folder, "new", &one), FAULT_NONE);
    assert_int_equal(fstat(one, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(shelf_replace(one, "x", "1", 1, 0600), FAULT_NONE);
    assert_int_equal(shelf_open(setting->folder, "new", &again), FAULT_NONE);
    assert_int_equal(faccessat(again, "x", R_OK, 0), 0);
    close(one);
    close(again);
    assert_int_equal(shelf_open(setting->folder, "a/b", &one), FAULT_NOT_FOUND);
    assert_int_equal(shelf_open(setting->folder, "new/x", &one), FAULT_IO);
}

static void content_is_replaced_whole(void **state)
{
    static const struct {
        const char *content;
        mode_t mode;
    } rows[] = {{"first", 0644}, {"second, longer", 0600}, {"", 0644}};
    const struct setting *setting = *state;
    struct stat status;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(shelf_replace(setting->folder, "file", rows[i].content,
                                       strlen(rows[i].content), rows[i].mode),
                         FAULT_NONE);
        assert_content(setting, "file", rows[i].content);
        assert_int_equal(fstatat(setting->folder, "file", &status, 0), 0);
        assert_int_equal(status.st_mode & 0777, rows[i].mode);
        assert_int_not_equal(faccessat(setting->folder, "file.new", F_OK, 0),
                             0);
    }
}

/* A run that was cut off left half a file, for everybody to read. */
static void rest_of_an_earlier_run_does_no_harm(void **state)
{
    const struct setting *setting = *state;
    struct stat status;
    int rest = openat(setting->folder, "key.new",
                      O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

    assert_true(rest >= 0);
    close(rest);
    assert_int_equal(shelf_replace(setting->folder, "key", "secret", 6, 0600),
                     FAULT_NONE);
    assert_int_equal(fstatat(setting->folder, "key", &status, 0), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

/* Nor does a link that leads elsewhere. */
static void links_are_not_written_through(void **state)
{
    const struct setting *setting = *state;

    assert_int_equal(shelf_replace(setting->folder, "other", "kept", 4, 0600),
                     FAULT_NONE);
    assert_int_equal(symlinkat("other", setting->folder, "file"), 0);
    assert_int_equal(symlinkat("other", setting->folder, "file.new"), 0);
    assert_int_equal(shelf_replace(setting->folder, "file", "new", 3, 0600),
                     FAULT_NONE);
    assert_content(setting, "other", "kept");
    assert_content(setting, "file", "new");
}

static void failed_write_leaves_the_old(void **state)
{
    const struct setting *setting = *state;
    const struct rlimit small = {4, RLIM_INFINITY};
    const struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY};

    assert_int_equal(shelf_replace(setting->folder, "file", "old", 3, 0600),
                     FAULT_NONE);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(
        shelf_replace(setting->folder, "file", "too long", 8, 0600), FAULT_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &any), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_content(setting, "file", "old");
    assert_int_not_equal(faccessat(setting->folder, "file.new", F_OK, 0), 0);
}

static void impossible_files_are_refused(void **state)
{
    const struct setting *setting = *state;
    char name[66];
    struct bytes content;

    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(shelf_replace(setting->folder, name, "", 0, 0600),
                     FAULT_TOO_LARGE);
    assert_int_equal(shelf_replace(setting->folder, name + 1, "12345", 5, 0600),
                     FAULT_NONE);

    bytes_init(&content, 4);
    assert_int_equal(shelf_read(setting->folder, name + 1, &content),
                     FAULT_TOO_LARGE);
    bytes_free(&content);
    assert_int_equal(shelf_read(setting->folder, "none", &content),
                     FAULT_NOT_FOUND);
    assert_int_equal(shelf_read(setting->folder, ".", &content), FAULT_IO);
    assert_int_equal(mkdirat(setting->folder, "dir", 0700), 0);
    assert_int_equal(shelf_replace(setting->folder, "dir", "", 0, 0600),
                     FAULT_IO);
}

/* Another open file of the same process is shut out too. */
static void lock_excludes_others(void **state)
{
    const struct setting *setting = *state;
    int lock, other;

    assert_int_equal(shelf_lock(setting->folder, "lock", &lock), FAULT_NONE);
    other = openat(setting->folder, "lock", O_RDWR | O_CLOEXEC);
    assert_true(other >= 0);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
    close(lock);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
    assert_int_equal(shelf_lock(setting->folder, "lock", &lock), FAULT_NONE);
    close(lock);
    assert_int_equal(shelf_lock(setting->folder, "none/lock", &lock),
                     FAULT_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folders_are_made_once),
        TEST(content_is_replaced_whole),
        TEST(rest_of_an_earlier_run_does_no_harm),
        TEST(links_are_not_written_through),
        TEST(failed_write_leaves_the_old),
        TEST(impossible_files_are_refused),
        TEST(lock_excludes_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
