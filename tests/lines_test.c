#include "client/batch/run/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool always(const void *context, uint32_t row)
{
    (void)context;
    (void)row;
    return true;
}

/* The rows are in a text, a digit each, that may not run. */
static bool unless_named(const void *context, uint32_t row)
{
    return strchr(context, '0' + (int)row) == NULL;
}

static uint32_t next(struct lines *lines)
{
    return lines_take(lines, true, 0, always, NULL);
}

/* One row for each letter: 'a' stands in line 0, 'b' in line 1 … */
static struct lines *of(const char *letters)
{
    struct lines *lines = lines_new(strlen(letters), 'z' - 'a' + 1);

    assert_non_null(lines);
    for (size_t i = 0; letters[i] != '\0'; i++)
        lines_add(lines, (uint32_t)i, (size_t)(letters[i] - 'a'));
    return lines;
}

/* As letters, what is taken while nothing is over. */
static void assert_taken(const char *letters, const char *order)
{
    struct lines *lines = of(letters);

    for (size_t i = 0; order[i] != '\0'; i++) {
        const uint32_t row = next(lines);

        assert_int_not_equal(row, LINES_NONE);
        if (letters[row] != order[i])
            fail_msg("%s: %zu is %c, not %c", letters, i, letters[row],
                     order[i]);
    }
    assert_int_equal(next(lines), LINES_NONE);
    lines_free(&lines);
    assert_null(lines);
}

static void the_fewest_come_first(void **state)
{
    (void)state;
    assert_taken("", "");
    assert_taken("aaa", "aaa");
    assert_taken("aaaabb", "ababaa");
    assert_taken("aaabbbccc", "abcabcabc");
    assert_taken("aaacb", "abcaa");
    assert_taken("z", "z");
    lines_free(&(struct lines *){NULL});
}

static void one_that_is_slow_gets_no_more_than_its_share(void **state)
{
    static const uint32_t four[] = {0, 8, 1, 9};
    struct lines *lines = of("aaaaaaaabbbbbbbb");

    (void)state;
    /* What the four jobs took of the first line stays, of the other it ends. */
    for (size_t i = 0; i < sizeof(four) / sizeof(four[0]); i++)
        assert_int_equal(next(lines), four[i]);
    for (uint32_t row = 8; row < 14; row++) {
        lines_end(lines, row);
        assert_int_equal(next(lines), row + 2);
    }
    lines_end(lines, 14);
    assert_int_equal(next(lines), 2);
    lines_free(&lines);
}

static void what_is_due_comes_before_what_is_new(void **state)
{
    struct lines *lines = of("aaab");

    (void)state;
    assert_int_equal(next(lines), 0);
    assert_int_equal(next(lines), 3);
    lines_wait(lines, 0);
    lines_end(lines, 3);
    assert_int_equal(lines_left(lines), 3);
    assert_int_equal(lines_take(lines, false, 0, always, NULL), LINES_NONE);
    lines_due(lines, 0);
    assert_int_equal(next(lines), 0);
    assert_int_equal(lines_take(lines, false, 0, always, NULL), LINES_NONE);
    assert_int_equal(next(lines), 1);
    lines_free(&lines);
}

/* However many look again, and however often, the new ones begin. */
static void those_who_look_take_turns_with_the_new(void **state)
{
    struct lines *lines = of("aaaaaaa");
    uint32_t row;

    (void)state;
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(next(lines), i);
    for (uint32_t i = 0; i < 3; i++) {
        lines_wait(lines, i);
        lines_look(lines, i);
    }
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(row = next(lines), i); /* it is not there */
        lines_wait(lines, row);
        lines_look(lines, row);
        assert_int_equal(row = next(lines), 4 + i);
        lines_end(lines, row);
    }
    /* What is begun comes before both; who does not begin looks at once. */
    lines_wait(lines, 3);
    lines_due(lines, 3);
    assert_int_equal(next(lines), 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(lines_take(lines, false, 0, always, NULL), i);
    assert_int_equal(next(lines), LINES_NONE);
    lines_free(&lines);
}

static void what_is_not_free_is_passed_by(void **state)
{
    struct lines *lines = of("aabbaa");

    (void)state;
    assert_int_equal(lines_take(lines, true, 0, unless_named, "0123"), 4);
    assert_int_equal(lines_take(lines, true, 0, unless_named, "0235"), 1);
    assert_int_equal(lines_take(lines, true, 0, unless_named, "05"), 2);
    assert_int_equal(lines_take(lines, true, 0, unless_named, "035"),
                     LINES_NONE);
    assert_int_equal(lines_take(lines, true, 0, unless_named, "03"), 5);
    assert_int_equal(next(lines), 3);
    assert_int_equal(next(lines), 0);
    assert_int_equal(next(lines), LINES_NONE);
    lines_free(&lines);
}

/* Not before its moment, one at a time, and where all are as many, last. */
static void one_that_is_doubted_is_tried(void **state)
{
    struct lines *lines = of("aaabbb");

    (void)state;
    lines_doubt(lines, 0, 100);
    assert_int_equal(lines_take(lines, true, 99, always, NULL), 3);
    assert_int_equal(lines_take(lines, true, 99, always, NULL), 4);
    lines_end(lines, 3);
    lines_end(lines, 4);
    assert_int_equal(lines_take(lines, true, 100, always, NULL), 5);
    assert_int_equal(lines_take(lines, true, 100, always, NULL), 0);
    assert_int_equal(lines_take(lines, true, 100, always, NULL), LINES_NONE);
    /* What runs when it comes into doubt runs on. */
    assert_true(lines_trust(lines, 0));
    assert_false(lines_trust(lines, 0));
    assert_int_equal(next(lines), 1);
    lines_doubt(lines, 0, 0);
    assert_int_equal(next(lines), LINES_NONE);
    lines_end(lines, 1);
    assert_int_equal(next(lines), LINES_NONE);
    lines_end(lines, 0);
    assert_int_equal(next(lines), 2);
    lines_free(&lines);
}

static void one_that_is_shut_has_nothing_left(void **state)
{
    struct lines *lines = of("aabb");

    (void)state;
    assert_int_equal(next(lines), 0);
    assert_int_equal(lines_left(lines), 3);
    lines_shut(lines, 0);
    lines_shut(lines, 25); /* one that nobody stands in */
    assert_int_equal(lines_left(lines), 2);
    lines_wait(lines, 0);
    lines_due(lines, 0);
    assert_int_equal(lines_left(lines), 2);
    assert_false(lines_trust(lines, 0));
    assert_int_equal(next(lines), 2);
    assert_int_equal(next(lines), 3);
    assert_int_equal(next(lines), LINES_NONE);
    lines_free(&lines);
}

static void a_row_may_turn_out_to_be_of_another(void **state)
{
    struct lines *lines = of("aab");

    (void)state;
    assert_int_equal(next(lines), 0);
    assert_false(lines_move(lines, 0, 0));
    assert_true(lines_move(lines, 0, 1));
    /* Now two of the other line would run, and none of the first. */
    assert_int_equal(next(lines), 1);
    lines_wait(lines, 0);
    lines_due(lines, 0);
    lines_shut(lines, 0);
    assert_int_equal(next(lines), 0);
    assert_int_equal(next(lines), 2);
    assert_int_equal(lines_left(lines), 0);
    lines_free(&lines);
}

static void the_pause_is_that_of_all(void **state)
{
    struct lines *lines = of("abcd");

    (void)state;
    assert_int_equal(lines_pause(lines, 0), 0);
    assert_int_equal(lines_next(lines, 0), 0);
    lines_doubt(lines, 0, 300);
    lines_doubt(lines, 1, 200);
    lines_doubt(lines, 2, 100);
    assert_int_equal(lines_pause(lines, 0), 0);
    lines_shut(lines, 3);
    assert_int_equal(lines_pause(lines, 0), 100);
    assert_int_equal(lines_pause(lines, 100), 0);
    assert_int_equal(lines_next(lines, 99), 100);
    assert_int_equal(lines_next(lines, 100), 200);
    assert_int_equal(lines_next(lines, 300), 0);
    /* A row that runs may be waiting in its call; one that is over does not. */
    assert_int_equal(lines_take(lines, true, 100, always, NULL), 2);
    assert_int_equal(lines_pause(lines, 100), 0);
    lines_end(lines, 2);
    assert_int_equal(lines_pause(lines, 100), 200);
    lines_shut(lines, 0);
    lines_shut(lines, 1);
    assert_int_equal(lines_pause(lines, 0), 0);
    lines_trust(lines, 2);
    assert_int_equal(lines_next(lines, 0), 0);
    lines_free(&lines);
}

/* --- many ----------------------------------------------------------------- */

/* After so many steps nearly all rows are over. */
enum { ROWS = 200, LINES = 9, STEPS = 20000, ROUNDS = 10 };

/* What is known of them without a list. */
static struct model {
    enum { NEW, RUNS, WAITS, DUE, OVER } row[ROWS];
    size_t line[ROWS];
    bool doubted[LINES], shut[LINES];
    int64_t until[LINES];
} model;

static size_t runs_of(size_t line)
{
    size_t runs = 0;

    for (size_t i = 0; i < ROWS; i++)
        runs += model.row[i] == RUNS && model.line[i] == line;
    return runs;
}

static bool may_give(size_t line, int64_t now)
{
    bool gives = false;

    for (size_t i = 0; i < ROWS; i++)
        gives |= model.line[i] == line &&
                 (model.row[i] == NEW || model.row[i] == DUE);
    return gives && !model.shut[line] && model.until[line] <= now &&
           (!model.doubted[line] || runs_of(line) == 0);
}

static void assert_right(uint32_t row, int64_t now)
{
    size_t line = LINES;

    for (size_t i = 0; row == LINES_NONE && i < LINES; i++)
        assert_false(may_give(i, now));
    if (row == LINES_NONE)
        return;
    line = model.line[row];
    assert_true(model.row[row] == NEW || model.row[row] == DUE);
    assert_true(may_give(line, now));
    for (size_t i = 0; i < LINES; i++)
        if (may_give(i, now))
            assert_true(runs_of(i) >= runs_of(line));
    for (size_t i = 0; model.row[row] == NEW && i < ROWS; i++)
        assert_false(model.line[i] == line &&
                     (model.row[i] == DUE || (model.row[i] == NEW && i < row)));
}

static void assert_left(const struct lines *lines)
{
    size_t left = 0;

    for (size_t i = 0; i < ROWS; i++)
        left += !model.shut[model.line[i]] && model.row[i] != RUNS &&
                model.row[i] != OVER;
    assert_int_equal(lines_left(lines), left);
}

/* Something that happens to a row, where it can. */
static void happen(struct lines *lines, size_t row, int what)
{
    if (model.row[row] == WAITS) {
        lines_due(lines, (uint32_t)row);
        model.row[row] = DUE;
    }
    if (model.row[row] != RUNS)
        return;
    if (what == 0) {
        lines_end(lines, (uint32_t)row);
        model.row[row] = OVER;
    } else if (what < 8) {
        lines_wait(lines, (uint32_t)row);
        model.row[row] = WAITS;
    } else {
        model.line[row] = (size_t)rand() % LINES;
        lines_move(lines, (uint32_t)row, model.line[row]);
    }
}

static void befall(struct lines *lines, size_t line, int what, int64_t now)
{
    if (what == 0 && rand() % 200 == 0) {
        model.shut[line] = true;
        lines_shut(lines, line);
    } else if (what < 3) {
        model.doubted[line] = true;
        model.until[line] = now + rand() % 4;
        lines_doubt(lines, line, model.until[line]);
    } else if (what < 6) {
        assert_int_equal(lines_trust(lines, line), model.doubted[line]);
        model.doubted[line] = false;
        model.until[line] = 0;
    }
}

static void do_as_is_said(void)
{
    struct lines *lines = lines_new(ROWS, LINES);

    assert_non_null(lines);
    memset(&model, 0, sizeof(model));
    for (size_t i = 0; i < ROWS; i++) {
        model.line[i] = (size_t)rand() % LINES;
        lines_add(lines, (uint32_t)i, model.line[i]);
    }
    for (int64_t now = 0; now < STEPS; now++) {
        const uint32_t row = lines_take(lines, true, now / 8, always, NULL);

        assert_right(row, now / 8);
        if (row != LINES_NONE)
            model.row[row] = RUNS;
        happen(lines, (size_t)rand() % ROWS, rand() % 10);
        befall(lines, (size_t)rand() % LINES, rand() % 20, now / 8);
        assert_left(lines);
    }
    lines_free(&lines);
}

static void they_do_as_is_said_of_them(void **state)
{
    (void)state;
    srand(20261128);
    for (int i = 0; i < ROUNDS; i++)
        do_as_is_said();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fewest_come_first),
        cmocka_unit_test(one_that_is_slow_gets_no_more_than_its_share),
        cmocka_unit_test(what_is_due_comes_before_what_is_new),
        cmocka_unit_test(those_who_look_take_turns_with_the_new),
        cmocka_unit_test(what_is_not_free_is_passed_by),
        cmocka_unit_test(one_that_is_doubted_is_tried),
        cmocka_unit_test(one_that_is_shut_has_nothing_left),
        cmocka_unit_test(a_row_may_turn_out_to_be_of_another),
        cmocka_unit_test(the_pause_is_that_of_all),
        cmocka_unit_test(they_do_as_is_said_of_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
