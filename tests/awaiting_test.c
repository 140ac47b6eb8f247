#include "client/renewal/awaiting.h"

#include "tests/support/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>

#include <cmocka.h>

static bool memory_is_over;

struct json_object *__real_json_object_new_object(void);
struct json_object *__wrap_json_object_new_object(void);

struct json_object *__wrap_json_object_new_object(void)
{
    return memory_is_over ? NULL : __real_json_object_new_object();
}

static const char here[] = "file:/srv/ключи/new.000";

static void put(struct journal *journal, unsigned number, const char *step,
                const char *where)
{
    struct record record = {.failed = false};

    record_set(&record, RECORD_ID, ledger_id(number));
    record_set(&record, RECORD_STEP, step);
    record_set(&record, RECORD_OLD_CONTAINER, here);
    record_set(&record, RECORD_NEW_CONTAINER, where);
    record_set_time(&record, RECORD_CREATED, 1000 + number);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
}

static const char *once(struct journal *journal, const char *where)
{
    static char found[RENEWAL_ID + 1];
    struct awaiting awaiting = {.containers = NULL};
    const char *id = awaiting_find(&awaiting, journal, where);

    found[0] = '\0';
    if (id != NULL)
        snprintf(found, sizeof(found), "%s", id);
    awaiting_free(&awaiting);
    assert_null(awaiting.containers);
    return id != NULL ? found : NULL;
}

static void the_new_container_of_what_is_open_is_found(void **state)
{
    static const char *const steps[] = {"signIn", "makeKey", "awaitIssue",
                                        "install"};
    struct journal *journal = ledger_open();

    (void)state;
    assert_null(once(journal, here));
    /* Its old one is here. */
    put(journal, 1, "signIn", NULL);
    assert_null(once(journal, here));
    for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        put(journal, 2, steps[i], here);
        assert_string_equal(once(journal, here), ledger_id(2));
    }
    assert_null(once(journal, "file:/srv/ключи/new.00"));
    assert_null(once(journal, "file:/srv/ключи/new.000/"));
    assert_null(once(journal, ""));
    put(journal, 2, "done", here);
    assert_null(once(journal, here));
    put(journal, 2, "ended", here);
    assert_null(once(journal, here));
    /* Of two it is the later one. */
    put(journal, 3, "awaitIssue", here);
    put(journal, 4, "awaitIssue", here);
    assert_string_equal(once(journal, here), ledger_id(4));
    assert_null(once(NULL, here));
    journal_close(&journal);
}

static void the_journal_is_read_once_for_all(void **state)
{
    struct journal *journal = ledger_open();
    struct awaiting awaiting = {.containers = NULL};

    (void)state;
    put(journal, 1, "awaitIssue", here);
    assert_string_equal(awaiting_find(&awaiting, journal, here), ledger_id(1));
    /* Nobody would wait for ten thousand times ten thousand rows. */
    put(journal, 1, "done", here);
    put(journal, 2, "awaitIssue", "file:/other");
    assert_string_equal(awaiting_find(&awaiting, journal, here), ledger_id(1));
    assert_null(awaiting_find(&awaiting, journal, "file:/other"));
    awaiting_free(&awaiting);
    assert_null(awaiting_find(&awaiting, journal, here));
    assert_string_equal(awaiting_find(&awaiting, journal, "file:/other"),
                        ledger_id(2));
    awaiting_free(&awaiting);
    journal_close(&journal);
}

static void without_memory_none_is_found(void **state)
{
    struct journal *journal = ledger_open();
    struct awaiting awaiting = {.containers = NULL};

    (void)state;
    put(journal, 1, "awaitIssue", here);
    memory_is_over = true;
    assert_null(awaiting_find(&awaiting, journal, here));
    memory_is_over = false;
    assert_string_equal(awaiting_find(&awaiting, journal, here), ledger_id(1));
    awaiting_free(&awaiting);
    journal_close(&journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(the_new_container_of_what_is_open_is_found),
        LEDGER(the_journal_is_read_once_for_all),
        LEDGER(without_memory_none_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
