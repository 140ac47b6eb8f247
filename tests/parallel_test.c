#include "client/scan/parallel.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 5000 };

static atomic_size_t worked, dropped;
static size_t taken, fail_at;
static bool in_order, here;
static pthread_t caller;

struct square {
    size_t *value; /* owned */
};

static void work(void *context, size_t thing, void *result)
{
    struct square *square = result;

    (void)context;
    square->value = calloc(1, sizeof *square->value);
    if (square->value == NULL)
        abort();
    *square->value = thing * thing;
    /* Some take much longer than others. */
    if (thing % 997 == 0)
        usleep(2000);
    worked++;
}

static enum fault take(void *context, size_t thing, void *result)
{
    const struct square *square = result;

    (void)context;
    here = here && pthread_equal(pthread_self(), caller);
    in_order = in_order && thing == taken && *square->value == thing * thing;
    taken++;
    return thing == fail_at ? FAULT_IO : FAULT_NONE;
}

static void drop(void *result)
{
    struct square *square = result;

    free(square->value);
    square->value = NULL;
    dropped++;
}

static enum fault run(size_t count, size_t fail)
{
    const struct parallel job = {.count = count,
                                 .size = sizeof(struct square),
                                 .work = work,
                                 .take = take,
                                 .drop = drop};

    worked = dropped = 0;
    taken = 0;
    fail_at = fail;
    in_order = here = true;
    caller = pthread_self();
    return parallel_run(&job);
}

/* A system may refuse a thread, the first or a later one. */
static size_t threads_left = SIZE_MAX;
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how,
                          void *(*start)(void *), void *context);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how,
                          void *(*start)(void *), void *context);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how,
                          void *(*start)(void *), void *context)
{
    if (threads_left == 0)
        return EAGAIN;
    threads_left--;
    return __real_pthread_create(thread, how, start, context);
}

static void without_threads_it_is_done_alone(void **state)
{
    (void)state;
    for (size_t left = 0; left < 2; left++) {
        threads_left = left;
        assert_int_equal(run(MANY, SIZE_MAX), FAULT_NONE);
        assert_int_equal(taken, MANY);
        assert_int_equal(worked, dropped);
        assert_true(in_order);
    }
    threads_left = SIZE_MAX;
}

static void all_are_taken_in_order(void **state)
{
    static const size_t counts[] = {0, 1, 15, 16, 17, 63, 64, 65, 4096, MANY};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assert_int_equal(run(counts[i], SIZE_MAX), FAULT_NONE);
        assert_int_equal(taken, counts[i]);
        assert_int_equal(worked, counts[i]);
        assert_int_equal(dropped, counts[i]);
        assert_true(in_order);
        assert_true(here);
    }
}

/* It ends; whatever was worked out is dropped, whatever was not is left. */
static void a_fault_ends_it(void **state)
{
    static const size_t fails[] = {0, 1, 16, 300, MANY / 2, MANY - 1};

    (void)state;
    for (size_t i = 0; i < sizeof fails / sizeof *fails; i++) {
        assert_int_equal(run(MANY, fails[i]), FAULT_IO);
        assert_int_equal(taken, fails[i] + 1);
        assert_true(in_order);
        assert_int_equal(worked, dropped);
        assert_true(worked >= taken);
        assert_true(worked <= fails[i] + 1024);
    }
    assert_int_equal(run(3, 1), FAULT_IO);
    assert_int_equal(taken, 2);
    assert_int_equal(dropped, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_taken_in_order),
        cmocka_unit_test(a_fault_ends_it),
        cmocka_unit_test(without_threads_it_is_done_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
