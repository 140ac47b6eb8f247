#include "tests/support/queued.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Milliseconds, on a loaded machine too: who was not woken sleeps for ever. */
enum { AT_ONCE = 5000 };

static void rows_come_in_their_order(void **state)
{
    struct queue *queue = in_one_line(3);
    size_t row;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(taken(queue, true), i);
    for (size_t i = 0; i < 3; i++) {
        assert_false(queue_over(queue, 0));
        queue_end(queue, i);
    }
    assert_true(queue_over(queue, 0));
    assert_false(queue_take(queue, true, &row));
    queue_free(&queue);
    assert_null(queue);
}

static void what_waits_comes_before_what_is_new(void **state)
{
    struct queue *queue = in_one_line(4);
    const int64_t now = queue_now();

    (void)state;
    for (size_t i = 0; i < 3; i++)
        taken(queue, true);
    queue_wait(queue, 0, now - 10, false);
    queue_wait(queue, 1, now - 30, false);
    queue_wait(queue, 2, now - 20, false);
    assert_int_equal(taken(queue, true), 1);
    assert_int_equal(taken(queue, true), 2);
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 3);
    queue_free(&queue);
}

static void a_moment_is_waited_for(void **state)
{
    struct queue *queue = in_one_line(1);
    const int64_t at = queue_now() + 300;

    (void)state;
    taken(queue, true);
    queue_wait(queue, 0, at, false);
    assert_false(queue_over(queue, 0));
    assert_int_equal(taken(queue, true), 0);
    assert_true(queue_now() >= at);
    queue_free(&queue);
}

static void who_looks_again_waits_for_its_moment_too(void **state)
{
    struct queue *queue = in_one_line(3);
    const int64_t at = queue_now() + 200;

    (void)state;
    assert_int_equal(taken(queue, true), 0);
    queue_wait(queue, 0, at, true);
    assert_int_equal(taken(queue, true), 1);
    queue_wait(queue, 1, queue_now(), true);
    assert_int_equal(taken(queue, true), 1);
    queue_wait(queue, 1, queue_now(), true);
    assert_int_equal(taken(queue, true), 2);
    queue_end(queue, 2);
    assert_int_equal(taken(queue, false), 1);
    assert_int_equal(taken(queue, false), 0);
    assert_true(queue_now() >= at);
    queue_free(&queue);
}

static void who_does_not_begin_takes_what_waits(void **state)
{
    struct queue *queue = in_one_line(2);

    (void)state;
    assert_int_equal(taken(queue, true), 0);
    queue_wait(queue, 0, queue_now(), false);
    assert_int_equal(taken(queue, false), 0);
    queue_end(queue, 0);
    assert_int_equal(taken(queue, true), 1);
    queue_free(&queue);
}

static void what_is_in_use_is_passed_by(void **state)
{
    struct queue *queue = in_one_line(5);

    (void)state;
    queue_needs(queue, 0, "rutoken:1");
    queue_needs(queue, 1, "rutoken:2");
    queue_needs(queue, 1, "rutoken:1");
    queue_needs(queue, 2, "");
    queue_needs(queue, 3, "rutoken:2");
    queue_needs(queue, 4, "rutoken:1");
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 2);
    assert_int_equal(taken(queue, true), 3);
    queue_end(queue, 0);
    /* The second needs both, and one of them is still in use. */
    assert_int_equal(taken(queue, true), 4);
    queue_end(queue, 3);
    queue_wait(queue, 4, queue_now() + 100000, false);
    assert_int_equal(taken(queue, true), 1);
    queue_free(&queue);
}

static void what_waits_for_a_thing_comes_when_it_is_free(void **state)
{
    struct queue *queue = in_one_line(2);

    (void)state;
    queue_needs(queue, 0, "7912");
    queue_needs(queue, 1, "7912");
    assert_int_equal(taken(queue, true), 0);
    queue_wait(queue, 0, queue_now(), false);
    /* Its moment has come: before the other is begun. */
    assert_int_equal(taken(queue, true), 0);
    queue_end(queue, 0);
    assert_int_equal(taken(queue, true), 1);
    queue_wait(queue, 1, queue_now(), false);
    assert_int_equal(taken(queue, true), 1);
    queue_free(&queue);
}

static void what_was_not_added_never_comes(void **state)
{
    struct queue *queue = queue_new(3, 1);
    size_t row;

    (void)state;
    queue_add(queue, 1, 0);
    assert_int_equal(taken(queue, true), 1);
    queue_end(queue, 1);
    assert_false(queue_take(queue, true, &row));
    assert_true(queue_over(queue, 0));
    queue_free(&queue);
}

/* --- lines ---------------------------------------------------------------- */

/* Row i stands in line i % lines. */
static struct queue *in_lines(size_t rows, size_t lines)
{
    struct queue *queue = queue_new(rows, lines + 1);

    assert_non_null(queue);
    for (size_t i = 0; i < rows; i++)
        queue_add(queue, i, i % lines);
    return queue;
}

static void a_line_that_is_shut_is_over(void **state)
{
    struct queue *queue = in_lines(6, 2);
    size_t row;

    (void)state;
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 1);
    queue_wait(queue, 0, queue_now() + 1000000, false);
    queue_shut(queue, 0);
    assert_false(queue_over(queue, 0));
    queue_end(queue, 1);
    for (size_t i = 3; i < 6; i += 2) {
        assert_int_equal(taken(queue, true), i);
        queue_end(queue, i);
    }
    /* Rows 2 and 4 were not begun, 0 waits, and nobody waits for it. */
    assert_true(queue_over(queue, 0));
    assert_false(queue_take(queue, true, &row));
    queue_free(&queue);
}

static void what_runs_of_a_line_that_is_shut_is_waited_for(void **state)
{
    struct queue *queue = in_lines(2, 2);

    (void)state;
    for (size_t i = 0; i < 2; i++)
        taken(queue, true);
    queue_shut(queue, 0);
    queue_end(queue, 1);
    assert_false(queue_over(queue, 0));
    queue_wait(queue, 0, queue_now(), false);
    assert_true(queue_over(queue, 0));
    queue_free(&queue);
}

static void a_line_that_is_doubted_is_waited_for(void **state)
{
    struct queue *queue = in_lines(4, 2);
    const int64_t until = queue_now() + 200;

    (void)state;
    queue_doubt(queue, 0, until);
    assert_int_equal(queue_pause(queue), 0);
    for (size_t i = 1; i < 4; i += 2) {
        assert_int_equal(taken(queue, true), i);
        queue_end(queue, i);
    }
    assert_int_equal(queue_pause(queue), until);
    assert_false(queue_over(queue, 0));
    assert_int_equal(taken(queue, true), 0);
    assert_true(queue_now() >= until);
    assert_int_equal(queue_pause(queue), 0);
    queue_free(&queue);
}

static void *trust_soon(void *context)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};

    nanosleep(&moment, NULL);
    queue_trust(context, 0);
    return NULL;
}

static void *move_soon(void *context)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};

    nanosleep(&moment, NULL);
    queue_move(context, 0, 1);
    return NULL;
}

/* While one of its rows runs, to try. */
static void one_that_is_trusted_again_gives_at_once(void **state)
{
    static void *(*const acts[])(void *context) = {trust_soon, move_soon};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct queue *queue = in_one_line(2);
        pthread_t thread;
        int64_t begun;

        queue_doubt(queue, 0, 0);
        assert_int_equal(taken(queue, true), 0);
        begun = queue_now();
        assert_int_equal(pthread_create(&thread, NULL, acts[i], queue), 0);
        assert_int_equal(taken(queue, true), 1);
        assert_in_range(queue_now() - begun, 15, AT_ONCE);
        pthread_join(thread, NULL);
        queue_free(&queue);
    }
}

/* A thing is one row's, whatever lines they stand in. */
static void things_know_no_lines(void **state)
{
    struct queue *queue = in_lines(4, 2);

    (void)state;
    queue_needs(queue, 0, "rutoken:1");
    queue_needs(queue, 1, "rutoken:1");
    assert_int_equal(taken(queue, true), 0);
    assert_int_equal(taken(queue, true), 3);
    assert_int_equal(taken(queue, true), 2);
    queue_end(queue, 0);
    assert_int_equal(taken(queue, true), 1);
    queue_free(&queue);
}

static void a_closed_one_gives_nothing(void **state)
{
    struct queue *queue = in_one_line(2);
    size_t row;

    (void)state;
    taken(queue, true);
    queue_close(queue);
    assert_false(queue_take(queue, true, &row));
    assert_false(queue_over(queue, 0)); /* one still runs */
    queue_wait(queue, 0, queue_now(), false);
    assert_true(queue_over(queue, 0));
    assert_false(queue_take(queue, true, &row));
    queue_free(&queue);
}

static void one_of_no_rows_is_over(void **state)
{
    struct queue *queue = in_one_line(0);
    size_t row;

    (void)state;
    assert_false(queue_take(queue, true, &row));
    assert_true(queue_over(queue, 0));
    queue_free(&queue);
}

/* --- many ----------------------------------------------------------------- */

enum { ROWS = 3000, LINES = 7, THREADS = 12, THINGS = 40, VISITS = 3 };

static struct crowd {
    struct queue *queue;
    atomic_int visits[ROWS], using[THINGS], wrong;
} crowd;

static void *visit(void *context)
{
    size_t row;

    (void)context;
    while (queue_take(crowd.queue, true, &row)) {
        atomic_int *using = &crowd.using[row % THINGS];
        int visits = atomic_fetch_add(&crowd.visits[row], 1) + 1;

        if (row % THINGS != 0 && atomic_fetch_add(using, 1) != 0)
            atomic_fetch_add(&crowd.wrong, 1);
        if (row % THINGS != 0)
            atomic_fetch_sub(using, 1);
        /* A third of the rows turn out to be of another line, and each now and
         * then shows that a line is in trouble, and is over it. */
        if (row % 3 == 0)
            queue_move(crowd.queue, row, row % (LINES + 1));
        if (row % 50 == 0)
            queue_doubt(crowd.queue, row % LINES, queue_now() + 2);
        else if (row % 5 == 0)
            queue_trust(crowd.queue, row % LINES);
        if (visits == VISITS)
            queue_end(crowd.queue, row);
        else
            queue_wait(crowd.queue, row, queue_now() + (int64_t)(row % 20),
                       row % 4 == 0);
    }
    return NULL;
}

static void many_share_it(void **state)
{
    pthread_t threads[THREADS];
    char thing[2] = "";

    (void)state;
    crowd.queue = in_lines(ROWS, LINES);
    for (size_t i = 0; i < ROWS; i++) {
        thing[0] = (char)('0' + i % THINGS);
        if (i % THINGS != 0)
            queue_needs(crowd.queue, i, thing);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, visit, NULL), 0);
    while (!queue_over(crowd.queue, 100)) {
        /* each is visited as often as it wants to be */
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(atomic_load(&crowd.visits[i]), VISITS);
    assert_int_equal(atomic_load(&crowd.wrong), 0);
    queue_free(&crowd.queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_their_order),
        cmocka_unit_test(what_waits_comes_before_what_is_new),
        cmocka_unit_test(a_moment_is_waited_for),
        cmocka_unit_test(who_looks_again_waits_for_its_moment_too),
        cmocka_unit_test(who_does_not_begin_takes_what_waits),
        cmocka_unit_test(what_is_in_use_is_passed_by),
        cmocka_unit_test(what_waits_for_a_thing_comes_when_it_is_free),
        cmocka_unit_test(what_was_not_added_never_comes),
        cmocka_unit_test(a_line_that_is_shut_is_over),
        cmocka_unit_test(what_runs_of_a_line_that_is_shut_is_waited_for),
        cmocka_unit_test(a_line_that_is_doubted_is_waited_for),
        cmocka_unit_test(one_that_is_trusted_again_gives_at_once),
        cmocka_unit_test(things_know_no_lines),
        cmocka_unit_test(a_closed_one_gives_nothing),
        cmocka_unit_test(one_of_no_rows_is_over),
        cmocka_unit_test(many_share_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
