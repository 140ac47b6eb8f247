#include "client/notice/told.h"

#include "client/notice/notice.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { NOW = 1767225600, YEAR = 366 * 24 * 60 * 60 };

static const char one[] = "0123456789012345678901234567890123456789";
static const char other[] = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";

static void levels_are_those_that_were_promised(void **state)
{
    static const struct {
        long days;
        int level;
    } rows[] = {{-1, 0},  {0, 1},   {1, 1},   {2, 3},   {3, 3},
                {4, 7},   {7, 7},   {8, 14},  {14, 14}, {15, 30},
                {30, 30}, {31, 60}, {60, 60}, {61, 0},  {1000, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(notice_level(rows[i].days), rows[i].level);
}

static void what_was_told_is_remembered(void **state)
{
    char *place = scratch_new();
    const char *path = scratch_path(place, "notices");
    struct stat about;
    struct told told;

    (void)state;
    assert_int_equal(told_read(&told, path), OUTCOME_DONE);
    assert_int_equal(told.count, 0);
    told_of(&told, one, NOW + 5)->days[TOLD_DESKTOP] = 30;
    told_of(&told, other, NOW - YEAR - 5)->days[TOLD_COMMAND] = 7;
    assert_ptr_equal(told_of(&told, one, 0), told_of(&told, one, NOW));
    assert_int_equal(told.count, 2);
    assert_int_equal(told_write(&told, path, NOW), OUTCOME_DONE);
    told_free(&told);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    /* Of what is long over nothing is kept. */
    assert_int_equal(told_read(&told, path), OUTCOME_DONE);
    assert_int_equal(told.count, 1);
    assert_int_equal(told_of(&told, one, 0)->days[TOLD_DESKTOP], 30);
    assert_int_equal(told_of(&told, one, 0)->days[TOLD_COMMAND], 0);
    assert_int_equal(told_of(&told, one, 0)->end, NOW + 5);
    told_free(&told);
    scratch_remove(&place);
}

/* Whatever moment stands in the file. */
static void no_end_is_beyond_reckoning(void **state)
{
    char *place = scratch_new();
    const char *path = scratch_path(place, "notices");
    struct told told;

    (void)state;
    assert_int_equal(told_read(&told, path), OUTCOME_DONE);
    assert_non_null(told_of(&told, one, INT64_MAX));
    assert_non_null(told_of(&told, other, INT64_MIN));
    assert_int_equal(told_write(&told, path, NOW), OUTCOME_DONE);
    told_free(&told);
    assert_int_equal(told_read(&told, path), OUTCOME_DONE);
    assert_int_equal(told.count, 1);
    assert_true(told_of(&told, one, 0)->end == INT64_MAX);
    told_free(&told);
    scratch_remove(&place);
}

static void lines_that_are_none_are_left_out(void **state)
{
    char *place = scratch_new();
    const char *path = scratch_path(place, "notices");
    FILE *file = fopen(path, "w");
    struct told told;

    (void)state;
    fprintf(file, "\nx\n%s 1 2\n%s 30 14 9\n%sZ 1 2 3\n%s -7 3 9\n", one, one,
            one, other);
    for (int i = 0; i < 5000; i++)
        fputs("0123456789", file);
    fclose(file);
    assert_int_equal(told_read(&told, path), OUTCOME_DONE);
    assert_int_equal(told.count, 2);
    assert_int_equal(told_of(&told, one, 0)->days[TOLD_COMMAND], 14);
    assert_int_equal(told_of(&told, other, 0)->days[TOLD_DESKTOP], 0);
    assert_null(told_of(&told, "ABCDEF", 0));
    told_free(&told);
    scratch_remove(&place);
}

static void many_are_no_trouble(void **state)
{
    enum { MANY = 50000 };
    struct told told = {.count = 0};
    char name[THUMBPRINT_TEXT];

    (void)state;
    for (int twice = 0; twice < 2; twice++)
        for (int i = 0; i < MANY; i++) {
            snprintf(name, sizeof name, "%040x", (unsigned)i * 2654435761U);
            assert_non_null(told_of(&told, name, NOW));
        }
    assert_int_equal(told.count, MANY);
    told_free(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_those_that_were_promised),
        cmocka_unit_test(what_was_told_is_remembered),
        cmocka_unit_test(no_end_is_beyond_reckoning),
        cmocka_unit_test(lines_that_are_none_are_left_out),
        cmocka_unit_test(many_are_no_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
