#include "client/state/lock.h"

#include "tests/support/nobody.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *path(void)
{
    return scratch_file("lock");
}

static int take(const void *data)
{
    long holder;
    int fd;

    (void)data;
    return (int)lock_take(path(), &fd, &holder);
}

static enum outcome take_apart(void)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(take(NULL));
    assert_int_equal(waitpid(child, &status, 0), child);
    return (enum outcome)WEXITSTATUS(status);
}

static void one_has_it_at_a_time(void **state)
{
    long holder = -1;
    int fd = -1;

    (void)state;
    assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_DONE);
    assert_true(fd >= 0);
    assert_int_equal(holder, 0);
    assert_int_equal(take_apart(), OUTCOME_LOCKED);
    close(fd);
    assert_int_equal(take_apart(), OUTCOME_DONE);
}

/* A child that takes it and waits to be ended. */
static pid_t hold(void)
{
    int ends[2];
    pid_t child;
    char byte;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        if (take(NULL) == OUTCOME_DONE)
            (void)!write(ends[1], "x", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void it_dies_with_its_holder(void **state)
{
    pid_t child = hold();
    long holder = 0;
    int fd = -1;

    (void)state;
    assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_LOCKED);
    assert_int_equal(fd, -1);
    assert_int_equal(holder, child);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_DONE);
    close(fd);
}

/* The number is for people: a wrong one does no harm. */
static void what_is_in_the_file_does_not_matter(void **state)
{
    static const char *const texts[] = {"", "x", "999999999999999999999", "-1",
                                        "\n\n12345678901234567890123"};
    long holder;
    int fd;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        scratch_text("lock", texts[i]);
        assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_DONE);
        close(fd);
    }
}

static void it_is_its_owners_alone(void **state)
{
    mode_t before = umask(0);
    struct stat about;

    (void)state;
    assert_int_equal(take_apart(), OUTCOME_DONE);
    umask(before);
    assert_int_equal(stat(path(), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
}

static void places_where_there_can_be_none_are_said(void **state)
{
    long holder = 7;
    int fd = 7;

    (void)state;
    assert_int_equal(lock_take(scratch_file("no/lock"), &fd, &holder),
                     OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(fd, -1);
    assert_int_equal(holder, 0);
    assert_int_equal(mkdir(path(), 0700), 0);
    assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(rmdir(path()), 0);
    assert_int_equal(symlink("/tmp/elsewhere", path()), 0);
    assert_int_equal(lock_take(path(), &fd, &holder), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(unlink(path()), 0);
    assert_int_equal(chmod(scratch_folder, 0555), 0);
    assert_int_equal(nobody_does(take, NULL), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(one_has_it_at_a_time),
        SCRATCH_TEST(it_dies_with_its_holder),
        SCRATCH_TEST(what_is_in_the_file_does_not_matter),
        SCRATCH_TEST(it_is_its_owners_alone),
        SCRATCH_TEST(places_where_there_can_be_none_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
