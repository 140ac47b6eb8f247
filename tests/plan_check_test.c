/* What no value of a plan may be, whichever its column. */
#include "client/batch/plan.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = scratch_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&folder);
    return 0;
}

static struct plan *read_wrong(const char *text)
{
    static const struct plan_defaults nothing;
    const char *path = scratch_path(folder, "plan");
    FILE *file = fopen(path, "w");
    struct plan *plan;

    assert_non_null(file);
    assert_int_equal(fputs(text, file) == EOF, 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(plan_read(path, &nothing, &plan), OUTCOME_PLAN_WRONG);
    return plan;
}

/* As CSV and as JSON, in each column. */
static void no_column_takes_what_is_no_text(void **state)
{
    static char endless[PLAN_VALUE_MAX + 2];
    static const struct {
        const char *value, *json, *says;
    } rows[] = {
        {"a\x1B[31m", "a\\u001b[31m", "cannot be shown"},
        {"a\tb", "a\\tb", "cannot be shown"},
        {"a\x7F", "a\\u007f", "cannot be shown"},
        {"a\xE2\x80\xAE", "a\\u202e", "cannot be shown"},
        {"a\xE2\x80\x8B", "a\\u200b", "cannot be shown"},
        {"\"a\nb\"", "a\\nb", "line break"},
        {"a\x01", "a\\u0000", "cannot be shown"},
        {"\" a\"", " a", "blank"},
        {endless, endless, "too long"},
    };
    char text[2 * PLAN_VALUE_MAX];

    (void)state;
    memset(endless, 'a', sizeof endless - 1);
    for (int i = 0; i < PLAN_WORDS; i++) {
        const char *word = plan_word((enum plan_word)i);

        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++)
            for (int json = 0; json < 2; json++) {
                struct plan *plan;
                bool found = false;

                if (json)
                    snprintf(text, sizeof text, "{\"%s\":\"%s\"}\n", word,
                             rows[j].json);
                else
                    snprintf(text, sizeof text, "%s,%s\n%s,x\n", word,
                             i == PLAN_LABEL ? "name" : "label", rows[j].value);
                plan = read_wrong(text);
                for (size_t k = 0; k < plan->complaints; k++)
                    found |= strstr(plan->complaint[k].sentence,
                                    rows[j].says) != NULL;
                if (!found)
                    fail_msg("%s %zu %d: %s", word, j, json,
                             plan->complaint[0].sentence);
                plan_free(&plan);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_column_takes_what_is_no_text, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
