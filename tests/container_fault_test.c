/* Every call of the system that writing a container makes fails once, and is
 * once the last before the machine loses power. */
#include "token/file/file_medium.h"

#include "keygen/keypair.h"
#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "tests/support/self_signed.h"
#include "tests/support/strike.h"
#include "token/file/disk.h"
#include "token/file/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

enum { CALLS_MAX = 500 };

/* What all tests write. */
static struct {
    struct entropy *pool;
    const struct algorithm *algorithm;
    uint8_t scalar[ALGORITHM_KEY_MAX];
    struct certificate *certificate;
} given;

static int start(void **state)
{
    (void)state;
    given.algorithm = algorithm_by_word(NULL);
    given.scalar[0] = 77;
    given.certificate = self_signed_new(given.algorithm, given.scalar,
                                        given.algorithm->curve, 2000);
    return entropy_new(&given.pool) == FAULT_NONE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    certificate_free(&given.certificate);
    entropy_free(&given.pool);
    return 0;
}

static char *place;              /* a folder of containers */
static char location[4096];      /* it */
static char where[LOCATION_MAX]; /* the container in it */

static void begin(void)
{
    const struct medium_ops *ops;

    strike_none();
    place = scratch_new();
    assert_int_equal(medium_find(place, &ops, location), FAULT_NONE);
    snprintf(where, sizeof where, "%.4000s/new.000", location);
}

static void finish(void)
{
    strike_none();
    scratch_remove(&place);
}

static enum fault create(void)
{
    const struct container_spec spec = {
        .folder_name = "new.000", .name = "new", .algorithm = given.algorithm};
    struct container *made;
    enum fault fault =
        file_medium.store(location, &spec, given.scalar, given.pool, &made);

    container_free(&made);
    return fault;
}

static enum fault certify(void)
{
    return file_medium.write_certificate(where, given.certificate);
}

static enum fault open_it(void)
{
    struct container *one = NULL;
    enum fault fault = file_medium.open(where, NULL, &one);

    if (fault == FAULT_NONE)
        assert_memory_equal(one->scalar, given.scalar,
                            given.algorithm->key_size);
    container_free(&one);
    return fault;
}

static enum fault count_one(void *context, const char *at, enum fault fault,
                            const struct container_info *info)
{
    (void)at;
    (void)info;
    assert_int_equal(fault, FAULT_NONE); /* nothing half made is seen */
    ++*(unsigned *)context;
    return FAULT_NONE;
}

static enum fault pass_on(void *context, const char *at, enum fault fault,
                          const struct container_info *info)
{
    (void)context;
    (void)at;
    (void)info;
    return fault;
}

static enum fault list_all(void)
{
    return file_medium.list(location, pass_on, NULL);
}

static unsigned containers(void)
{
    unsigned count = 0;

    assert_int_equal(file_medium.list(location, count_one, &count), FAULT_NONE);
    return count;
}

static bool has_certificate(void)
{
    struct container_info info;
    bool has;

    assert_int_equal(file_medium.describe(where, &info), FAULT_NONE);
    has = info.certificate != NULL;
    container_info_free(&info);
    return has;
}

/* The fault of the n-th call, FAULT_COUNT where there was no n-th call. */
static enum fault fail_at(enum fault (*act)(void), int n, int number)
{
    const unsigned open_before = scratch_count("/proc/self/fd");
    enum fault fault;

    strike.number = number;
    strike.left = n;
    fault = act();
    strike.left = 0;
    assert_int_equal(scratch_count("/proc/self/fd"), open_before);
    if (strike.happened)
        return fault;
    assert_int_equal(fault, FAULT_NONE);
    return FAULT_COUNT;
}

static void check_create(int number, enum fault expected, bool old)
{
    enum fault fault = FAULT_NONE;
    int n = 0;

    while (fault != FAULT_COUNT) {
        begin();
        strike.old = old;
        fault = fail_at(create, ++n, number);
        assert_true(n < CALLS_MAX);
        if (fault == FAULT_COUNT || fault == FAULT_NONE) {
            /* A file that was closed badly after it was read is no fault. */
            assert_int_equal(containers(), 1);
            assert_int_equal(open_it(), FAULT_NONE);
            assert_int_equal(scratch_count(place), 1);
        } else {
            assert_true(fault == expected || fault == FAULT_IO);
            assert_int_equal(scratch_count(place), 0);
        }
        finish();
    }
    assert_true(n > 40);
}

static void test_create_fails(void **state)
{
    (void)state;
    check_create(ENOSPC, FAULT_FULL, false);
    check_create(EDQUOT, FAULT_FULL, true);
    check_create(EROFS, FAULT_READ_ONLY, false);
    check_create(EIO, FAULT_IO, false);
}

/* EINTR is no reason to give up where it can be tried again. */
static void test_create_interrupted(void **state)
{
    enum fault fault = FAULT_NONE;
    int n = 0, gave_up = 0;

    (void)state;
    while (fault != FAULT_COUNT) {
        begin();
        fault = fail_at(create, ++n, EINTR);
        gave_up += fault != FAULT_NONE && fault != FAULT_COUNT;
        assert_int_equal(scratch_count(place),
                         fault == FAULT_NONE || fault == FAULT_COUNT);
        finish();
    }
    assert_true(n > 40);
    /* fstat, mkdirat and renameat are not interrupted on Linux. */
    assert_true(gave_up <= 10);
}

static void test_certify_fails(void **state)
{
    static const int numbers[] = {ENOSPC, EIO};

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        enum fault fault = FAULT_NONE;
        int n = 0;

        while (fault != FAULT_COUNT) {
            begin();
            assert_int_equal(create(), FAULT_NONE);
            fault = fail_at(certify, ++n, numbers[i]);
            assert_int_equal(open_it(), FAULT_NONE);
            if (fault == FAULT_NONE || fault == FAULT_COUNT)
                assert_true(has_certificate());
            assert_int_equal(scratch_count(scratch_path(place, "new.000")),
                             CONTAINER_FILE_COUNT);
            finish();
        }
        assert_true(n > 20);
    }
}

/* Reading does its best: the pair that can be read is taken. */
static void test_open_fails(void **state)
{
    enum fault fault = FAULT_NONE;
    unsigned opened = 0;
    int n = 0;

    (void)state;
    begin();
    assert_int_equal(create(), FAULT_NONE);
    while (fault != FAULT_COUNT) {
        strike.happened = false;
        fault = fail_at(open_it, ++n, EIO);
        assert_true(fault == FAULT_NONE || fault == FAULT_IO ||
                    fault == FAULT_COUNT);
        opened += fault == FAULT_NONE;
    }
    assert_true(n > 20);
    assert_true(opened > 10);
    finish();
}

/* Whether there was an n-th allocation, that failed. */
static bool starve_at(enum fault (*act)(void), int n)
{
    enum fault fault;

    strike.number = ENOMEM;
    strike.memory = n;
    fault = act();
    strike.memory = 0;
    if (!strike.happened)
        assert_int_equal(fault, FAULT_NONE);
    else if (fault != FAULT_NONE)
        /* A growing buffer does not say what it lacked. */
        assert_true(fault == FAULT_MEMORY || fault == FAULT_TOO_LARGE);
    return strike.happened;
}

static void test_create_starved(void **state)
{
    bool starved = true;
    int n = 0;

    (void)state;
    while (starved) {
        begin();
        starved = starve_at(create, ++n);
        assert_int_equal(scratch_count(place), containers());
        assert_true(starved || containers() == 1);
        finish();
    }
    assert_true(n > 20);
}

static void test_others_starved(void **state)
{
    static enum fault (*const acts[])(void) = {certify, open_it, list_all};

    (void)state;
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        bool starved = true;
        int n = 0;

        begin();
        assert_int_equal(create(), FAULT_NONE);
        while (starved) {
            starved = starve_at(acts[i], ++n);
            strike.happened = false;
            assert_int_equal(open_it(), FAULT_NONE);
        }
        assert_true(n > 5);
        finish();
    }
}

static void test_create_killed(void **state)
{
    bool killed = true;
    int n = 0;

    (void)state;
    while (killed) {
        begin();
        killed = strike_kill(create, ++n);
        if (containers() == 0)
            assert_int_equal(create(), FAULT_NONE); /* nothing stands in the
                                                       way of another try */
        assert_int_equal(containers(), 1);
        assert_int_equal(open_it(), FAULT_NONE);
        finish();
    }
    assert_true(n > 40);
}

static void test_certify_killed(void **state)
{
    bool killed = true;
    int n = 0, old_ones = 0;

    (void)state;
    while (killed) {
        begin();
        assert_int_equal(create(), FAULT_NONE);
        killed = strike_kill(certify, ++n);
        assert_int_equal(open_it(), FAULT_NONE);
        old_ones += !has_certificate();
        assert_int_equal(certify(), FAULT_NONE);
        assert_true(has_certificate());
        finish();
    }
    assert_true(n > 20);
    assert_true(old_ones > 10 && old_ones < n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_fails),
        cmocka_unit_test(test_create_interrupted),
        cmocka_unit_test(test_certify_fails),
        cmocka_unit_test(test_open_fails),
        cmocka_unit_test(test_create_starved),
        cmocka_unit_test(test_others_starved),
        cmocka_unit_test(test_create_killed),
        cmocka_unit_test(test_certify_killed),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, end);
}
