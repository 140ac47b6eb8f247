#include "tests/support/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct plan *tally_begin(struct ledger *ledger, size_t rows)
{
    static const struct plan_defaults values = {
        .value = {
            [PLAN_CONTAINER] = "/k", [PLAN_TO] = "/n", [PLAN_PHONE] = "1"}};
    struct plan *plan = plan_new();

    for (size_t i = 0; i < rows; i++)
        plan_add(plan, i + 2, &values);
    assert_true(ledger_init(ledger, plan));
    ledger_take(ledger, &(struct event){.kind = EVENT_BEGIN,
                                        .when = TALLY_BEGUN,
                                        .rows = rows,
                                        .jobs = 8});
    return plan;
}

void tally_end(struct ledger *ledger, struct plan **plan)
{
    ledger_free(ledger);
    plan_free(plan);
}

void tally_row(struct ledger *ledger, size_t row, enum row_state state,
               enum outcome outcome, time_t after)
{
    ledger_take(ledger, &(struct event){.kind = EVENT_ROW,
                                        .when = TALLY_BEGUN + after,
                                        .row = row,
                                        .state = state,
                                        .outcome = outcome});
}
