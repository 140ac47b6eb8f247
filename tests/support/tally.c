#include "tests/support/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct ledger ledger;
time_t tally_set;
static struct plan *plan;

int tally_begin(size_t rows)
{
    static const struct plan_defaults values = {
        .value = {
            [PLAN_CONTAINER] = "/k", [PLAN_TO] = "/n", [PLAN_PHONE] = "1"}};

    tally_set = 0;
    plan = plan_new();
    for (size_t i = 0; i < rows; i++)
        plan_add(plan, i + 2, &values);
    assert_true(ledger_init(&ledger, plan));
    ledger_take(&ledger, &(struct event){.kind = EVENT_BEGIN,
                                         .when = TALLY_BEGUN,
                                         .at = TALLY_AT(0),
                                         .rows = rows,
                                         .jobs = 8});
    return 0;
}

int tally_end(void **state)
{
    (void)state;
    ledger_free(&ledger);
    plan_free(&plan);
    return 0;
}

void tally_row(size_t row, enum row_state state, enum outcome outcome,
               time_t after)
{
    ledger_take(&ledger,
                &(struct event){.kind = EVENT_ROW,
                                .when = TALLY_BEGUN + after + tally_set,
                                .at = TALLY_AT(after),
                                .row = row,
                                .state = state,
                                .outcome = outcome});
}
