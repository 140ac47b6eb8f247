#include "client/renewal/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { THREADS = 16, EACH = 40 };

struct hall {
    struct group group;
    atomic_int inside, acts, done[THREADS * EACH];
    int most; /* items of one act */
    long nap; /* ns that an act takes */
};

static void act(void *context, struct group_item *items)
{
    struct hall *hall = context;
    const struct timespec nap = {.tv_nsec = hall->nap};
    int count = 0;

    assert_int_equal(atomic_fetch_add(&hall->inside, 1), 0);
    atomic_fetch_add(&hall->acts, 1);
    nanosleep(&nap, NULL);
    for (; items != NULL; items = items->next) {
        const int number = *(const int *)items->what;

        items->result = 7 * number;
        atomic_fetch_add(&hall->done[number], 1);
        count++;
    }
    hall->most = count > hall->most ? count : hall->most;
    atomic_fetch_sub(&hall->inside, 1);
}

struct guest {
    struct hall *hall;
    int number;
    pthread_t thread;
    int wrong;
};

static void *come(void *context)
{
    struct guest *guest = context;

    for (int i = 0; i < EACH; i++) {
        const int number = guest->number * EACH + i;

        guest->wrong += group_do(&guest->hall->group, &number) != 7 * number;
        guest->wrong += atomic_load(&guest->hall->done[number]) != 1;
    }
    return NULL;
}

static void everybody_comes(struct hall *hall)
{
    struct guest guests[THREADS];

    assert_int_equal(group_init(&hall->group, act, hall), 0);
    for (int i = 0; i < THREADS; i++) {
        guests[i] = (struct guest){.hall = hall, .number = i};
        assert_int_equal(
            pthread_create(&guests[i].thread, NULL, come, &guests[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(guests[i].thread, NULL);
        assert_int_equal(guests[i].wrong, 0);
    }
    group_free(&hall->group);
}

/* Nobody leaves before theirs is done, nothing is done twice, and never two
 * acts at once. */
static void each_is_done_once_before_it_leaves(void **state)
{
    static struct hall hall;

    (void)state;
    everybody_comes(&hall);
    for (int i = 0; i < THREADS * EACH; i++)
        assert_int_equal(atomic_load(&hall.done[i]), 1);
}

static void what_takes_long_is_done_for_many(void **state)
{
    static struct hall hall = {.nap = 5 * 1000000};

    (void)state;
    everybody_comes(&hall);
    assert_true(hall.most > 1);
    assert_true(atomic_load(&hall.acts) < THREADS * EACH / 2);
}

static void one_alone_is_served(void **state)
{
    static struct hall hall;
    const int number = 3;

    (void)state;
    assert_int_equal(group_init(&hall.group, act, &hall), 0);
    assert_int_equal(group_do(&hall.group, &number), 21);
    assert_int_equal(hall.most, 1);
    group_free(&hall.group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_done_once_before_it_leaves),
        cmocka_unit_test(what_takes_long_is_done_for_many),
        cmocka_unit_test(one_alone_is_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
