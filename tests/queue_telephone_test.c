#include "tests/support/queued.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

/* Milliseconds, on a loaded machine too: who was not woken sleeps for ever. */
enum { AT_ONCE = 5000 };

/* The telephone for signing in is given back with the code, not with the row.
 */
static void a_telephone_is_wanted_from_the_beginning(void **state)
{
    struct queue *queue = in_one_line(3);

    (void)state;
    queue_wants(queue, 0, telephone_of("0001"));
    queue_wants(queue, 1, telephone_of("0001"));
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 2);
    assert_false(queue_reserve(queue, 2, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of(NULL)));
    assert_int_equal(taken(queue, true), 1);
    assert_false(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    queue_end(queue, 1);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    queue_free(&queue);
}

static void *leave_soon(void *context)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};

    nanosleep(&moment, NULL);
    queue_reserve(context, 0, QUEUE_SIGN_IN, telephone_of(NULL));
    return NULL;
}

/* What waits for a thing is woken when it is given back: it does not look
 * every now and then. */
static void what_is_given_back_is_had_at_once(void **state)
{
    struct queue *queue = in_one_line(2);
    pthread_t thread;
    int64_t begun;

    (void)state;
    for (size_t i = 0; i < 2; i++)
        taken(queue, true);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_false(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("0001")));
    queue_wait(queue, 1, queue_now(), false);
    begun = queue_now();
    assert_int_equal(pthread_create(&thread, NULL, leave_soon, queue), 0);
    assert_int_equal(taken(queue, true), 1);
    assert_in_range(queue_now() - begun, 15, AT_ONCE);
    pthread_join(thread, NULL);
    queue_free(&queue);
}

/* As many as there are get their turn, first come, first served. */
static void who_waits_longest_comes_first(void **state)
{
    enum { MANY = 5 };
    struct queue *queue = in_one_line(MANY);

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        taken(queue, true);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    for (size_t i = 1; i < MANY; i++) {
        assert_false(
            queue_reserve(queue, i, QUEUE_SIGN_IN, telephone_of("0001")));
        queue_wait(queue, i, queue_now(), false);
    }
    for (size_t i = 1; i < MANY; i++) {
        queue_end(queue, i - 1);
        assert_false(queue_over(queue, 0));
        assert_int_equal(taken(queue, true), i);
    }
    queue_end(queue, MANY - 1);
    assert_true(queue_over(queue, 0));
    queue_free(&queue);
}

static void a_telephone_is_of_one_row_at_a_time(void **state)
{
    struct queue *queue = in_one_line(4);

    (void)state;
    queue_wants(queue, 3, telephone_of("0001")); /* signs in by it */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(taken(queue, true), i);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_true(queue_reserve(queue, 2, QUEUE_SIGN_IN, telephone_of("0002")));
    assert_false(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("0001")));
    /* The one that was refused is not given back yet, and has nothing. */
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_false(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("0001")));
    queue_wait(queue, 1, queue_now(), false);
    queue_wait(queue, 2, queue_now() + 200, false);
    /* It waits for the telephone, and so does the one not begun. */
    assert_int_equal(taken(queue, true), 2);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of(NULL)));
    assert_int_equal(taken(queue, true), 1);
    /* It was taken for the telephone, and has it before it asks again. */
    assert_false(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_true(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("0001")));
    assert_true(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("0003")));
    assert_int_equal(taken(queue, true), 3);
    assert_false(queue_reserve(queue, 0, QUEUE_SIGN_IN, telephone_of("0001")));
    queue_free(&queue);
}

/* Who has one keeps it; who wants none is not concerned. */
static void so_many_have_telephones_at_once(void **state)
{
    const struct telephone none = {0, 0};
    struct queue *queue = in_one_line(5);

    (void)state;
    for (size_t i = 0; i < 4; i++)
        queue_wants(queue, i, (struct telephone){1000 + i, 4});
    queue_narrow(queue, 2);
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 1);
    assert_int_equal(taken(queue, true), 4);
    assert_false(
        queue_reserve(queue, 4, QUEUE_CONFIRM, (struct telephone){2000, 4}));
    assert_true(
        queue_reserve(queue, 0, QUEUE_CONFIRM, (struct telephone){2000, 4}));
    queue_narrow(queue, 1);
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, none));
    assert_true(queue_reserve(queue, 0, QUEUE_CONFIRM, none));
    queue_end(queue, 1);
    assert_int_equal(taken(queue, true), 2);
    queue_wait(queue, 4, queue_now(), false);
    queue_narrow(queue, SIZE_MAX);
    assert_int_equal(taken(queue, true), 4);
    assert_int_equal(taken(queue, true), 3);
    queue_free(&queue);
}

/* Of which the end is known, and of which all is. */
static void telephones_meet_as_far_as_they_are_known(void **state)
{
    struct queue *queue = in_one_line(4);

    (void)state;
    queue_wants(queue, 0, telephone_of("79110001234"));
    queue_wants(queue, 1, telephone_of("79120001234"));
    queue_wants(queue, 2, telephone_of("1234"));
    queue_wants(queue, 3, telephone_of("79110001234"));
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 1);
    queue_end(queue, 0);
    assert_int_equal(taken(queue, true), 3); /* 2 may be that of 1 */
    assert_false(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("1234")));
    assert_true(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("5678")));
    assert_false(
        queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("79110001234")));
    assert_true(
        queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("79120001234")));
    assert_true(queue_reserve(queue, 3, QUEUE_SIGN_IN, telephone_of(NULL)));
    assert_true(queue_reserve(queue, 1, QUEUE_SIGN_IN, telephone_of("1234")));
    queue_end(queue, 1);
    assert_int_equal(taken(queue, true), 2);
    queue_free(&queue);
}

/* One for signing in, one of the form. */
static void a_row_may_have_two_telephones(void **state)
{
    const struct telephone a = telephone_of("79110000001"),
                           b = telephone_of("79120000002"),
                           none = telephone_of(NULL);
    struct queue *queue = in_one_line(3);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        taken(queue, true);
    assert_true(queue_reserve(queue, 0, QUEUE_CONFIRM, a));
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, a)); /* it is its own */
    assert_true(queue_reserve(queue, 0, QUEUE_SIGN_IN, none));
    assert_false(queue_reserve(queue, 1, QUEUE_SIGN_IN, a));
    assert_true(queue_reserve(queue, 1, QUEUE_SIGN_IN, b));
    assert_false(queue_reserve(queue, 2, QUEUE_CONFIRM, b));
    assert_true(queue_reserve(queue, 2, QUEUE_CONFIRM, none));
    /* Each wants what the other has: both are given back, and come one after
     * the other. */
    assert_false(queue_reserve(queue, 0, QUEUE_SIGN_IN, b));
    assert_false(queue_reserve(queue, 1, QUEUE_CONFIRM, a));
    queue_wait(queue, 0, queue_now(), false);
    queue_wait(queue, 1, queue_now(), false);
    assert_int_equal(taken(queue, true), 0);
    assert_false(queue_reserve(queue, 2, QUEUE_SIGN_IN, a));
    assert_false(queue_reserve(queue, 2, QUEUE_SIGN_IN, b));
    assert_true(queue_reserve(queue, 2, QUEUE_SIGN_IN, none));
    queue_end(queue, 0);
    assert_int_equal(taken(queue, true), 1);
    queue_free(&queue);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_telephone_is_wanted_from_the_beginning),
        cmocka_unit_test(what_is_given_back_is_had_at_once),
        cmocka_unit_test(who_waits_longest_comes_first),
        cmocka_unit_test(a_telephone_is_of_one_row_at_a_time),
        cmocka_unit_test(so_many_have_telephones_at_once),
        cmocka_unit_test(telephones_meet_as_far_as_they_are_known),
        cmocka_unit_test(a_row_may_have_two_telephones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
