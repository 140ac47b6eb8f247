/* The ledger of a batch that has just begun. */
#ifndef TESTS_SUPPORT_TALLY_H
#define TESTS_SUPPORT_TALLY_H

#include "client/report/ledger.h"

enum { TALLY_BEGUN = 1767225600 };

/* One of so many rows, and eight jobs; its plan. Both are freed by tally_end.
 * Ends the test where that fails. */
struct plan *tally_begin(struct ledger *ledger, size_t rows);
void tally_end(struct ledger *ledger, struct plan **plan);

/* A row is in this state so many seconds after the beginning. */
void tally_row(struct ledger *ledger, size_t row, enum row_state state,
               enum outcome outcome, time_t after);

#endif
