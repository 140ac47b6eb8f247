#include "client/batch/plan.h"

#include "client/signals.h"
#include "tests/support/pki.h"
#include "tests/support/sample.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void containers_are_looked_at(void **state)
{
    const char *one = scratch_file("one.000");
    const char *none = scratch_file("none.000");
    const char *to = scratch_file("to");
    struct plan_defaults values = {.value = {[PLAN_CONTAINER] = one,
                                             [PLAN_TO] = to,
                                             [PLAN_PHONE] = "79120000001"}};
    struct plan *plan = plan_new();

    (void)state;
    sample_copy("synthetic-2012-256-nopassword", one);
    assert_int_equal(mkdir(to, 0700), 0);
    plan_add(plan, 1, &values);
    values.value[PLAN_CONTAINER] = none;
    plan_add(plan, 2, &values);
    assert_int_equal(plan_check(plan), OUTCOME_DONE);
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, NULL), OUTCOME_DONE);
    assert_int_equal(plan->row[1].offer, OUTCOME_CONTAINER_NOT_FOUND);
    assert_string_equal(plan->row[1].thumbprint, "");
    assert_string_equal(plan_owner(plan, 1), "");
    assert_int_not_equal(plan->row[0].offer, OUTCOME_CONTAINER_NOT_FOUND);
    /* Nothing was written to look whether something can be. */
    assert_int_equal(rmdir(to), 0);
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, NULL),
                     OUTCOME_PLAN_WRONG);
    assert_int_equal(plan->complaint[0].line, 1);
    assert_non_null(strstr(plan->complaint[0].sentence, to));
    plan_free(&plan);
}

/* --- what only the media and files can say -------------------------------- */

/* Whose second line is wrong. */
static void check_wrong(const char *text, size_t column, const char *says)
{
    static const struct plan_defaults nothing;
    const char *path = scratch_text("plan", text);
    struct plan *plan;

    assert_int_equal(plan_read(path, &nothing, &plan), OUTCOME_DONE);
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, NULL),
                     OUTCOME_PLAN_WRONG);
    assert_int_equal(plan->complaints, 1);
    assert_int_equal(plan->complaint[0].line, 2);
    assert_int_equal(plan->complaint[0].column, column);
    assert_non_null(strstr(plan->complaint[0].sentence, says));
    plan_free(&plan);
}

/* Of the new one, and of its copy. */
static void a_place_is_told_once_however_it_is_written(void **state)
{
    static const struct plan_defaults nothing;
    const char *in = scratch_folder;
    struct plan *plan;
    char *text;

    (void)state;
    assert_int_equal(symlink(".", scratch_file("link")), 0);
    assert_true(asprintf(&text,
                         "container,phone,to,backup\n"
                         "/k/a.000,79120000001,%s/to,%s/copy\n"
                         "/k/b.000,79120000001,%s/./to,%s//copy/\n"
                         "/k/c.000,79120000001,file:%s/link/to,%s/link/copy\n",
                         in, in, in, in, in, in) > 0);
    assert_int_equal(plan_read(scratch_text("plan", text), &nothing, &plan),
                     OUTCOME_DONE);
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, NULL),
                     OUTCOME_PLAN_WRONG);
    assert_int_equal(plan->complaints, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(plan->complaint[i].line, 2);
        assert_int_equal(plan->complaint[i].column,
                         i == 0 ? 22 : 26 + strlen(in));
    }
    plan_free(&plan);
    free(text);
}

static void keys_are_made_inside_of_tokens_alone(void **state)
{
    char *text;

    (void)state;
    assert_true(asprintf(&text,
                         "on_token,container,phone,to\n"
                         "yes,/k/a.000,79120000001,%s\n"
                         "no,/k/b.000,79120000002,%s\n",
                         scratch_folder, scratch_folder) > 0);
    check_wrong(text, 1, "inside of this medium");
    free(text);
}

static void a_file_without_a_pin_is_told(void **state)
{
    /* Two: with a password. */
    const char *pin = scratch_text("pin", "1234\n5678\n90\n");
    char *text;

    (void)state;
    assert_true(asprintf(&text,
                         "container,to,phone,old_pin_file\n"
                         "rutoken:00000001/0A00,%s,79120000001,%s\n",
                         scratch_folder, pin) > 0);
    check_wrong(text, 36 + strlen(scratch_folder), pin);
    free(text);
}

/* --- while it lasts --------------------------------------------------------
 */

static struct plan *two_rows(void)
{
    struct plan_defaults values = {
        .value = {[PLAN_CONTAINER] = scratch_file("none.000"),
                  [PLAN_TO] = scratch_file(""),
                  [PLAN_PHONE] = "79120000001"}};
    struct plan *plan = plan_new();

    plan_add(plan, 1, &values);
    values.value[PLAN_CONTAINER] = scratch_file("nor.000");
    plan_add(plan, 2, &values);
    assert_int_equal(plan_check(plan), OUTCOME_DONE);
    return plan;
}

static void take(void *context, size_t looked, size_t rows)
{
    size_t *before = context;

    assert_int_equal(looked, ++*before);
    assert_int_equal(rows, 2);
}

static void who_waits_is_told_how_far_it_is(void **state)
{
    size_t told = 0;
    const struct plan_watcher watcher = {take, &told};
    struct plan *plan = two_rows();

    (void)state;
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, &watcher),
                     OUTCOME_DONE);
    assert_int_equal(told, 2);
    plan_free(&plan);
}

/* The last one: the signal stays. */
static void a_signal_ends_it(void **state)
{
    struct plan *plan = two_rows();

    (void)state;
    assert_int_equal(signals_start(), 0);
    raise(SIGTERM);
    assert_int_equal(plan_inspect(plan, NULL, PKI_NOW, 60, NULL),
                     OUTCOME_INTERRUPTED);
    plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(containers_are_looked_at),
        SCRATCH_TEST(a_place_is_told_once_however_it_is_written),
        SCRATCH_TEST(keys_are_made_inside_of_tokens_alone),
        SCRATCH_TEST(a_file_without_a_pin_is_told),
        SCRATCH_TEST(who_waits_is_told_how_far_it_is),
        SCRATCH_TEST(a_signal_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
