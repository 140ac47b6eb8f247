#include "client/renewal/absence.h"

#include "client/renewal/reason.h"
#include "tests/support/rack.h"
#include "tests/support/stash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SLOT STASH_LOCATION "/0A00"

/* How the token is. */
enum token { AWAY, OTHER, THERE, BUSY, NO_SERVICE };

static void place(enum token token)
{
    const struct vtoken_setup setup = {.serial = token == OTHER ? 0xBEEF : 0};

    rack_open();
    rack.no_service = token == NO_SERVICE;
    if (token == AWAY || token == NO_SERVICE)
        return;
    rack.reader[0].card = vtoken_new(&setup);
    assert_non_null(rack.reader[0].card);
    rack.reader[0].busy = token == BUSY;
}

static const struct {
    enum outcome was; /* OUTCOME_COUNT: nothing is noted */
    const char *where;
    enum token token;
    enum outcome outcome;
} rows[] = {
    {OUTCOME_NO_TOKEN, STASH_LOCATION, AWAY, OUTCOME_NO_TOKEN},
    {OUTCOME_NO_TOKEN, STASH_LOCATION, OTHER, OUTCOME_NO_TOKEN},
    {OUTCOME_NO_TOKEN, SLOT, AWAY, OUTCOME_NO_TOKEN},
    {OUTCOME_NO_READER, SLOT, AWAY, OUTCOME_NO_READER},
    {OUTCOME_TOKEN_GONE, SLOT, AWAY, OUTCOME_TOKEN_GONE},
    {OUTCOME_TOKEN_BUSY, SLOT, AWAY, OUTCOME_TOKEN_BUSY},
    {OUTCOME_TOKEN_BUSY, SLOT, BUSY, OUTCOME_TOKEN_BUSY},
    {OUTCOME_NO_TOKEN, SLOT, BUSY, OUTCOME_TOKEN_BUSY},
    {OUTCOME_NO_TOKEN, SLOT, NO_SERVICE, OUTCOME_NO_SERVICE},

    {OUTCOME_NO_TOKEN, SLOT, THERE, OUTCOME_DONE},
    {OUTCOME_TOKEN_GONE, SLOT, THERE, OUTCOME_DONE},
    {OUTCOME_TOKEN_BUSY, SLOT, THERE, OUTCOME_DONE},
    /* What ended it was not that the token was away. */
    {OUTCOME_PIN_WRONG, SLOT, AWAY, OUTCOME_DONE},
    {OUTCOME_PIN_UNANSWERED, SLOT, AWAY, OUTCOME_DONE},
    {OUTCOME_CONTAINER_NOT_FOUND, SLOT, AWAY, OUTCOME_DONE},
    {OUTCOME_PIN_WRONG, SLOT, BUSY, OUTCOME_DONE},
    {OUTCOME_PIN_WRONG, SLOT, NO_SERVICE, OUTCOME_DONE},
    {OUTCOME_WAITING, "", AWAY, OUTCOME_DONE},
    {OUTCOME_COUNT, SLOT, AWAY, OUTCOME_DONE},
    /* Of no token that could be looked for. */
    {OUTCOME_NO_TOKEN, "", AWAY, OUTCOME_DONE},
    {OUTCOME_NO_TOKEN, "rutoken:", AWAY, OUTCOME_DONE},
    {OUTCOME_NO_TOKEN, "file:/media/flash", AWAY, OUTCOME_DONE},
};

static void what_still_ends_it_is_that_the_token_is_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct renewal renewal = {.absent = ""};
        struct failure was = {.outcome = rows[i].was};

        print_message("# row %zu\n", i);
        snprintf(was.detail, sizeof(was.detail), "%s", rows[i].where);
        if (was.outcome != OUTCOME_COUNT)
            reason_note(&renewal.record, &was);
        place(rows[i].token);
        assert_int_equal(absence_still(&renewal), rows[i].outcome);
        assert_int_equal(renewal.failure.outcome, rows[i].outcome);
        if (rows[i].outcome != OUTCOME_DONE)
            assert_string_equal(renewal.failure.detail, rows[i].where);
        /* Nobody waits. */
        assert_int_equal(rack.waits, 0);
        rack_close();
        record_free(&renewal.record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_still_ends_it_is_that_the_token_is_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
