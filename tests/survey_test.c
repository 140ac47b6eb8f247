#include "client/report/survey.h"

#include "client/batch/run/queue.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t now;

int64_t __wrap_queue_now(void);
int64_t __wrap_queue_now(void)
{
    return now;
}

static time_t noon(void *context)
{
    (void)context;
    return 1767182400;
}

/* What three rows of ten show that are looked at this many ms after each
 * other; standard output is put into out. */
static void show(enum screen_progress progress, bool lines, int64_t pause,
                 char *shown, char *out, size_t size)
{
    static const struct clock clock = {.now = noon};
    FILE *file = fopen(scratch_file("shown"), "w+");
    FILE *output = fopen(scratch_file("output"), "w+");
    struct screen_settings settings = {.out = fileno(file),
                                       .progress = progress};
    struct survey survey = {
        .screen = screen_new(&settings), .clock = &clock, .lines = lines};
    const int stdout_was = dup(STDOUT_FILENO);

    fflush(stdout);
    dup2(fileno(output), STDOUT_FILENO);
    now = 3600 * 1000;
    for (size_t i = 1; i <= 3; i++, now += pause)
        survey_take(&survey, i, 10);
    dup2(stdout_was, STDOUT_FILENO);
    close(stdout_was);
    screen_free(&survey.screen);
    assert_int_equal(survey.written, 0);
    memset(shown, 0, size);
    memset(out, 0, size);
    assert_true(pread(fileno(file), shown, size - 1, 0) >= 0);
    assert_true(pread(fileno(output), out, size - 1, 0) >= 0);
    fclose(file);
    fclose(output);
}

/* The first number at once; the next would come half a minute later. */
static void people_see_how_far_it_is(void **state)
{
    char shown[512], out[512];

    (void)state;
    show(SCREEN_ALWAYS, false, 60000, shown, out, sizeof(shown));
    assert_string_equal(shown, "The containers are looked at: 1 of 10.\n");
    assert_string_equal(out, "");
}

static void programs_are_told_when_it_takes_long(void **state)
{
    char shown[512], out[512];

    (void)state;
    show(SCREEN_AUTO, true, 2000, shown, out, sizeof(shown));
    assert_string_equal(out, "");
    show(SCREEN_AUTO, true, 2500, shown, out, sizeof(shown));
    assert_string_equal(
        out, "{\"event\":\"check\",\"time\":"
             "\"2025-12-31T12:00:00Z\",\"rows\":10,\"checked\":3}\n");
    show(SCREEN_AUTO, true, 5000, shown, out, sizeof(shown));
    assert_non_null(strstr(out, "\"checked\":2}"));
    assert_non_null(strstr(out, "\"checked\":3}"));
    assert_string_equal(shown, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(people_see_how_far_it_is),
        SCRATCH_TEST(programs_are_told_when_it_takes_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
