#include "token/file/place.h"

#include "tests/support/scratch.h"
#include "token/medium.h"

#include <pwd.h>
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
    enum fault fault = place_resolve_path(path, canonical);

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
    char path[LOCATION_MAX], *long_one = calloc(1, LOCATION_MAX + 1);

    (void)state;
    assert_int_equal(place_path("file:/a/b", path), FAULT_NONE);
    assert_string_equal(path, "/a/b");
    assert_int_equal(place_path("file:/a%0Ab/100%25", path), FAULT_NONE);
    assert_string_equal(path, "/a\nb/100%");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(place_path(bad[i], path), FAULT_LOCATION);
    memset(long_one, 'x', LOCATION_MAX);
    memcpy(long_one, "file:/", 6);
    assert_int_equal(place_path(long_one, path), FAULT_LOCATION);
    free(long_one);
}

/* What follows "file:": an escape counts, and where nothing is there but by
 * the path as it stands, that is meant. */
static void test_escaped(void **state)
{
    static const char *const made[] = {"a\xFF", "b%1B", "c%0A", "c\n", "d%41"};
    static const struct {
        const char *rest, *below;
    } rows[] = {
        {"a%FF", "/a%FF"},   {"a%ff", "/a%FF"},     {"a\xFF", "/a%FF"},
        {"b%1B", "/b%251B"}, {"b%251B", "/b%251B"}, {"c%0A", "/c%0A"},
        {"c\n", "/c%0A"},    {"c%250A", "/c%250A"}, {"d%41", "/d%2541"},
        {"e%0A", "/e%0A"},   {"e%41", "/e%2541"},   {"e%/f%zz", "/e%25/f%25zz"},
    };
    const size_t skip = strlen("file:") + strlen(folder);
    char canonical[LOCATION_MAX], again[LOCATION_MAX], path[LOCATION_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        assert_int_equal(mkdir(scratch_path(folder, made[i]), 0700), 0);
    setenv("XDG_DATA_HOME", folder, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            place_resolve(scratch_path(folder, rows[i].rest), canonical),
            FAULT_NONE);
        assert_string_equal(canonical + skip, rows[i].below);
        /* It is the same, and the path of it, wherever it comes by again. */
        assert_int_equal(place_resolve(canonical + strlen("file:"), again),
                         FAULT_NONE);
        assert_string_equal(canonical, again);
        assert_int_equal(place_path(canonical, path), FAULT_NONE);
        assert_int_equal(place_resolve_path(path, again), FAULT_NONE);
        assert_string_equal(canonical, again);
    }
    assert_int_equal(
        place_resolve_path(scratch_path(folder, "c%0A"), canonical),
        FAULT_NONE);
    assert_string_equal(canonical + skip, "/c%250A");
    assert_int_equal(place_resolve_local("e%0A", canonical), FAULT_NONE);
    assert_string_equal(canonical + skip, "/kep/containers/e%0A");
    unsetenv("XDG_DATA_HOME");
}

static void test_join(void **state)
{
    char where[LOCATION_MAX], *long_one = calloc(1, LOCATION_MAX + 1);

    (void)state;
    assert_int_equal(place_join("file:/a", "b.000", where), FAULT_NONE);
    assert_string_equal(where, "file:/a/b.000");
    assert_int_equal(place_join("file:/", "b.000", where), FAULT_NONE);
    assert_string_equal(where, "file:/b.000");
    assert_int_equal(place_join("file:/a%FF", "b%?signature", where),
                     FAULT_NONE);
    assert_string_equal(where, "file:/a%FF/b%25%3Fsignature");
    memset(long_one, 'x', LOCATION_MAX - 6);
    assert_int_equal(place_join(long_one, "1234", where), FAULT_NONE);
    assert_int_equal(place_join(long_one, "12345", where), FAULT_TOO_LARGE);
    assert_int_equal(place_join(long_one, "12\n", where), FAULT_TOO_LARGE);
    memset(long_one, 'x', LOCATION_MAX - 1);
    assert_int_equal(place_join(long_one, "", where), FAULT_TOO_LARGE);
    memset(long_one, 'x', LOCATION_MAX);
    assert_int_equal(place_join(long_one, "", where), FAULT_TOO_LARGE);
    free(long_one);
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
    free(data);
}

/* Without HOME, or with one that is none, it is the user's folder all the
 * same, where the journal is, too. */
static void test_local_without_home(void **state)
{
    static const char *const homes[] = {NULL, "", "home", "../x"};
    const char *const was = getenv("HOME");
    char *kept = was != NULL ? strdup(was) : NULL;
    const struct passwd *user = getpwuid(getuid());
    char canonical[LOCATION_MAX], expected[LOCATION_MAX];

    (void)state;
    assert_non_null(user);
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", user->pw_dir, 1);
    assert_int_equal(place_resolve_local("", expected), FAULT_NONE);
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        if (homes[i] == NULL)
            unsetenv("HOME");
        else
            setenv("HOME", homes[i], 1);
        assert_int_equal(place_resolve_local("", canonical), FAULT_NONE);
        assert_string_equal(canonical, expected);
    }
    if (kept != NULL)
        setenv("HOME", kept, 1);
    free(kept);
}

static void test_open_new(void **state)
{
    char canonical[LOCATION_MAX], path[LOCATION_MAX];
    struct stat stat_of;
    int fd;

    (void)state;
    setenv("XDG_DATA_HOME", scratch_path(folder, "deep/er"), 1);
    assert_int_equal(place_resolve_local("", canonical), FAULT_NONE);
    assert_int_equal(place_path(canonical, path), FAULT_NONE);
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
    snprintf(path, sizeof path, "%s", scratch_path(folder, "elsewhere"));
    assert_false(place_is_made(path));
    assert_int_equal(place_open_new(path, &fd), FAULT_NOT_FOUND);
    assert_int_equal(access(path, F_OK), -1);
    unsetenv("XDG_DATA_HOME");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_escaped),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_local),
        cmocka_unit_test(test_local_without_home),
        cmocka_unit_test(test_open_new),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
