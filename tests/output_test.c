#include "client/output.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static enum outcome probe(const char *path, bool overwrite)
{
    const struct options options = {.overwrite = overwrite};
    struct failure failure = {.outcome = OUTCOME_DONE};

    return output_probe(&options, path, &failure);
}

static enum outcome write_to(const char *path, const char *text, bool overwrite)
{
    const struct options options = {.overwrite = overwrite};
    struct failure failure = {.outcome = OUTCOME_DONE};
    struct bytes content;
    enum outcome outcome;

    bytes_init(&content, 100);
    bytes_put(&content, text, strlen(text));
    outcome = output_write(&options, path, &content, &failure);
    assert_int_equal(failure.outcome, outcome);
    bytes_free(&content);
    return outcome;
}

static void assert_holds(const char *path, const char *text)
{
    char found[100] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_int_equal(fread(found, 1, sizeof(found) - 1, file), strlen(text));
    assert_string_equal(found, text);
    fclose(file);
}

static void it_is_written_once(void **state)
{
    const char *path = scratch_file("file");
    struct stat about;

    (void)state;
    assert_int_equal(probe(path, false), OUTCOME_DONE);
    assert_int_equal(access(path, F_OK), -1); /* probing leaves nothing */
    assert_int_equal(write_to(path, "one", false), OUTCOME_DONE);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(probe(path, false), OUTCOME_FILE_EXISTS);
    assert_int_equal(write_to(path, "two", false), OUTCOME_FILE_EXISTS);
    assert_holds(path, "one");
    assert_int_equal(probe(path, true), OUTCOME_DONE);
    assert_int_equal(write_to(path, "three", true), OUTCOME_DONE);
    assert_holds(path, "three");
}

static void a_link_or_a_folder_is_never_replaced(void **state)
{
    const char *link = scratch_file("link");
    char there[200], inside[256], nowhere[256];

    (void)state;
    snprintf(there, sizeof(there), "%s", scratch_file("there"));
    assert_int_equal(write_to(there, "kept", false), OUTCOME_DONE);
    assert_int_equal(symlink(there, link), 0);
    for (int overwrite = 0; overwrite < 2; overwrite++) {
        assert_int_equal(probe(link, overwrite), OUTCOME_FILE_EXISTS);
        assert_int_equal(write_to(link, "x", overwrite), OUTCOME_FILE_EXISTS);
        assert_int_equal(probe(scratch_folder, overwrite), OUTCOME_FILE_EXISTS);
        assert_int_equal(write_to(scratch_folder, "x", overwrite),
                         OUTCOME_FILE_EXISTS);
    }
    assert_holds(there, "kept");
    snprintf(inside, sizeof(inside), "%s/x", there);
    assert_int_not_equal(probe(inside, true), OUTCOME_DONE);
    snprintf(nowhere, sizeof(nowhere), "%s", scratch_file("no/x"));
    assert_int_equal(probe(nowhere, true), OUTCOME_CONTAINER_NOT_FOUND);
    assert_int_equal(write_to(nowhere, "x", true), OUTCOME_CONTAINER_NOT_FOUND);
}

static void a_name_that_is_too_long_is_refused(void **state)
{
    char *path = calloc(1, LOCATION_MAX + 10);

    (void)state;
    assert_non_null(path);
    memset(path, 'a', LOCATION_MAX);
    assert_int_equal(probe(path, false), OUTCOME_TOO_LARGE);
    free(path);
}

static void a_dash_is_standard_output(void **state)
{
    (void)state;
    assert_true(output_is_stream("-"));
    assert_false(output_is_stream("./-"));
    assert_false(output_is_stream(""));
    assert_int_equal(probe("-", false), OUTCOME_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(it_is_written_once),
        SCRATCH_TEST(a_link_or_a_folder_is_never_replaced),
        cmocka_unit_test(a_name_that_is_too_long_is_refused),
        cmocka_unit_test(a_dash_is_standard_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
