/* JSON Lines as plans, and what kep status prints. */
#include "client/batch/plan.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

static const struct plan_defaults nothing;

static struct plan *read_wrong(const char *text)
{
    struct plan *plan;

    assert_int_equal(plan_read(scratch_text("plan", text), &nothing, &plan),
                     OUTCOME_PLAN_WRONG);
    return plan;
}

#define MEMBERS                                                                \
    "\"container\":\"/k/a.000\",\"to\":\"/new\",\"phone\":\"79120000001\""

#define DUE "{\"container\":\"/k/a.000\",\"renewal\":{\"available\":true}}"

static void yes_and_no_have_values_of_their_own(void **state)
{
    static const char text[] =
        "{\"container\":\"/k/a.000\",\"to\":\"rutoken:00000001\","
        "\"phone\":\"79120000001\",\"on_token\":true}\n"
        "{\"container\":\"/k/b.000\",\"to\":\"rutoken:00000002\","
        "\"phone\":\"79120000002\",\"on_token\":false}\n"
        "{\"container\":\"/k/c.000\",\"to\":\"rutoken:00000003\","
        "\"phone\":\"79120000003\",\"on_token\":\"yes\"}\n"
        "{\"container\":\"/k/d.000\",\"to\":\"rutoken:00000004\","
        "\"phone\":\"79120000004\",\"on_token\":null}\n";
    static const bool inside[] = {true, false, true, false};
    struct plan *plan;

    (void)state;
    assert_int_equal(plan_read(scratch_text("plan", text), &nothing, &plan),
                     OUTCOME_DONE);
    assert_int_equal(plan->rows, 4);
    for (size_t i = 0; i < plan->rows; i++)
        assert_int_equal(plan_is_inside(plan, i), inside[i]);
    plan_free(&plan);
    plan = read_wrong("{\"container\":\"/k/a.000\",\"to\":\"rutoken:00000001\","
                      "\"phone\":\"79120000001\",\"on_token\":1}\n");
    assert_non_null(strstr(plan->complaint[0].sentence, "on_token"));
    plan_free(&plan);
    /* Of another member it is none. */
    plan = read_wrong("{\"container\":\"/k/a.000\",\"to\":\"rutoken:00000001\","
                      "\"phone\":true}\n");
    assert_non_null(strstr(plan->complaint[0].sentence, "phone"));
    plan_free(&plan);
}

/* Told once, and where it stands. */
static void mistakes_are_told_in_their_places(void **state)
{
    static const struct {
        const char *text;
        size_t line, column;
        const char *says;
    } rows[] = {
        /* members that stand there twice, whatever is between them */
        {"{" MEMBERS ",\"to\":\"/b\"}\n", 1, 59, "\"to\" stands there twice"},
        {"{" MEMBERS ",\"to\":null}\n", 1, 59, "\"to\" stands there twice"},
        {"{\"label\":\"Ж\\\"\\\\\"," MEMBERS " ,\"to\" :\"/b\"}\n", 1, 76,
         "\"to\" stands there twice"},
        {"{" MEMBERS ",\"t\\u006f\":\"/b\"}\n", 1, 1, "the same name"},
        {"{" MEMBERS "}\n{" MEMBERS ",\"to\":\"/b\"}\n", 2, 59, "twice"},
        /* names are told from values and from what lies deeper */
        {"{\"label\":\"to\"," MEMBERS ",\"mode\":7}\n", 1, 72, "\"mode\""},
        {"{\"label\":[\"mode\"]," MEMBERS "}\n", 1, 2, "\"label\""},
        {"{\"label\":{\"to\":{\"to\":1},\"to\":2}," MEMBERS "}\n", 1, 2,
         "\"label\""},
        {"{\"pin\":\"mode\"," MEMBERS ",\"mode\":\"normal\"}\n", 1, 2,
         "\"pin\""},
        /* other ways of JSON */
        {"{\n " MEMBERS "\n}\n{\n " MEMBERS "\n}\n", 1, 2,
         "does not end on its line"},
        {"[{" MEMBERS "},\n{" MEMBERS "}]\n", 1, 1, "one list"},
        {" \n[\n", 1, 1, "one list"},
        {"{" MEMBERS "}\n{\"label\":\"Ж\xE0\"}\n", 2, 12, "JSON is in UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct plan *plan = read_wrong(rows[i].text);
        const struct plan_complaint *only = &plan->complaint[0];

        if (plan->complaints != 1 || only->line != rows[i].line ||
            only->column != rows[i].column ||
            strstr(only->sentence, rows[i].says) == NULL)
            fail_msg("%s\n%zu complaints, %zu:%zu: %s", rows[i].text,
                     plan->complaints, only->line, only->column,
                     only->sentence);
        plan_free(&plan);
    }
}

/* The containers that are due or begun, and no other; also of one line. */
static void what_status_prints_is_a_plan(void **state)
{
    static const char text[] =
        "{\"certificates\":["
        "{\"container\":\"/k/a.000\",\"renewal\":{\"available\":true}},"
        "{\"container\":\"/k/b.000\",\"renewal\":{\"available\":false,"
        "\"open\":null}},"
        "{\"container\":\"/k/c.000\",\"renewal\":{\"available\":false,"
        "\"open\":\"0123\"}},"
        "{\"container\":null,\"file\":\"/d.cer\","
        "\"renewal\":{\"available\":true}},"
        "{\"renewal\":7},7],\"problems\":["
        "{\"where\":\"/k/e.000\",\"file\":null,"
        "\"outcome\":\"containerDamaged\"},"
        "{\"where\":\"/f.cer\",\"file\":\"/f.cer\","
        "\"outcome\":\"certificateBad\"},"
        "{\"where\":\"/k/g.000\",\"outcome\":\"noCertificate\"},"
        "{\"where\":\"/k/h.000\",\"outcome\":\"renewed\"},"
        "{\"where\":\"/k/i\\n.000\",\"outcome\":\"unheardOf\"},"
        "{\"where\":7},7]}\n";
    static const struct plan_defaults defaults = {
        .value = {[PLAN_TO] = "/usual", [PLAN_PHONE] = "79120000009"}};
    struct plan *plan;

    (void)state;
    assert_int_equal(plan_read(scratch_text("plan", text), &defaults, &plan),
                     OUTCOME_DONE);
    assert_int_equal(plan->rows, 5);
    assert_string_equal(plan_get(plan, 0, PLAN_CONTAINER), "/k/a.000");
    assert_int_equal(plan->row[0].unread, OUTCOME_DONE);
    assert_string_equal(plan_get(plan, 1, PLAN_CONTAINER), "/k/c.000");
    assert_int_equal(plan->row[1].line, 3);
    /* What it could not read is told of, and nothing more is made of it. */
    assert_string_equal(plan_get(plan, 2, PLAN_CONTAINER), "/k/e.000");
    assert_int_equal(plan->row[2].unread, OUTCOME_CONTAINER_DAMAGED);
    assert_int_equal(plan->row[2].line, 7);
    assert_null(plan_get(plan, 2, PLAN_TO));
    assert_int_equal(plan->row[3].unread, OUTCOME_IO);
    assert_int_equal(plan->row[4].unread, OUTCOME_IO);
    assert_null(strchr(plan_get(plan, 4, PLAN_CONTAINER), '\n'));
    plan_free(&plan);
    plan = read_wrong("{\"certificates\":7}\n");
    assert_int_equal(plan->complaint[0].line, 1);
    plan_free(&plan);
}

/* What was made of the part before is no plan either. */
static void what_is_half_of_it_is_none(void **state)
{
    static const char *const texts[] = {
        "{\"certificates\":",
        "{\"certificates\":[",
        "{\"certificates\":[{}\n",
        "{\"certificates\":[{},",
        "{\"certificates\":[{},]}",
        "{\"certificates\":[" DUE ",{\"container\":\"/k",
        "{\"certificates\":[" DUE "]",
        "{\"certificates\":[" DUE "]]",
        "{\"certificates\":[" DUE "],\"problems\":",
        "{\"certificates\":[" DUE "],\"problems\":7}",
        "{\"certificates\":[" DUE "],\"problems\":[",
        "{\"certificates\":[],\"problems\":[{\"where\":\"/k\"},",
        "{\"certificates\":[],\"problems\":[]"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct plan *plan = read_wrong(texts[i]);

        assert_int_equal(plan->rows, 0);
        assert_int_equal(plan->complaint[0].line, 1);
        plan_free(&plan);
    }
}

/* What begins, a number from 0 between before and after so many times, what
 * ends. */
static char *repeat(const char *const *parts, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fputs(parts[0], out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%zu%s", parts[1], i, parts[2]);
    fputs(parts[3], out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* None is left out in silence. */
static void more_rows_than_may_be_are_told(void **state)
{
    static const char *const texts[][4] = {
        {"container,to,phone\n", "/k/", ",/new,79120000001\n", ""},
        {"", "{\"container\":\"/k/",
         "\",\"to\":\"/new\",\"phone\":\"79120000001\"}\n", ""},
        {"{\"certificates\":[{}", ",{\"container\":\"/k/",
         "\",\"renewal\":{\"available\":true}}", "]}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *text = repeat(texts[i], PLAN_ROWS_MAX + 1);
        struct plan *plan = read_wrong(text);

        assert_non_null(strstr(plan->complaint[plan->complaints - 1].sentence,
                               "Make several plans"));
        plan_free(&plan);
        free(text);
    }
}

/* Two megabytes of what kep status could print, but never does. */
static void what_is_no_status_takes_little_room(void **state)
{
    static const char *const parts[] = {"{\"certificates\":[{}",
                                        ",{\"a\":", "}", "]}"};
    struct rusage before, after;
    char *text = repeat(parts, 200000);
    struct plan *plan;

    (void)state;
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    plan = read_wrong(text);
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
    assert_int_equal(plan->rows, 0);
    assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 64 * 1024);
    plan_free(&plan);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(yes_and_no_have_values_of_their_own),
        SCRATCH_TEST(mistakes_are_told_in_their_places),
        SCRATCH_TEST(what_status_prints_is_a_plan),
        SCRATCH_TEST(what_is_half_of_it_is_none),
        SCRATCH_TEST(more_rows_than_may_be_are_told),
        SCRATCH_TEST(what_is_no_status_takes_little_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
