#include "client/making/whereabouts.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct whereabouts places;

static int begin(void **state)
{
    scratch_begin(state);
    return 0;
}

static int end(void **state)
{
    (void)state;
    whereabouts_free(&places);
    return scratch_end(state);
}

/* rule_56 */
static void this_computer_is_always_there(void **state)
{
    (void)state;
    assert_int_equal(whereabouts_find(&places, NULL), FAULT_NONE);
    assert_in_range(places.count, 1, WHEREABOUTS_MAX);
    assert_string_equal(places.found[places.count - 1].location, "local:");
    assert_string_equal(places.found[places.count - 1].label, "this computer");
}

/* rule_60 */
static void where_the_former_key_is_comes_first(void **state)
{
    char former[600];

    (void)state;
    snprintf(former, sizeof former, "file:%s/abcd1234.000", scratch_folder);
    assert_int_equal(whereabouts_find(&places, former), FAULT_NONE);
    assert_int_equal(strncmp(places.found[0].location, "file:", 5), 0);
    assert_non_null(strstr(places.found[0].location, scratch_folder));
    assert_non_null(strstr(places.found[0].label, scratch_folder));
}

/* rule_56 */
/* What is mounted and can be written; nothing else of a folder. */
static void drives_are_found_where_they_are_mounted(void **state)
{
    static const char *const names[] = {"FLASH", "ФЛЕШКА 2", ".hidden"};
    char path[600];
    size_t found = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(mkdir(scratch_file(names[i]), 0700), 0);
    scratch_text("file", "");
    assert_int_equal(whereabouts_find(&places, NULL), FAULT_NONE);
    whereabouts_add_drives(&places, scratch_folder);
    for (size_t i = 0; i < places.count; i++) {
        const struct place_found *one = &places.found[i];

        if (strstr(one->location, scratch_folder) == NULL)
            continue;
        found++;
        snprintf(path, sizeof path, "drive: %s/F", scratch_folder);
        if (strncmp(one->label, path, strlen(path)) != 0)
            assert_non_null(strstr(one->label, "ФЛЕШКА 2"));
    }
    assert_int_equal(found, 2);
    whereabouts_add_drives(&places, scratch_folder); /* no place twice */
    whereabouts_add_drives(&places, "/nowhere/at/all");
    for (size_t i = 0; i < places.count; i++)
        found -= strstr(places.found[i].location, scratch_folder) != NULL;
    assert_int_equal(found, 0);
}

/* A drive that was taken out is no place, and damaged words are none. */
static void one_that_is_not_there_is_left_out(void **state)
{
    static const char *const formers[] = {
        "file:/nowhere/at/all/a.000", "", "nowhere:x", "rutoken:", "file:",
        "file:/\033[2J/a.000"};

    (void)state;
    for (size_t i = 0; i < sizeof formers / sizeof *formers; i++) {
        assert_int_equal(whereabouts_find(&places, formers[i]), FAULT_NONE);
        for (size_t j = 0; j < places.count; j++)
            assert_null(strstr(places.found[j].label, "former"));
        whereabouts_free(&places);
    }
}

/* rule_85 */
/* Not that of the key itself, nor those where keys are made and stay. */
static void where_no_copy_can_be_is_no_place_for_one(void **state)
{
    char home[600], container[700];
    const char *const locations[] = {home, "pkcs11:serial=48e243b5", "local:"};

    (void)state;
    snprintf(home, sizeof home, "file:%s", scratch_folder);
    snprintf(container, sizeof container, "%s/abcd1234.000", home);
    places = (struct whereabouts){
        .found = calloc(WHEREABOUTS_MAX, sizeof *places.found)};
    assert_non_null(places.found);
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
        snprintf(places.found[places.count++].location, LOCATION_MAX, "%s",
                 locations[i]);
    whereabouts_drop_for_copy(&places, container);
    assert_int_equal(places.count, 1);
    assert_string_equal(places.found[0].location, "local:");
}

int main(void)
{
#define PLACES(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        PLACES(this_computer_is_always_there),
        PLACES(where_the_former_key_is_comes_first),
        PLACES(drives_are_found_where_they_are_mounted),
        PLACES(one_that_is_not_there_is_left_out),
        PLACES(where_no_copy_can_be_is_no_place_for_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
