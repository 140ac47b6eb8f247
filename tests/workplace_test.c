#include "client/state/workplace.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void it_is_made_on_first_use(void **state)
{
    static const char *const names[] = {"kep", "kep/journal.db", "kep/lock"};
    static const mode_t modes[] = {0700, 0600, 0600};
    mode_t before = umask(0);
    struct workplace workplace;
    struct stat about;

    (void)state;
    assert_int_equal(workplace_open(&workplace), OUTCOME_DONE);
    umask(before);
    assert_non_null(workplace.journal);
    assert_true(workplace.lock >= 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stat(scratch_file(names[i]), &about), 0);
        assert_int_equal(about.st_mode & 07777, modes[i]);
    }
    workplace_close(&workplace);
    assert_null(workplace.journal);
    workplace_close(&workplace);
}

/* Looking makes nothing, and does not wait for whoever is at work. */
static void one_can_look_without_the_lock(void **state)
{
    struct workplace working, looking;

    (void)state;
    assert_int_equal(workplace_look(&looking), OUTCOME_NOTHING_OPEN);
    workplace_close(&looking);
    assert_int_equal(access(scratch_file("kep"), F_OK), -1);
    assert_int_equal(workplace_open(&working), OUTCOME_DONE);
    assert_int_equal(workplace_look(&looking), OUTCOME_DONE);
    assert_non_null(looking.journal);
    workplace_close(&looking);
    workplace_close(&working);
}

static int open_apart(long *holder)
{
    struct workplace workplace;
    int ends[2], status;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        enum outcome outcome = workplace_open(&workplace);

        (void)!write(ends[1], &workplace.holder, sizeof workplace.holder);
        workplace_close(&workplace);
        _exit((int)outcome);
    }
    assert_int_equal(read(ends[0], holder, sizeof *holder), sizeof *holder);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(ends[0]);
    close(ends[1]);
    return WEXITSTATUS(status);
}

static void two_do_not_work_at_once(void **state)
{
    static struct workplace workplace; /* not lost in the other process */
    long holder = 0;

    (void)state;
    assert_int_equal(workplace_open(&workplace), OUTCOME_DONE);
    assert_int_equal(open_apart(&holder), OUTCOME_LOCKED);
    assert_int_equal(holder, getpid());
    workplace_close(&workplace);
    assert_int_equal(open_apart(&holder), OUTCOME_DONE);
    assert_int_equal(holder, 0);
}

static void a_place_that_cannot_be_made_is_said(void **state)
{
    struct workplace workplace;

    (void)state;
    scratch_text("kep", "");
    assert_int_equal(workplace_open(&workplace), OUTCOME_STATE_UNWRITABLE);
    workplace_close(&workplace);
    assert_int_equal(workplace_look(&workplace), OUTCOME_NOTHING_OPEN);
    workplace_close(&workplace);
    assert_int_equal(workplace_foresee(&workplace), OUTCOME_STATE_UNWRITABLE);
    workplace_close(&workplace);
    setenv("XDG_STATE_HOME", "/proc/nothing", 1);
    assert_int_equal(workplace_open(&workplace), OUTCOME_STATE_UNWRITABLE);
    workplace_close(&workplace);
}

/* What opening it comes to is known before, and nothing is made to know it. */
static void what_opening_comes_to_is_foreseen(void **state)
{
    struct workplace workplace, working;

    (void)state;
    assert_int_equal(workplace_foresee(&workplace), OUTCOME_DONE);
    assert_null(workplace.journal);
    assert_int_equal(access(scratch_file("kep"), F_OK), -1);
    workplace_close(&workplace);
    assert_int_equal(workplace_open(&working), OUTCOME_DONE);
    assert_int_equal(workplace_foresee(&workplace), OUTCOME_DONE);
    assert_non_null(workplace.journal);
    workplace_close(&workplace);
    workplace_close(&working);
    assert_int_equal(unlink(scratch_file("kep/journal.db")), 0);
    assert_int_equal(workplace_foresee(&workplace), OUTCOME_DONE);
    assert_null(workplace.journal);
    workplace_close(&workplace);
    assert_int_equal(mkdir(scratch_file("kep/journal.db"), 0700), 0);
    assert_int_equal(workplace_foresee(&workplace), OUTCOME_STATE_UNWRITABLE);
    workplace_close(&workplace);
    assert_int_equal(workplace_open(&working), OUTCOME_STATE_UNWRITABLE);
    workplace_close(&working);
}

/* Whoever cannot open the journal does not keep the lock from others. */
static void a_damaged_journal_is_said(void **state)
{
    struct workplace workplace;
    FILE *file;

    (void)state;
    assert_int_equal(workplace_open(&workplace), OUTCOME_DONE);
    workplace_close(&workplace);
    unlink(scratch_file("kep/journal.db-wal"));
    file = fopen(scratch_file("kep/journal.db"), "w");
    for (int i = 0; i < 5000; i++)
        fputc('x', file);
    fclose(file);
    assert_int_equal(workplace_look(&workplace), OUTCOME_STATE_DAMAGED);
    workplace_close(&workplace);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(workplace_open(&workplace), OUTCOME_STATE_DAMAGED);
        workplace_close(&workplace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(it_is_made_on_first_use),
        SCRATCH_TEST(one_can_look_without_the_lock),
        SCRATCH_TEST(two_do_not_work_at_once),
        SCRATCH_TEST(a_place_that_cannot_be_made_is_said),
        SCRATCH_TEST(what_opening_comes_to_is_foreseen),
        SCRATCH_TEST(a_damaged_journal_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
