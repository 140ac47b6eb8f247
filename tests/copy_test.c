/* Containers copied from place to place; every call of the system that this
 * makes fails once, and is once the last. */
#include "token/copy.h"

#include "keygen/entropy.h"
#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "tests/support/strike.h"
#include "token/container/container_copy.h"
#include "token/container/container_reader.h"
#include "token/file/file_medium.h"

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

#define PLAIN "synthetic-2012-256-nopassword"
#define LOCKED "synthetic-2012-512A-password-qwerty123"

enum { CALLS_MAX = 600 };

static char *old_place, *new_place;
static char old_location[LOCATION_MAX], new_location[LOCATION_MAX];
static struct copy_original original;

/* The original lies in old_place under a name. */
static void begin_with(const char *sample, const char *folder)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX + 300];

    strike_none();
    old_place = scratch_new();
    new_place = scratch_new();
    assert_int_equal(medium_find(old_place, &ops, old_location), FAULT_NONE);
    assert_int_equal(medium_find(new_place, &ops, new_location), FAULT_NONE);
    sample_copy(sample, scratch_path(old_place, folder));
    snprintf(where, sizeof where, "%s/%s", old_location, folder);
    assert_int_equal(copy_take(&file_medium, where, &original), FAULT_NONE);
}

static void begin(const char *sample)
{
    begin_with(sample, "abcd1234.000");
}

static void finish(void)
{
    strike_none();
    copy_release(&original);
    scratch_remove(&old_place);
    scratch_remove(&new_place);
}

static enum fault put(const char *password, bool exact, struct copy *copy)
{
    return copy_put(&original, password, &file_medium, new_location, exact,
                    copy);
}

static void spoil(const char *place, const char *folder, const char *name)
{
    char path[5000];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s/%s", place, folder, name);
    file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 12, SEEK_SET), 0);
    assert_int_equal(fwrite("spoilt", 1, 6, file), 6);
    assert_int_equal(fclose(file), 0);
}

static void assert_same(const struct copy *copy)
{
    struct container_files *files;

    assert_int_equal(file_medium.read_files(copy->where, &files), FAULT_NONE);
    assert_true(container_files_equal(files, original.files));
    container_files_free(&files);
}

static void test_copies(void **state)
{
    static const struct {
        const char *sample, *password;
        bool has_password, opened;
        enum fault fault;
    } rows[] = {
        {PLAIN, NULL, false, true, FAULT_NONE},
        {PLAIN, "not needed", false, true, FAULT_NONE},
        {LOCKED, "qwerty123", true, true, FAULT_NONE},
        {LOCKED, NULL, true, false, FAULT_NONE},
        {LOCKED, "wrong", true, false, FAULT_PASSWORD_WRONG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct copy copy;

        begin(rows[i].sample);
        assert_int_equal(original.has_password, rows[i].has_password);
        assert_string_equal(original.name, "testcont");
        assert_string_equal(original.folder, "abcd1234.000");
        assert_int_equal(put(rows[i].password, true, &copy), rows[i].fault);
        if (rows[i].fault == FAULT_NONE) {
            assert_same(&copy);
            assert_int_equal(copy.opened, rows[i].opened);
            assert_false(copy.existed || copy.renamed);
        } else {
            assert_string_equal(copy.where, "");
        }
        assert_int_equal(scratch_count(new_place), rows[i].fault == FAULT_NONE);
        finish();
    }
}

/* Of an original that is open, its own key or another, by mistake. */
static void test_open_original(void **state)
{
    static const char *const opened[] = {PLAIN, LOCKED};

    (void)state;
    for (size_t i = 0; i < sizeof opened / sizeof opened[0]; i++) {
        struct container_files *files = sample_read(opened[i]);
        struct container *container;
        struct copy copy;

        assert_int_equal(
            container_reader_open(files, 0, "qwerty123", &container),
            FAULT_NONE);
        begin(PLAIN);
        original.opened = container;
        for (int again = 0; again < 2; again++) {
            assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
            assert_true(copy.opened);
            assert_int_equal(copy.existed, again);
            assert_same(&copy);
        }
        spoil(new_place, "abcd1234.000", "primary.key");
        spoil(new_place, "abcd1234.000", "primary2.key");
        assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
        assert_true(copy.renamed && !copy.existed);
        finish();
        container_free(&container);
        container_files_free(&files);
    }
}

static void test_existing(void **state)
{
    struct copy copy;

    (void)state;
    begin(PLAIN);
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    for (int exact = 0; exact < 2; exact++) {
        assert_int_equal(put(NULL, exact, &copy), FAULT_NONE);
        assert_true(copy.existed && copy.opened);
        assert_same(&copy);
    }
    assert_int_equal(scratch_count(new_place), 1);
    /* Its first pair is spoilt: the reserve copy still has the key. */
    spoil(new_place, "abcd1234.000", "primary.key");
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    assert_true(copy.existed);
    spoil(new_place, "abcd1234.000", "primary2.key");
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    assert_false(copy.existed);
    assert_true(copy.renamed);
    assert_non_null(strstr(copy.where, "/abcd1234.001"));
    assert_same(&copy);
    finish();
}

/* --- several ------------------------------------------------------------- */

static unsigned lists, reads;

static enum fault count_list(const char *location, container_visitor *visit,
                             void *context)
{
    lists++;
    return file_medium.list(location, visit, context);
}

static enum fault count_read(const char *where, struct container_files **files)
{
    reads++;
    return file_medium.read_files(where, files);
}

/* The location is listed once, and of what is there only that is read which
 * has the same key. */
static void test_several(void **state)
{
    static const char *const samples[] = {PLAIN, LOCKED, PLAIN, LOCKED};
    struct medium_ops counting = file_medium;
    struct copy_target target = {.ops = &counting};
    char *place = scratch_new();
    const struct medium_ops *ops;
    char location[LOCATION_MAX];

    (void)state;
    counting.list = count_list;
    counting.read_files = count_read;
    target.location = location;
    assert_int_equal(medium_find(place, &ops, location), FAULT_NONE);
    lists = reads = 0;
    for (unsigned i = 0; i < 4; i++) {
        struct copy copy;

        begin(samples[i]);
        assert_int_equal(
            copy_put_to(&target, &original, NULL, COPY_SAME, &copy),
            FAULT_NONE);
        assert_int_equal(copy.existed, i > 1);
        assert_int_equal(copy.renamed, i == 1);
        assert_same(&copy);
        assert_int_equal(reads, i > 1 ? i - 1 : 0);
        assert_int_equal(lists, 1);
        finish();
    }
    assert_int_equal(scratch_count(place), 2);
    copy_target_free(&target);
    scratch_remove(&place);
}

/* One that is gone again is made again. */
static void test_several_gone(void **state)
{
    struct copy_target target = {.ops = &file_medium};
    char gone[LOCATION_MAX + 20], moved[LOCATION_MAX + 20];
    struct copy copy;

    (void)state;
    begin(PLAIN);
    target.location = new_location;
    snprintf(gone, sizeof gone, "%s/abcd1234.000", new_place);
    snprintf(moved, sizeof moved, "%s/.moved", new_place);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            copy_put_to(&target, &original, NULL, COPY_SAME, &copy),
            FAULT_NONE);
        assert_false(copy.existed || copy.renamed);
        if (i == 0)
            assert_int_equal(rename(gone, moved), 0);
    }
    copy_target_free(&target);
    finish();
}

/* Without the password a copy that is not the same to the byte proves
 * nothing. */
static void test_existing_locked(void **state)
{
    struct copy copy;

    (void)state;
    begin(LOCKED);
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    assert_true(copy.existed);
    assert_false(copy.opened);
    spoil(new_place, "abcd1234.000", "primary2.key");
    assert_int_equal(put("qwerty123", true, &copy), FAULT_NONE);
    assert_true(copy.existed && copy.opened);
    assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
    assert_false(copy.existed);
    assert_int_equal(scratch_count(new_place), 2);
    finish();
}

static void test_taken_names(void **state)
{
    static const struct {
        const char *folder, *taken, *expected; /* NULL: an invented one */
    } rows[] = {
        {"abcd1234.000", "abcd1234.000", "abcd1234.001"},
        {"le-09650.000", "le-09650.000", "le-09650.001"},
        {"abcd1234.001", "abcd1234.001", "abcd1234.002"},
        {"Ключ", "Ключ", NULL},
        {"a.b.000", "a.b.000", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct copy copy;
        const char *name;

        begin_with(PLAIN, rows[i].folder);
        assert_string_equal(original.folder, rows[i].folder);
        sample_copy(LOCKED, scratch_path(new_place, rows[i].taken));
        assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
        assert_true(copy.renamed);
        name = strrchr(copy.where, '/') + 1;
        if (rows[i].expected != NULL)
            assert_string_equal(name, rows[i].expected);
        else
            assert_int_equal(strlen(name), 12);
        assert_same(&copy);
        finish();
    }
}

/* What an archive could not keep gets another name at once. */
static void test_odd_names(void **state)
{
    (void)state;
    begin_with(PLAIN, "with\nbreak");
    assert_true(parcel_folder_valid(original.folder));
    assert_int_equal(strlen(original.folder), 12);
    finish();
}

static void test_beside(void **state)
{
    struct copy copy;

    (void)state;
    begin(PLAIN);
    assert_int_equal(
        copy_put(&original, NULL, &file_medium, old_location, true, &copy),
        FAULT_EXISTS);
    assert_int_equal(scratch_count(old_place), 1);
    finish();
}

static void test_refused(void **state)
{
    struct container_spec spec = {.folder_name = "kept.000",
                                  .name = "kept",
                                  .algorithm = algorithm_by_word(NULL)};
    const struct medium_ops bare = {.kind = "bare", .list = file_medium.list};
    struct copy_original other;
    struct container *made;
    struct entropy *pool;
    char where[LOCATION_MAX + 20];
    struct copy copy;

    (void)state;
    begin(PLAIN);
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(file_medium.generate(old_location, &spec, pool, &made),
                     FAULT_NONE);
    assert_int_equal(copy_take(&file_medium, made->info.where, &other),
                     FAULT_NOT_EXPORTABLE);
    copy_release(&other);
    container_free(&made);
    entropy_free(&pool);
    snprintf(where, sizeof where, "%s/none.000", old_location);
    assert_int_equal(copy_take(&file_medium, where, &other), FAULT_NOT_FOUND);
    copy_release(&other);
    /* A medium that keeps no files. */
    assert_int_equal(copy_take(&bare, where, &other), FAULT_UNSUPPORTED);
    copy_release(&other);
    assert_int_equal(
        copy_put(&original, NULL, &bare, new_location, true, &copy),
        FAULT_UNSUPPORTED);
    finish();
}

static void test_damaged_original(void **state)
{
    struct copy copy;
    char where[LOCATION_MAX + 20];

    (void)state;
    begin("synthetic-2012-256-password-qwerty123");
    spoil(old_place, "abcd1234.000", "masks.key");
    spoil(old_place, "abcd1234.000", "masks2.key");
    copy_release(&original);
    snprintf(where, sizeof where, "%s/abcd1234.000", old_location);
    assert_int_equal(copy_take(&file_medium, where, &original), FAULT_NONE);
    assert_int_equal(put(NULL, true, &copy), FAULT_DAMAGED);
    container_files_drop(original.files, CONTAINER_MASKS2);
    container_files_drop(original.files, CONTAINER_PRIMARY2);
    container_files_drop(original.files, CONTAINER_PRIMARY);
    assert_int_equal(put(NULL, true, &copy), FAULT_DAMAGED);
    assert_int_equal(scratch_count(new_place), 0);
    finish();
}

/* --- what goes wrong ----------------------------------------------------- */

static void test_every_call_fails(void **state)
{
    static const int numbers[] = {ENOSPC, EIO, EROFS};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        bool happened = true;
        int n = 0;

        while (happened) {
            const unsigned open_before = scratch_count("/proc/self/fd");
            struct copy copy;
            enum fault fault;

            begin(PLAIN);
            strike.number = numbers[i];
            strike.left = ++n;
            fault = put(NULL, true, &copy);
            strike.left = 0;
            happened = strike.happened;
            assert_true(n < CALLS_MAX);
            assert_int_equal(scratch_count("/proc/self/fd"), open_before);
            assert_int_equal(scratch_count(new_place), fault == FAULT_NONE);
            if (fault == FAULT_NONE)
                assert_same(&copy);
            finish();
        }
        assert_true(n > 30);
    }
}

static void test_starved(void **state)
{
    bool happened = true;
    int n = 0;

    (void)state;
    while (happened) {
        struct copy copy;
        enum fault fault;

        begin(PLAIN);
        strike.number = ENOMEM;
        strike.memory = ++n;
        fault = put(NULL, true, &copy);
        strike.memory = 0;
        happened = strike.happened;
        assert_int_equal(scratch_count(new_place), fault == FAULT_NONE);
        finish();
    }
    assert_true(n > 10);
}

static enum fault put_it(void)
{
    struct copy copy;

    return put(NULL, true, &copy);
}

/* Afterwards it is there whole or not at all, and another try is not hindered
 * by what was left. */
static void test_killed_at_every_call(void **state)
{
    bool killed = true;
    int n = 0, existed = 0;

    (void)state;
    while (killed) {
        struct copy copy;

        begin(PLAIN);
        killed = strike_kill(put_it, ++n);
        assert_int_equal(put(NULL, true, &copy), FAULT_NONE);
        assert_false(copy.renamed);
        assert_same(&copy);
        existed += copy.existed;
        finish();
    }
    assert_true(n > 30);
    assert_true(existed > 0 && existed < n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_open_original),
        cmocka_unit_test(test_existing),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_several_gone),
        cmocka_unit_test(test_existing_locked),
        cmocka_unit_test(test_taken_names),
        cmocka_unit_test(test_odd_names),
        cmocka_unit_test(test_beside),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_damaged_original),
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_starved),
        cmocka_unit_test(test_killed_at_every_call),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
