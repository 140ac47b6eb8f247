#include "token/rutoken/card/patience.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

enum { LONG = 60 * 1000 }; /* milliseconds; nothing here takes so long */

/* What is waited for, opened by the test. */
static struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool open, worked, late, same;
} gate = {.mutex = PTHREAD_MUTEX_INITIALIZER,
          .changed = PTHREAD_COND_INITIALIZER};

static int reset(void **state)
{
    (void)state;
    gate.open = gate.worked = gate.late = gate.same = false;
    return 0;
}

static void set(bool *what)
{
    pthread_mutex_lock(&gate.mutex);
    *what = true;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.mutex);
}

static void wait_for(const bool *what)
{
    pthread_mutex_lock(&gate.mutex);
    while (!*what)
        pthread_cond_wait(&gate.changed, &gate.mutex);
    pthread_mutex_unlock(&gate.mutex);
}

static void work(void *context)
{
    wait_for(&gate.open);
    gate.same = context == &gate;
    set(&gate.worked);
}

static void late(void *context)
{
    assert_ptr_equal(context, &gate);
    set(&gate.late);
}

static void test_in_time(void **state)
{
    (void)state;
    set(&gate.open);
    assert_true(patience_call(work, late, &gate, LONG));
    assert_true(gate.worked && gate.same);
    assert_false(gate.late);
}

/* Also where there was no time from the beginning. */
static void test_too_late(void **state)
{
    static const int times[] = {1, 0, -1, -LONG};

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_int_equal(reset(state), 0);
        assert_false(patience_call(work, late, &gate, times[i]));
        assert_false(gate.worked);
        set(&gate.open);
        wait_for(&gate.late);
        assert_true(gate.worked && gate.same);
    }
}

static void look_at_signals(void *context)
{
    sigset_t *blocked = context;

    (void)pthread_sigmask(SIG_SETMASK, NULL, blocked);
}

/* They are for the thread of the program, which is as it was. */
static void test_signals(void **state)
{
    sigset_t inside, outside;

    (void)state;
    assert_true(patience_call(look_at_signals, late, &inside, LONG));
    (void)pthread_sigmask(SIG_SETMASK, NULL, &outside);
    assert_int_equal(sigismember(&inside, SIGINT), 1);
    assert_int_equal(sigismember(&outside, SIGINT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_in_time, reset),
        cmocka_unit_test_setup(test_too_late, reset),
        cmocka_unit_test_setup(test_signals, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
