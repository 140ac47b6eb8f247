#include "client/batch/run/unbegun.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1767225600, DAY = 24 * 60 * 60 };

static const char place[] = "file:/old/abcd1234.000";
static struct screen *screen;

/* One run of a batch that meets a failure. Whether it was told before. */
static bool meet(const char *where, enum outcome outcome, time_t now)
{
    struct unbegun unbegun;
    bool told;

    assert_int_equal(unbegun_open(&unbegun), OUTCOME_DONE);
    told = unbegun_was_told(&unbegun, where, outcome, now);
    if (!told)
        unbegun_tell(&unbegun, where, outcome, now);
    assert_true(unbegun_was_told(&unbegun, where, outcome, now));
    unbegun_close(&unbegun, screen, now);
    return told;
}

static int begin(void **state)
{
    const struct screen_settings nobody = {.silent = true};

    screen = screen_new(&nobody);
    return scratch_begin(state) != 0 || screen == NULL ||
                   paths_make(scratch_file("kep")) != 0
               ? -1
               : 0;
}

static int end(void **state)
{
    screen_free(&screen);
    return scratch_end(state);
}

static void the_same_is_known_again(void **state)
{
    (void)state;
    assert_false(meet(place, OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_false(meet(place, OUTCOME_NOT_CONTAINER, NOW));
    assert_false(
        meet("file:/old/abcd1234.001", OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_false(meet("", OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_false(meet("file:/a b\n\x01/Ж", OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_true(meet("file:/a b\n\x01/Ж", OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_true(meet(place, OUTCOME_NOT_CONTAINER, NOW));
}

/* However long it lasts; but not what comes back after it was gone. */
static void it_lapses_when_it_is_met_no_more(void **state)
{
    time_t now = NOW;

    (void)state;
    assert_false(meet(place, OUTCOME_CONTAINER_DAMAGED, now));
    for (int months = 0; months < 30; months++)
        assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, now += 31 * DAY));
    now += (UNBEGUN_DAYS + 1) * DAY;
    assert_false(meet(place, OUTCOME_CONTAINER_DAMAGED, now));
    assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, now));
    /* A clock that was ahead, and is put right. */
    assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, NOW));
    assert_true(meet(place, OUTCOME_CONTAINER_DAMAGED, NOW + DAY));
    assert_false(
        meet(place, OUTCOME_CONTAINER_DAMAGED, NOW + (UNBEGUN_DAYS + 2) * DAY));
}

static void what_was_only_asked_is_not_told(void **state)
{
    struct unbegun unbegun;

    (void)state;
    assert_int_equal(unbegun_open(&unbegun), OUTCOME_DONE);
    for (int i = 0; i < 2; i++)
        assert_false(unbegun_was_told(&unbegun, place, OUTCOME_IO, NOW));
    unbegun_close(&unbegun, screen, NOW);
    assert_int_equal(scratch_count(scratch_file("kep")), 0);
    assert_false(meet(place, OUTCOME_IO, NOW));
}

static void a_file_of_nonsense_has_told_nothing(void **state)
{
    (void)state;
    scratch_text("kep/failures", "x\n0 0 0 0\n\n%s%n");
    assert_false(meet(place, OUTCOME_IO, NOW));
    assert_true(meet(place, OUTCOME_IO, NOW));
}

#define UNBEGUN(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNBEGUN(the_same_is_known_again),
        UNBEGUN(it_lapses_when_it_is_met_no_more),
        UNBEGUN(what_was_only_asked_is_not_told),
        UNBEGUN(a_file_of_nonsense_has_told_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
