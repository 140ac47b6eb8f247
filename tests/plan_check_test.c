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

static struct plan *read_as(const char *text,
                            const struct plan_defaults *defaults,
                            enum outcome wanted)
{
    struct plan *plan;

    assert_int_equal(plan_read(scratch_text("plan", text), defaults, &plan),
                     wanted);
    return plan;
}

static struct plan *read_wrong(const char *text)
{
    static const struct plan_defaults nothing;

    return read_as(text, &nothing, OUTCOME_PLAN_WRONG);
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

#define HEAD "container,to,phone\n"
#define WITH_COPY "container,to,phone,backup\n"

/* Named in two ways, or not at all; nothing is plugged in. */
static void tokens_are_told_apart(void **state)
{
    static const struct {
        const char *text;
        size_t line, column;
        const char *says;
    } rows[] = {
        {HEAD "/k/a.000,rutoken:48e243b5,79120000001\n"
              "rutoken:48E243B5/0A00,/new,79120000002\n",
         3, 1, "line 2"},
        {HEAD "/k/a.000,rutoken:1234,79120000001\n", 2, 10,
         "10 decimal digits"},
        {HEAD "/k/a.000,rutoken:,79120000001\n/k/b.000,rutoken:,79120000002\n",
         3, 10, "line 2"},
        {HEAD "rutoken:/0A00,/new,79120000001\n/k/b.000,rutoken:,79120000002\n",
         3, 10, "line 2"},
        {HEAD "/k/a.000,rutoken:,79120000001\n"
              "/k/b.000,rutoken:48e243b5,79120000002\n",
         2, 10, "line 3"},
        {HEAD "rutoken:/0A00,/new,79120000001\n"
              "/k/b.000,rutoken:48e243b5,79120000002\n",
         2, 1, "line 3"},
        {HEAD "rutoken:48e243b5/0A00,/new,79120000001\n"
              "/k/b.000,rutoken:,79120000002\n",
         3, 10, "line 2"},
        {WITH_COPY "/k/a.000,/new,79120000001,rutoken:48e243b5\n"
                   "/k/b.000,rutoken:,79120000002,\n",
         3, 10, "line 2"},
        {WITH_COPY "/k/a.000,rutoken:48e243b5,79120000001,\n"
                   "/k/b.000,/new,79120000002,rutoken:\n",
         3, 27, "line 2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct plan *plan = read_wrong(rows[i].text);

        if (plan->complaints != 1 || plan->complaint[0].line != rows[i].line ||
            plan->complaint[0].column != rows[i].column ||
            strstr(plan->complaint[0].sentence, rows[i].says) == NULL)
            fail_msg("%zu: %zu %zu: %s", i, plan->complaint[0].line,
                     plan->complaint[0].column, plan->complaint[0].sentence);
        plan_free(&plan);
    }
}

/* One alone, or several copies onto one, are the same token. */
static void tokens_without_a_number_are_taken(void **state)
{
    static const struct plan_defaults nothing;
    static const char *const texts[] = {
        HEAD "/k/a.000,rutoken:,79120000001\n/k/b.000,/new,79120000002\n",
        WITH_COPY "/k/a.000,/new,79120000001,rutoken:\n"
                  "/k/b.000,/new,79120000002,rutoken:\n",
        HEAD "/k/a.000,rutoken:48e243b5,79120000001\n"
             "/k/b.000,rutoken:48e243b6,79120000002\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct plan *plan = read_as(texts[i], &nothing, OUTCOME_DONE);

        plan_free(&plan);
    }
}

/* A copy that a row wants is never left out in silence. */
static void keys_that_may_not_be_copied_have_no_copy(void **state)
{
    static const struct plan_defaults defaults = {.has_no_copies = true};
    struct plan *plan = read_as(WITH_COPY "/k/a.000,/new,79120000001,\n"
                                          "/k/b.000,/new,79120000002,/copy\n",
                                &defaults, OUTCOME_PLAN_WRONG);

    (void)state;
    assert_int_equal(plan->complaints, 1);
    assert_int_equal(plan->complaint[0].line, 3);
    assert_int_equal(plan->complaint[0].column, 27);
    assert_non_null(strstr(plan->complaint[0].sentence, "--non-exportable"));
    plan_free(&plan);
    plan = read_as(WITH_COPY "/k/a.000,/new,79120000001,\n", &defaults,
                   OUTCOME_DONE);
    plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(no_column_takes_what_is_no_text),
        SCRATCH_TEST(tokens_are_told_apart),
        SCRATCH_TEST(tokens_without_a_number_are_taken),
        SCRATCH_TEST(keys_that_may_not_be_copied_have_no_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
