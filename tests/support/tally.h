/* The ledger of a batch that has just begun. */
#ifndef TESTS_SUPPORT_TALLY_H
#define TESTS_SUPPORT_TALLY_H

#include "client/report/ledger.h"

/* The moment of the beginning, and one so many seconds later by event.at. */
enum { TALLY_BEGUN = 1767225600 };
#define TALLY_AT(after) (5000 + 1000 * (int64_t)(after))

/* What the clock of the events was set forward by since then. Of the test that
 * runs. */
extern time_t tally_set;

/* Of the test that runs. */
extern struct ledger ledger;

/* It is of so many rows, and of eight jobs. For cmocka's set-up, of which it is
 * the result; ends the test where that fails. */
int tally_begin(size_t rows);

/* For cmocka. */
int tally_end(void **state);

/* A row is in this state so many seconds after the beginning. */
void tally_row(size_t row, enum row_state state, enum outcome outcome,
               time_t after);

#endif
