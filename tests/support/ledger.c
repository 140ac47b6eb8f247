#include "tests/support/ledger.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static char *folder;

const char *ledger_folder(void)
{
    return folder;
}

const char *ledger_path(void)
{
    return scratch_path(folder, "journal.db");
}

int ledger_begin(void **state)
{
    (void)state;
    folder = scratch_new();
    return 0;
}

int ledger_end(void **state)
{
    (void)state;
    scratch_remove(&folder);
    return 0;
}

struct journal *ledger_open(void)
{
    struct journal *journal = NULL;

    assert_int_equal(journal_open(ledger_path(), &journal), OUTCOME_DONE);
    assert_non_null(journal);
    return journal;
}

const char *ledger_id(unsigned number)
{
    static char ids[4][33];
    static unsigned next;
    char *id = ids[next++ % 4];

    snprintf(id, 33, "%08x%024x", number, 0xABCDu);
    return id;
}

void ledger_put(struct journal *journal, unsigned number, const char *step,
                const char *thumbprint)
{
    struct record record = {.failed = false};

    record_set(&record, RECORD_ID, ledger_id(number));
    record_set(&record, RECORD_STEP, step);
    record_set(&record, RECORD_OLD_THUMBPRINT, thumbprint);
    record_set_time(&record, RECORD_CREATED, 1000 + (time_t)number);
    record_set_time(&record, RECORD_UPDATED, 2000 + (time_t)number);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
}

void ledger_check_replacing(struct journal *journal, unsigned number)
{
    struct record record = {.failed = false};

    ledger_put(journal, number, "signIn", "aa");
    ledger_put(journal, number, "submit", "aa");
    ledger_put(journal, number, "review", "bb");
    assert_int_equal(journal_find_open(journal, "aa", &record),
                     OUTCOME_NOTHING_OPEN);
    assert_int_equal(journal_find_open(journal, "bb", &record), OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_STEP), "review");
    record_free(&record);
}
