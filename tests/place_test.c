#include "token/file/place.h"

#include "tests/support/scratch.h"
#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder; /* as a shell would say it, without links */

static int make_folder(void **state)
{
    char *made = scratch_new();

    (void)state;
    folder = realpath(made, NULL);
    free(made);
    return folder != NULL && mkdir(scratch_path(folder, "there"), 0700) == 0 &&
                   symlink("there", scratch_path(folder, "alias")) == 0
               ? 0
               : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    scratch_remove(&folder);
    return 0;
}

/* What path becomes, without "file:" and the scratch folder. */
static enum fault resolve(const char *path, const char **below)
{
    static char canonical[LOCATION_MAX];
    enum fault fault = place_resolve(path, canonical);

    if (fault == FAULT_NONE) {
        assert_memory_equal(canonical, "file:", 5);
        assert_memory_equal(canonical + 5, folder, strlen(folder));
        *below = canonical + 5 + strlen(folder);
    }
    return fault;
}

static void test_resolve(void **state)
{
    static const struct {
        const char *path, *below;
        enum fault fault;
    } rows[] = {
        {"there", "/there", FAULT_NONE},
        {"there/", "/there", FAULT_NONE},
        {"./there/.", "/there", FAULT_NONE},
        {"there/../there", "/there", FAULT_NONE},
        {"alias", "/there", FAULT_NONE},
        {"alias/new.000", "/there/new.000", FAULT_NONE},
        {"there/new", "/there/new", FAULT_NONE},
        {"there/new/", "/there/new", FAULT_NONE},
        {"new//deep/./er", "/new/deep/er", FAULT_NONE},
        {"new", "/new", FAULT_NONE},
        {".", "", FAULT_NONE},
        {"new/..", NULL, FAULT_NOT_FOUND},
        {"new/../there", NULL, FAULT_NOT_FOUND},
        {"new/...", "/new/...", FAULT_NONE},
    };
    char *before = getcwd(NULL, 0);

    (void)state;
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *below = NULL;

        print_message("# %s\n", rows[i].path);
        assert_int_equal(resolve(rows[i].path, &below), rows[i].fault);
        if (rows[i].below != NULL)
            assert_string_equal(below, rows[i].below);
        assert_int_equal(resolve(scratch_path(folder, rows[i].path), &below),
                         rows[i].fault);
    }
    assert_int_equal(chdir(before), 0);
    free(before);
}

static void test_edges(void **state)
{
    char canonical[LOCATION_MAX], *path = calloc(1, LOCATION_MAX + 1);

    (void)state;
    assert_int_equal(place_resolve("", canonical), FAULT_LOCATION);
    assert_int_equal(place_resolve("/", canonical), FAULT_NONE);
    assert_string_equal(canonical, "file:/");
    assert_int_equal(place_resolve("/no-such", canonical), FAULT_NONE);
    assert_string_equal(canonical, "file:/no-such");
    memset(path, 'x', LOCATION_MAX - 1);
    assert_int_equal(place_resolve(path, canonical), FAULT_TOO_LARGE);
    for (size_t i = 0; i + 1 < LOCATION_MAX; i += 2)
        memcpy(path + i, "y/", 2);
    assert_int_equal(place_resolve(path, canonical), FAULT_TOO_LARGE);
    free(path);
}

static void test_path(void **state)
{
    static const char *const bad[] = {"",   "file:",    "file:a",
                                      "/a", "local:/a", "FILE:/a"};
    const char *path;

    (void)state;
    assert_int_equal(place_path("file:/a/b", &path), FAULT_NONE);
    assert_string_equal(path, "/a/b");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(place_path(bad[i], &path), FAULT_LOCATION);
}

static void test_local(void **state)
{
    char canonical[LOCATION_MAX], expected[LOCATION_MAX];
    char *data = strdup(scratch_path(folder, "data"));

    (void)state;
    setenv("XDG_DATA_HOME", data, 1);
    snprintf(expected, sizeof expected, "file:%s/kep/containers", data);
    assert_int_equal(place_resolve_local("", canonical), FAULT_NONE);
    assert_string_equal(canonical, expected);
    assert_int_equal(place_resolve_local("/", canonical), FAULT_NONE);
    assert_string_equal(canonical, expected);
    snprintf(expected, sizeof expected, "file:%s/kep/containers/a.000", data);
    assert_int_equal(place_resolve_local("/a.000", canonical), FAULT_NONE);
    assert_string_equal(canonical, expected);
    assert_int_equal(place_resolve_local("a.000", canonical), FAULT_NONE);
    assert_string_equal(canonical, expected);

    /* A relative one counts as none. */
    setenv("XDG_DATA_HOME", "data", 1);
    setenv("HOME", folder, 1);
    snprintf(expected, sizeof expected, "file:%s/.local/share/kep/containers",
             folder);
    assert_int_equal(place_resolve_local("", canonical), FAULT_NONE);
    assert_string_equal(canonical, expected);
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_int_equal(place_resolve_local("", canonical), FAULT_LOCATION);
    free(data);
}

static void test_open_new(void **state)
{
    const char *path;
    char canonical[LOCATION_MAX];
    struct stat stat_of;
    int fd;

    (void)state;
    setenv("XDG_DATA_HOME", scratch_path(folder, "deep/er"), 1);
    assert_int_equal(place_resolve_local("", canonical), FAULT_NONE);
    assert_int_equal(place_path(canonical, &path), FAULT_NONE);
    assert_true(place_is_made(path));
    assert_int_equal(access(scratch_path(folder, "deep"), F_OK), -1);
    assert_int_equal(place_open_new(path, &fd), FAULT_NONE);
    close(fd);
    assert_false(place_is_made(path));
    assert_int_equal(stat(path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0700);
    assert_int_equal(stat(scratch_path(folder, "deep"), &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 0777, 0700);

    /* No other folder is made. */
    path = scratch_path(folder, "elsewhere");
    assert_false(place_is_made(path));
    assert_int_equal(place_open_new(path, &fd), FAULT_NOT_FOUND);
    assert_int_equal(access(path, F_OK), -1);
    unsetenv("XDG_DATA_HOME");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve),  cmocka_unit_test(test_edges),
        cmocka_unit_test(test_path),     cmocka_unit_test(test_local),
        cmocka_unit_test(test_open_new),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
