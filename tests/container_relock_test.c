/* Another password: all keys open with it, everything else stays; and
 * whatever call of the system fails or is the last one, the old or the new
 * password opens them. */
#include "token/file/file_medium.h"

#include "tests/support/duo.h"
#include "tests/support/scratch.h"
#include "tests/support/strike.h"
#include "token/container/container_reader.h"
#include "token/file/disk.h"
#include "token/file/folder.h"
#include "token/report.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

enum { CALLS_MAX = 500, RUNS_WITHOUT_PASSWORD = 3 };

static struct entropy *pool;

static char *place;
static char location[4096];
static char where[LOCATION_MAX];
static char second[LOCATION_MAX + 16];

/* What is changed now, so that it can be repeated. */
static struct {
    const struct material *material;
    const char *old_one, *new_one;
} given;

static int start(void **state)
{
    (void)state;
    return entropy_new(&pool) == FAULT_NONE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    entropy_free(&pool);
    return 0;
}

static void prepare(void)
{
    const struct medium_ops *ops;

    strike_none();
    place = scratch_new();
    assert_int_equal(medium_find(place, &ops, location), FAULT_NONE);
    snprintf(where, sizeof where, "%.4000s/new.000", location);
    snprintf(second, sizeof second, "%s" CONTAINER_SECOND, where);
}

static void begin(void)
{
    struct container *made;

    prepare();
    assert_int_equal(file_medium.put_in(location, "new.000", given.material,
                                        given.old_one, pool, &made),
                     FAULT_NONE);
    container_free(&made);
}

static void finish(void)
{
    strike_none();
    scratch_remove(&place);
}

static enum fault change(void)
{
    return file_medium.set_password(where, given.old_one, given.new_one, pool);
}

/* Each key with this password, its scalar compared. */
static enum fault open_all(const char *password)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < given.material->keys && fault == FAULT_NONE; i++) {
        const struct material_key *key = &given.material->key[i];
        struct container *one;

        fault = file_medium.open(i == 0 ? where : second, password, &one);
        if (fault == FAULT_NONE)
            assert_memory_equal(one->scalar, key->scalar,
                                key->algorithm->key_size);
        container_free(&one);
    }
    return fault;
}

static bool opens_with_either(void)
{
    return open_all(given.old_one) == FAULT_NONE ||
           open_all(given.new_one) == FAULT_NONE;
}

static struct container_files *read_files(void)
{
    struct container_files *files;
    int fd;

    assert_int_equal(disk_open_folder(AT_FDCWD, where + 5, &fd), FAULT_NONE);
    assert_int_equal(folder_read(fd, &files), FAULT_NONE);
    close(fd);
    return files;
}

static void damage(enum container_file file, size_t at)
{
    struct container_files *files = read_files();
    int fd;

    files->small[file].data[at] ^= 1;
    assert_int_equal(disk_open_folder(AT_FDCWD, where + 5, &fd), FAULT_NONE);
    assert_int_equal(folder_replace(fd, file, files->small[file].data,
                                    files->small[file].size),
                     FAULT_NONE);
    close(fd);
    container_files_free(&files);
}

static void check_report(const char *password)
{
    struct container_report *report;

    assert_int_equal(
        file_medium.inspect(where, MEDIUM_WHOLE, password, &report),
        FAULT_NONE);
    assert_true(report->whole);
    assert_int_equal(report->has_password, password[0] != '\0');
    assert_int_equal(report->keys, given.material->keys);
    assert_string_equal(report->name, given.material->name);
    assert_int_equal(report->chain.count, 2);
    for (size_t i = 0; i < report->keys; i++) {
        const struct material_key *key = &given.material->key[i];

        assert_int_equal(report->key[i].pair[0], CHECK_GOOD);
        assert_int_equal(report->key[i].pair[1], CHECK_GOOD);
        assert_int_equal(report->key[i].info.flags, key->flags);
        assert_int_equal(report->key[i].info.key_not_after,
                         given.material->key_not_after);
        if (key->certificate != NULL)
            assert_string_equal(report->key[i].info.certificate->thumbprint,
                                key->certificate->thumbprint);
    }
    report_free(&report);
}

/* Nothing of the key files stays as it was. */
static void check_fresh(const struct container_files *old_one)
{
    struct container_files *files = read_files();

    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct der a = container_files_at(old_one, file);
        struct der b = container_files_at(files, file);

        if (file == CONTAINER_NAME)
            assert_true(der_equals(&a, b.at, b.left));
        else if (file != CONTAINER_HEADER)
            assert_false(der_equals(&a, b.at, b.left));
    }
    container_files_free(&files);
}

static const struct {
    const char *old_one, *new_one;
} changes[] = {
    {NULL, "first"}, {"", "first"},  {"one", "another"}, {"same", "same"},
    {"gone", ""},    {"gone", NULL}, {"", ""},
};

static void test_change(void **state)
{
    static const char *const kinds[] = {"gost2012-256", "gost2012-512",
                                        "gost2001"};

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *kind = kinds[i % 3];
        struct material *material =
            i % 2 == 0 ? duo_new(kind) : duo_signature_new(kind);
        struct container_files *old_files;

        given.material = material;
        given.old_one = changes[i].old_one;
        given.new_one = changes[i].new_one;
        begin();
        old_files = read_files();
        assert_int_equal(change(), FAULT_NONE);
        check_fresh(old_files);
        check_report(given.new_one == NULL ? "" : given.new_one);
        assert_int_equal(open_all(given.new_one), FAULT_NONE);
        if (given.new_one != NULL && given.new_one[0] != '\0')
            assert_int_equal(open_all(NULL), FAULT_PASSWORD_NEEDED);
        container_files_free(&old_files);
        finish();
        material_free(&material);
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *old_one, *new_one;
        enum fault fault;
    } bad[] = {
        {NULL, "new", FAULT_PASSWORD_NEEDED},
        {"wrong", "new", FAULT_PASSWORD_WRONG},
        {"old", "пароль", FAULT_ARGUMENT},
        {"old", "a\nb", FAULT_ARGUMENT},
    };
    struct material *material = duo_new("gost2012-256");

    (void)state;
    given.material = material;
    given.old_one = "old";
    begin();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct container_files *before = read_files(), *after;

        assert_int_equal(file_medium.set_password(where, bad[i].old_one,
                                                  bad[i].new_one, pool),
                         bad[i].fault);
        after = read_files();
        assert_true(container_files_equal(before, after));
        container_files_free(&before);
        container_files_free(&after);
    }
    finish();
    material_free(&material);
}

/* Where one key opens only from one pair and the other only from the other,
 * either pair is needed: nothing is touched. */
static void test_neither_whole(void **state)
{
    struct material *material = duo_new("gost2012-256");
    struct container_files *before, *after;

    (void)state;
    given.material = material;
    given.old_one = given.new_one = NULL;
    begin();
    damage(CONTAINER_PRIMARY, 10);  /* the first key */
    damage(CONTAINER_PRIMARY2, 50); /* the second */
    assert_int_equal(open_all(NULL), FAULT_NONE);
    before = read_files();
    assert_int_equal(change(), FAULT_DAMAGED);
    after = read_files();
    assert_true(container_files_equal(before, after));
    container_files_free(&before);
    container_files_free(&after);
    finish();
    material_free(&material);
}

/* The passwords of each run, and what is damaged before. */
static const struct run {
    const char *old_one, *new_one;
    bool two, first_damaged, reserve_damaged;
} runs[] = {
    {NULL, NULL, true, false, false}, {NULL, NULL, true, true, false},
    {NULL, NULL, true, false, true},  {NULL, "new", false, false, false},
    {"old", "", false, false, false},
};

/* What all turns of a run begin with, made once: derivations take time. */
static struct {
    struct material *material;
    struct container_files *files;
} turn;

static void begin_run(const struct run *run)
{
    turn.material =
        run->two ? duo_new("gost2012-256") : duo_signature_new("gost2012-256");
    given.material = turn.material;
    given.old_one = run->old_one;
    begin();
    if (run->first_damaged) {
        damage(CONTAINER_PRIMARY, 10);
        damage(CONTAINER_PRIMARY, 50);
    }
    if (run->reserve_damaged)
        damage(CONTAINER_MASKS2, 10);
    turn.files = read_files();
    finish();
}

static void end_run(void)
{
    container_files_free(&turn.files);
    material_free(&turn.material);
}

static enum fault agree(const void *context,
                        const struct container_files *files)
{
    (void)context;
    (void)files;
    return FAULT_NONE;
}

static void begin_turn(const struct run *run)
{
    int fd;

    given.old_one = run->old_one;
    given.new_one = run->new_one;
    prepare();
    assert_int_equal(disk_open_folder(AT_FDCWD, place, &fd), FAULT_NONE);
    assert_int_equal(folder_create(fd, "new.000", turn.files, agree, NULL),
                     FAULT_NONE);
    close(fd);
}

static void test_fails(void **state)
{
    static const int numbers[] = {ENOSPC, EIO};

    (void)state;
    /* Derivations take too long for each to be repeated so often. */
    for (size_t i = 0; i < RUNS_WITHOUT_PASSWORD; i++) {
        bool happened = true;
        int n = 0;

        begin_run(&runs[i]);
        while (happened) {
            enum fault fault;

            begin_turn(&runs[i]);
            strike.number = numbers[i % 2];
            strike.left = ++n;
            fault = change();
            happened = strike.happened;
            strike_none();
            assert_true(opens_with_either());
            assert_int_equal(scratch_count(where + 5), CONTAINER_FILE_COUNT);
            if (fault == FAULT_NONE)
                assert_int_equal(open_all(given.new_one), FAULT_NONE);
            assert_true(happened || fault == FAULT_NONE);
            assert_true(n < CALLS_MAX);
            finish();
        }
        assert_true(n > 60);
        end_run();
    }
}

/* What is left can be changed once more, and is whole then. */
static void test_killed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        bool killed = true;
        int n = 0;

        begin_run(&runs[i]);
        while (killed) {
            begin_turn(&runs[i]);
            killed = strike_kill(change, ++n);
            assert_true(opens_with_either());
            assert_true(scratch_count(where + 5) <= CONTAINER_FILE_COUNT + 1);
            if (open_all(given.old_one) != FAULT_NONE)
                given.old_one = given.new_one;
            given.new_one = "";
            if (n % 8 == 0) {
                assert_int_equal(change(), FAULT_NONE);
                check_report("");
            }
            assert_true(n < CALLS_MAX);
            finish();
        }
        assert_true(n > 60);
        end_run();
    }
}

static void test_starved(void **state)
{
    bool starved = true;
    int n = 0;

    (void)state;
    begin_run(&runs[0]);
    while (starved) {
        enum fault fault;

        begin_turn(&runs[0]);
        strike.number = ENOMEM;
        strike.memory = ++n;
        fault = change();
        starved = strike.happened;
        strike_none();
        assert_true(starved || fault == FAULT_NONE);
        assert_true(opens_with_either());
        finish();
    }
    assert_true(n > 30);
    end_run();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_change),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_neither_whole), cmocka_unit_test(test_fails),
        cmocka_unit_test(test_killed),        cmocka_unit_test(test_starved),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, end);
}
