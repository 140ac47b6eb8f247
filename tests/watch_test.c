#include "client/batch/run/watch.h"

#include "client/batch/run/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

enum {
    THREADS = 8,
    AT_ONCE = 10000, /* ms: who was not woken sleeps for ever */
    A_WHILE = 50     /* ms in which nobody else is to wake */
};

/* Threads that count how often they look. */
static struct crowd {
    pthread_t thread[THREADS];
    pthread_mutex_t lock;
    struct watch watch;
    int64_t at;         /* for the next that waits */
    int looks, leaving; /* of them so many are to go */
} crowd;

static void *look(void *context)
{
    int64_t at;

    (void)context;
    pthread_mutex_lock(&crowd.lock);
    while (crowd.looks++, crowd.leaving == 0) {
        at = crowd.at;
        crowd.at = 0;
        watch_wait(&crowd.watch, &crowd.lock, at);
    }
    crowd.leaving--;
    watch_leave(&crowd.watch);
    pthread_mutex_unlock(&crowd.lock);
    return NULL;
}

static void sleep_for(int milliseconds)
{
    const struct timespec time = {.tv_nsec = milliseconds * 1000000L};

    nanosleep(&time, NULL);
}

static int looks(void)
{
    int count;

    pthread_mutex_lock(&crowd.lock);
    count = crowd.looks;
    pthread_mutex_unlock(&crowd.lock);
    return count;
}

/* So often, and not once more. */
static void assert_looks(int expected)
{
    const int64_t begun = queue_now();

    while (looks() < expected && queue_now() < begun + AT_ONCE)
        sleep_for(1);
    sleep_for(A_WHILE);
    assert_int_equal(looks(), expected);
}

static void tell(int leaving, bool all)
{
    pthread_mutex_lock(&crowd.lock);
    crowd.leaving = leaving;
    watch_tell(&crowd.watch, all);
    pthread_mutex_unlock(&crowd.lock);
}

static int gather(void **state)
{
    (void)state;
    crowd = (struct crowd){.lock = PTHREAD_MUTEX_INITIALIZER};
    if (watch_init(&crowd.watch) != 0)
        return -1;
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&crowd.thread[i], NULL, look, NULL) != 0)
            return -1;
    assert_looks(THREADS);
    return 0;
}

static int disperse(void **state)
{
    (void)state;
    tell(THREADS, true);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(crowd.thread[i], NULL);
    watch_free(&crowd.watch);
    return 0;
}

static void one_looks_at_what_happens(void **state)
{
    (void)state;
    for (int i = 1; i <= 3; i++) {
        tell(0, false);
        assert_looks(THREADS + i);
    }
}

/* What the one that went has taken may not have been all. */
static void who_leaves_wakes_another(void **state)
{
    (void)state;
    tell(1, false);
    assert_looks(THREADS + 2);
    tell(0, false);
    assert_looks(THREADS + 3);
    tell(3, false);
    assert_looks(THREADS + 7);
}

static void all_are_told(void **state)
{
    (void)state;
    tell(0, true);
    assert_looks(2 * THREADS);
}

static void one_is_back_at_a_moment(void **state)
{
    const int64_t at = queue_now() + A_WHILE;

    (void)state;
    pthread_mutex_lock(&crowd.lock);
    crowd.at = at;
    watch_tell(&crowd.watch, false);
    pthread_mutex_unlock(&crowd.lock);
    while (looks() < THREADS + 2)
        sleep_for(1);
    assert_true(queue_now() >= at);
    assert_looks(THREADS + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_looks_at_what_happens, gather,
                                        disperse),
        cmocka_unit_test_setup_teardown(who_leaves_wakes_another, gather,
                                        disperse),
        cmocka_unit_test_setup_teardown(all_are_told, gather, disperse),
        cmocka_unit_test_setup_teardown(one_is_back_at_a_moment, gather,
                                        disperse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
