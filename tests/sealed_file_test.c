/* A file that is written whole or not at all, whatever call of the system
 * goes wrong. */
#include "token/sealed/sealed_file.h"

#include "tests/support/scratch.h"
#include "tests/support/strike.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

enum { CALLS_MAX = 200 };

static const char old_text[] = "what was there before";
static const char new_text[] = "what is written now, and is longer";

static char *folder;
static char path[4096];

static void begin(bool with_old)
{
    strike_none();
    folder = scratch_new();
    (void)snprintf(path, sizeof path, "%s", scratch_path(folder, "a.kep"));
    if (with_old) {
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        assert_true(fputs(old_text, file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
}

static void finish(void)
{
    strike_none();
    scratch_remove(&folder);
}

/* The content; "" where there is no file. */
static const char *content(void)
{
    static char text[100];
    FILE *file = fopen(path, "r");

    memset(text, 0, sizeof text);
    if (file == NULL)
        return text;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static enum fault agree(void *context, const uint8_t *data, size_t size)
{
    (void)context;
    assert_int_equal(size, sizeof new_text - 1);
    assert_memory_equal(data, new_text, size);
    return FAULT_NONE;
}

static enum fault disagree(void *context, const uint8_t *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    return FAULT_DAMAGED;
}

static enum fault write_it(const char *at, bool overwrite)
{
    return sealed_file_write(at, (const uint8_t *)new_text, sizeof new_text - 1,
                             overwrite, agree, NULL);
}

static void test_writes(void **state)
{
    struct stat about;

    (void)state;
    begin(false);
    assert_int_equal(write_it(path, false), FAULT_NONE);
    assert_string_equal(content(), new_text);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(scratch_count(folder), 1);
    assert_int_equal(write_it(path, false), FAULT_EXISTS);
    assert_int_equal(write_it(path, true), FAULT_NONE);
    assert_int_equal(scratch_count(folder), 1);
    finish();
}

static void test_never_overwrites(void **state)
{
    (void)state;
    begin(true);
    assert_int_equal(write_it(path, false), FAULT_EXISTS);
    assert_string_equal(content(), old_text);
    assert_int_equal(scratch_count(folder), 1);
    assert_int_equal(write_it(path, true), FAULT_NONE);
    assert_string_equal(content(), new_text);
    finish();
}

static void test_check_refuses(void **state)
{
    (void)state;
    begin(true);
    assert_int_equal(sealed_file_write(path, (const uint8_t *)new_text, 5, true,
                                       disagree, NULL),
                     FAULT_DAMAGED);
    assert_string_equal(content(), old_text);
    assert_int_equal(scratch_count(folder), 1);
    finish();
}

/* Only a regular file is replaced, and no link is followed. */
static void test_other_things(void **state)
{
    char link_path[4096], other[4096];

    (void)state;
    begin(true);
    (void)snprintf(link_path, sizeof link_path, "%s",
                   scratch_path(folder, "link"));
    assert_int_equal(symlink(path, link_path), 0);
    assert_int_equal(write_it(link_path, true), FAULT_EXISTS);
    assert_string_equal(content(), old_text);
    (void)snprintf(other, sizeof other, "%s", scratch_path(folder, "sub"));
    assert_int_equal(mkdir(other, 0700), 0);
    assert_int_equal(write_it(other, true), FAULT_EXISTS);
    assert_int_equal(rmdir(other), 0);
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_int_equal(write_it(other, true), FAULT_EXISTS);
    (void)snprintf(other, sizeof other, "%s", scratch_path(folder, "sub/"));
    assert_int_equal(write_it(other, true), FAULT_EXISTS);
    (void)snprintf(other, sizeof other, "%s", scratch_path(folder, "no/a"));
    assert_int_equal(write_it(other, true), FAULT_NOT_FOUND);
    (void)snprintf(other, sizeof other, "%s", scratch_path(folder, "a.kep/b"));
    assert_int_equal(write_it(other, true), FAULT_NOT_FOUND);
    assert_int_equal(write_it("", true), FAULT_EXISTS);
    assert_int_equal(write_it("/", true), FAULT_EXISTS);
    assert_int_equal(write_it("..", true), FAULT_EXISTS);
    finish();
}

static void check_failing(bool with_old, bool old_system, int number,
                          enum fault expected)
{
    int n = 0;
    bool happened = true;

    while (happened) {
        const unsigned open_before = scratch_count("/proc/self/fd");
        enum fault fault;

        begin(with_old);
        strike.old = old_system;
        strike.number = number;
        strike.left = ++n;
        fault = write_it(path, with_old);
        strike.left = 0;
        happened = strike.happened;
        assert_true(n < CALLS_MAX);
        assert_int_equal(scratch_count("/proc/self/fd"), open_before);
        if (fault != FAULT_NONE)
            assert_true(fault == expected || fault == FAULT_IO);
        /* Old or new, and nothing beside it. */
        if (fault == FAULT_NONE)
            assert_string_equal(content(), new_text);
        else if (with_old)
            assert_true(strcmp(content(), old_text) == 0 ||
                        strcmp(content(), new_text) == 0);
        else
            assert_string_equal(content(), "");
        assert_int_equal(scratch_count(folder),
                         with_old || fault == FAULT_NONE);
        finish();
    }
    assert_true(n > 10);
}

static void test_every_call_fails(void **state)
{
    (void)state;
    for (int with_old = 0; with_old < 2; with_old++) {
        check_failing(with_old, false, ENOSPC, FAULT_FULL);
        check_failing(with_old, true, EROFS, FAULT_READ_ONLY);
        check_failing(with_old, false, EIO, FAULT_IO);
    }
}

static void test_starved(void **state)
{
    bool happened = true;
    int n = 0;

    (void)state;
    while (happened) {
        enum fault fault;

        begin(true);
        strike.number = ENOMEM;
        strike.memory = ++n;
        fault = write_it(path, true);
        strike.memory = 0;
        happened = strike.happened;
        assert_int_equal(fault, happened ? FAULT_MEMORY : FAULT_NONE);
        assert_string_equal(content(), happened ? old_text : new_text);
        assert_int_equal(scratch_count(folder), 1);
        finish();
    }
    assert_true(n > 1);
}

static enum fault write_new(void)
{
    return write_it(path, false);
}

static enum fault write_over(void)
{
    return write_it(path, true);
}

static void test_killed_at_every_call(void **state)
{
    (void)state;
    for (int with_old = 0; with_old < 2; with_old++) {
        bool killed = true;
        int n = 0;

        while (killed) {
            begin(with_old);
            killed = strike_kill(with_old ? write_over : write_new, ++n);
            assert_true(strcmp(content(), with_old ? old_text : "") == 0 ||
                        strcmp(content(), new_text) == 0);
            assert_int_equal(write_it(path, true), FAULT_NONE);
            assert_string_equal(content(), new_text);
            finish();
        }
        assert_true(n > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes),
        cmocka_unit_test(test_never_overwrites),
        cmocka_unit_test(test_check_refuses),
        cmocka_unit_test(test_other_things),
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_starved),
        cmocka_unit_test(test_killed_at_every_call),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
