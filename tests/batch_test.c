#include "client/batch/batch.h"

#include "api/timer.h"
#include "client/report/ledger.h"
#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 20, MINUTE = 60 * 1000 };

/* Rows of a service centre, and what became of them. One job: the centre in
 * this process serves one. */
static struct {
    struct plan *plan;
    struct journal *journal;
    struct screen *screen;
    struct ledger ledger;
    long long now;
    long step;       /* minutes that pass between two looks at the time */
    size_t promises; /* that a row goes on by itself … */
    bool promised;   /* … by the row that was told last */
} hall;

static long long now(void *self)
{
    (void)self;
    hall.now += (long long)hall.step * MINUTE;
    return hall.now;
}

static const struct timer timer = {.now = now};

static void take(void *context, const struct event *event)
{
    (void)context;
    ledger_take(&hall.ledger, event);
    if (event->kind != EVENT_ROW || event->message == NULL)
        return;
    hall.promised = strstr(event->message, "goes on by itself") != NULL;
    hall.promises += hall.promised;
}

static int open_hall(void **state)
{
    static const struct screen_settings nobody = {.silent = true};
    char where[LOCATION_MAX], thumbprint[THUMBPRINT_TEXT];

    trial_begin(state);
    hall.now = 0;
    hall.promises = 0;
    hall.plan = plan_new();
    hall.screen = screen_new(&nobody);
    for (size_t i = 0; i < ROWS; i++) {
        const struct plan_defaults row = {
            .value = {[PLAN_CONTAINER] = where,
                      [PLAN_TO] = trial_folder("new"),
                      [PLAN_PHONE] = CENTRE_PHONE}};

        centre_subscribe(trial_folder("old"), 30, NULL, where, thumbprint);
        plan_add(hall.plan, i + 2, &row);
    }
    assert_int_equal(plan_check(hall.plan), OUTCOME_DONE);
    assert_int_equal(plan_inspect(hall.plan, NULL, CENTRE_NOW, 60, NULL),
                     OUTCOME_DONE);
    assert_int_equal(
        journal_open(scratch_path(trial.dir, "state/kep/journal.db"),
                     &hall.journal),
        OUTCOME_DONE);
    assert_true(ledger_init(&hall.ledger, hall.plan));
    return 0;
}

static int close_hall(void **state)
{
    ledger_free(&hall.ledger);
    journal_close(&hall.journal);
    screen_free(&hall.screen);
    plan_free(&hall.plan);
    return trial_end(state);
}

static time_t centre_time(void *context)
{
    (void)context;
    return centre.now;
}

static enum outcome run(void)
{
    static const struct clock clock = {.now = centre_time};
    const struct batch batch = {.journal = hall.journal,
                                .plan = hall.plan,
                                .options = &trial.options,
                                .clock = &clock,
                                .timer = &timer,
                                .screen = hall.screen,
                                .jobs = 1,
                                .take = take};

    return batch_run(&batch);
}

static size_t asked(void)
{
    return centre_calls("requestCode");
}

static void a_server_that_nobody_reaches_ends_it(void **state)
{
    char why[256];

    (void)state;
    centre_fault("*=drop");
    hall.step = 2;
    assert_int_equal(run(), OUTCOME_UNREACHABLE);
    snprintf(why, sizeof(why),
             "For 15 minutes nobody has reached the server %s: the rest of its "
             "renewals was left for later.",
             trial.options.server);
    assert_string_equal(ledger_why(&hall.ledger), why);
    /* At 0, 2, … 16 minutes; the others were not begun. */
    assert_in_range(asked(), 8, 10);
    assert_int_equal(hall.ledger.over, 0);
    assert_int_equal(hall.ledger.count[ROW_FAILED], 0);
    /* The last row, with which the server was given up, does not go on. */
    assert_true(hall.promises > 0);
    assert_false(hall.promised);
}

/* Seven times in vain, and then one that answers: what was lost before does not
 * count. */
static void a_server_that_answers_now_and_then_does_not(void **state)
{
    (void)state;
    centre_fault("requestCode=drop*7,requestCode=status:400*1,"
                 "requestCode=drop*7,requestCode=status:400");
    hall.step = 2;
    assert_int_equal(run(), OUTCOME_SERVER_REFUSED);
    assert_int_equal(hall.ledger.count[ROW_FAILED], ROWS);
    assert_string_equal(ledger_why(&hall.ledger),
                        outcome_row(OUTCOME_SERVER_REFUSED)->sentence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_that_nobody_reaches_ends_it,
                                        open_hall, close_hall),
        cmocka_unit_test_setup_teardown(
            a_server_that_answers_now_and_then_does_not, open_hall, close_hall),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
