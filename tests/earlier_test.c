#include "client/renewal/earlier.h"

#include "client/state/workplace.h"
#include "tests/support/ledger.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static void put(const char *step, const char *form, const char *accepted)
{
    struct record record = {.failed = false};
    struct workplace workplace;

    assert_int_equal(workplace_open(&workplace), OUTCOME_DONE);
    record_set(&record, RECORD_ID, ledger_id(1));
    record_set(&record, RECORD_STEP, step);
    record_set(&record, RECORD_OLD_THUMBPRINT, "aa");
    record_set(&record, RECORD_CREATED, "1");
    record_set(&record, RECORD_UPDATED, "1");
    record_set(&record, RECORD_FORM, form);
    record_set(&record, RECORD_ACCEPTED_AT, accepted);
    assert_int_equal(journal_save(workplace.journal, &record), OUTCOME_DONE);
    record_free(&record);
    workplace_close(&workplace);
}

static void look(const char *thumbprint, bool begun, bool applied,
                 bool accepted)
{
    struct earlier earlier = {.begun = true};

    assert_int_equal(earlier_look(thumbprint, &earlier), OUTCOME_DONE);
    assert_int_equal(earlier.begun, begun);
    assert_int_equal(earlier.applied, applied);
    assert_int_equal(earlier.accepted, accepted);
}

static void what_is_open_is_known(void **state)
{
    (void)state;
    look("aa", false, false, false); /* no journal yet */
    put("signIn", NULL, NULL);
    look("aa", true, false, false);
    look("bb", false, false, false);
    put("consent", "form", NULL);
    look("aa", true, true, false);
    put("consent", "form", "1");
    look("aa", true, true, true);
    put("done", "form", "1");
    look("aa", false, false, false);
}

static void what_cannot_be_read_is_told(void **state)
{
    static const char garbage[5000] = "no journal at all";
    struct earlier earlier = {.begun = true};

    (void)state;
    put("signIn", NULL, NULL);
    unlink(scratch_file("kep/journal.db-wal"));
    scratch_write("kep/journal.db", garbage, sizeof(garbage));
    assert_int_equal(earlier_look("aa", &earlier), OUTCOME_STATE_DAMAGED);
    assert_false(earlier.begun);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        SCRATCH_TEST(what_is_open_is_known),
        SCRATCH_TEST(what_cannot_be_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
