/* A journal in a folder of its own. */
#ifndef TESTS_SUPPORT_LEDGER_H
#define TESTS_SUPPORT_LEDGER_H

#include "client/renewal/journal.h"

/* For cmocka. */
int ledger_begin(void **state);
int ledger_end(void **state);
#define LEDGER(test)                                                           \
    cmocka_unit_test_setup_teardown(test, ledger_begin, ledger_end)

/* The folder, and the journal's file in it. */
const char *ledger_folder(void);
const char *ledger_path(void);

/* Open it; nothing else is expected. */
struct journal *ledger_open(void);

/* The id of the row of a number: eight hex digits and the same behind. It
 * stays until the fourth call after it. */
const char *ledger_id(unsigned number);

/* Save a row. */
void ledger_put(struct journal *journal, unsigned number, const char *step,
                const char *thumbprint);

/* A row that is saved again, in its place and then with another thumbprint, is
 * found by that alone, with what it has now. */
void ledger_check_replacing(struct journal *journal, unsigned number);

#endif
