#include "client/renewal/session.h"

#include "client/state/paths.h"
#include "keygen/secret.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char id[] = "0123456789abcdef0123456789abcdef";

static const char *file(void)
{
    static char path[PATHS_MAX];

    assert_int_equal(
        paths_of(PATHS_STATE, "session-0123456789abcdef0123456789abcdef", path),
        0);
    return path;
}

static int begin(void **state)
{
    scratch_begin(state);
    return mkdir(scratch_file("kep"), 0700);
}

static int end(void **state)
{
    (void)state;
    return scratch_end(state);
}

static void what_is_kept_is_read(void **state)
{
    struct session session = {NULL, NULL}, again = {NULL, NULL};
    struct stat about;

    (void)state;
    assert_true(session_keep(&session, id, "sid", "token"));
    assert_true(session_keep(&session, id, "sid2", "token2"));
    assert_int_equal(stat(file(), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    session_load(&again, id);
    assert_string_equal(again.sid, "sid2");
    assert_string_equal(again.refresh_token, "token2");
    session_forget(&session, id);
    assert_null(session.sid);
    assert_int_equal(access(file(), F_OK), -1);
    session_free(&again);
    session_load(&again, id);
    assert_null(again.sid);
    assert_null(again.refresh_token);
}

/* A kill in the middle of the writing, or somebody else's file. */
static void what_is_not_whole_is_none(void **state)
{
    static const char *const texts[] = {
        "",        "\n",        "\n\n",    "sid",       "sid\n",    "sid\nt",
        "sid\n\n", "\ntoken\n", "a\nb\nc", "a\nb\nc\n", "a\nb\n\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct session session = {NULL, NULL};
        int fd = open(file(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        size_t size = strlen(texts[i]);

        assert_int_equal(write(fd, texts[i], size), (ssize_t)size);
        close(fd);
        session_load(&session, id);
        assert_null(session.sid);
        assert_null(session.refresh_token);
    }
}

/* It may not be written: the session is good for this run all the same, and
 * what a link leads to is not touched. */
static void a_file_that_cannot_be_written_is_none(void **state)
{
    struct session session = {NULL, NULL}, again = {NULL, NULL};

    (void)state;
    assert_int_equal(symlink(scratch_file("elsewhere"), file()), 0);
    assert_true(session_keep(&session, id, "sid", "token"));
    assert_string_equal(session.sid, "sid");
    assert_int_equal(access(scratch_file("elsewhere"), F_OK), -1);
    session_load(&again, id);
    assert_null(again.sid);
    session_forget(&session, id);
    assert_int_equal(unlink(file()), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_kept_is_read, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_whole_is_none, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_written_is_none,
                                        begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
