#include "keygen/secret.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Below, at and above what blocks that are used again can hold. */
static const size_t sizes[] = {1,    15,   16,   17,   100,  1921,  4080, 4096,
                               4104, 8128, 8144, 8145, 8192, 10000, 12345};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

static size_t round_up(size_t size)
{
    return (size + 15) / 16 * 16;
}

static bool is_zero(const uint8_t *at, size_t size)
{
    while (size > 0 && at[size - 1] == 0)
        size--;
    return size == 0;
}

/* Whether a child that does this comes to its end. */
static bool survives(void (*act)(size_t size), size_t size)
{
    pid_t child = fork();
    int status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);     /* a sanitizer's report is not wanted */
        signal(SIGSEGV, SIG_DFL); /* nor what cmocka makes of it */
        signal(SIGABRT, SIG_DFL);
        act(size);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void is_zero_and_aligned(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * SIZES; i++) {
        const size_t size = sizes[i % SIZES];
        uint8_t *secret = secret_new(size);

        assert_non_null(secret);
        assert_int_equal((uintptr_t)secret % 16, 0);
        assert_true(is_zero(secret, size));
        memset(secret, 0xA5, size);
        secret_free(&secret);
        assert_null(secret);
        secret_free(&secret);
    }
}

static void many_are_apart(void **state)
{
    uint8_t *all[100];

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        all[i] = secret_new(sizes[i % SIZES]);
        assert_non_null(all[i]);
        assert_true(is_zero(all[i], sizes[i % SIZES]));
        memset(all[i], (int)i, sizes[i % SIZES]);
    }
    for (size_t i = 0; i < 100; i++) {
        for (size_t j = 0; j < sizes[i % SIZES]; j++)
            assert_int_equal(all[i][j], i);
        secret_free(&all[i]);
    }
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    assert_null(secret_new(SIZE_MAX));
    assert_null(secret_new(SIZE_MAX - 64));
    assert_null(secret_new(SIZE_MAX / 2));
}

static void use_all(size_t size)
{
    uint8_t *secret = secret_new(size);

    memset(secret, 1, round_up(size));
    secret_free(&secret);
}

static void write_behind(size_t size)
{
    uint8_t *volatile secret = secret_new(size);

    secret[round_up(size)] = 1;
}

static void write_before(size_t size)
{
    uint8_t *secret = secret_new(size);
    uint8_t *volatile before = secret - 1;

    *before ^= 1;
    secret_free(&secret);
}

static void what_goes_beyond_ends_the_program(void **state)
{
    uint8_t *used = secret_new(1);

    (void)state;
    secret_free(&used); /* there is a block that is used again */
    for (size_t i = 0; i < SIZES; i++) {
        assert_true(survives(use_all, sizes[i]));
        assert_false(survives(write_behind, sizes[i]));
        assert_false(survives(write_before, sizes[i]));
    }
}

static void copies_end_with_a_zero(void **state)
{
    char *copy = secret_copy("parole", 4);

    (void)state;
    assert_string_equal(copy, "paro");
    secret_free(&copy);
    copy = secret_copy("", 0);
    assert_string_equal(copy, "");
    secret_free(&copy);
}

static void *work(void *mark)
{
    for (size_t i = 0; i < 2000; i++) {
        const size_t size = sizes[i % 5];
        uint8_t *secret = secret_new(size);

        if (secret == NULL || !is_zero(secret, size))
            return mark;
        memset(secret, *(int *)mark, size);
        for (size_t j = 0; j < size; j++)
            if (secret[j] != *(int *)mark)
                return mark;
        secret_free(&secret);
    }
    return NULL;
}

static void threads_do_not_meet(void **state)
{
    int marks[4] = {1, 2, 3, 4};
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &marks[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed = NULL;

        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}

static void prepare(size_t size)
{
    struct rlimit limit;

    (void)size;
    if (secret_prepare_process() != 0 || prctl(PR_GET_DUMPABLE) != 0 ||
        getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0)
        _exit(1);
}

static void the_process_leaves_no_core(void **state)
{
    (void)state;
    assert_true(survives(prepare, 0));
}

static void moves_every_byte(void **state)
{
    uint8_t from[300], to[sizeof from + 1];

    (void)state;
    for (size_t size = 0; size <= sizeof from; size++) {
        memset(from, (int)(size | 1), sizeof from);
        memset(to, 0, sizeof to);
        secret_move(to, from, size);
        assert_memory_equal(to, from, size);
        assert_int_equal(to[size], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_zero_and_aligned),
        cmocka_unit_test(moves_every_byte),
        cmocka_unit_test(many_are_apart),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(what_goes_beyond_ends_the_program),
        cmocka_unit_test(copies_end_with_a_zero),
        cmocka_unit_test(threads_do_not_meet),
        cmocka_unit_test(the_process_leaves_no_core),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
