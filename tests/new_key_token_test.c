/* A renewal whose new key comes onto a token, which is pulled out at each
 * command in turn: it goes on with the key that was made, and never makes a
 * second one. */
#include "client/renewal/new_key.h"

#include "tests/support/rack.h"
#include "tests/support/stash.h"
#include "tests/support/trial.h"
#include "token/pin.h"
#include "token/rutoken/rutoken_medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void begin(const struct vtoken_setup *setup, bool inside)
{
    trial_begin(NULL);
    rack_open();
    rack.reader[0].card = vtoken_new(setup);
    assert_non_null(rack.reader[0].card);
    pin_forget(NULL);
    stash_use_pin();
    trial.options.to = STASH_LOCATION;
    trial.options.backup = NULL;
    trial.options.no_backup = true;
    trial.options.on_token = inside;
}

static void end(void)
{
    pin_use(NULL);
    pin_forget(NULL);
    rack_close();
    trial_end(NULL);
}

static enum fault count(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    (void)where;
    (void)fault;
    (void)info;
    ++*(size_t *)context;
    return FAULT_NONE;
}

static size_t keys(void)
{
    size_t found = 0;

    assert_int_equal(rutoken_medium.list(STASH_LOCATION, count, &found),
                     FAULT_NONE);
    return found;
}

/* Whether there was such a command. */
static bool pull_out_at(const struct vtoken_setup *setup, bool inside,
                        unsigned long at, bool after)
{
    const struct vtoken_fault fault = {
        .at = at, .trouble = VTOKEN_ABSENT, .after = after};
    struct vtoken *card;
    enum outcome outcome;
    unsigned struck;

    begin(setup, inside);
    card = rack.reader[0].card;
    assert_true(vtoken_plan(card, &fault));
    outcome = trial_run();
    struck = vtoken_struck(card);
    vtoken_calm(card);
    vtoken_insert(card);
    if (struck > 0 && outcome != OUTCOME_RENEWED)
        outcome = trial_run();
    print_message("# command %lu%s\n", at, after ? ", its answer" : "");
    assert_int_equal(outcome, OUTCOME_RENEWED);
    assert_int_equal(keys(), 1);
    end();
    return struck > 0;
}

static void sweep(const struct vtoken_setup *setup, bool inside)
{
    unsigned long commands = 0;

    while (pull_out_at(setup, inside, commands + 1, commands % 2 == 0))
        commands++;
    assert_in_range(commands, 20, 200);
}

static void inside_of_it(void **state)
{
    (void)state;
    sweep(&(struct vtoken_setup){.dialect = VTOKEN_ECP}, true);
}

static void in_a_container(void **state)
{
    (void)state;
    sweep(&(struct vtoken_setup){.dialect = VTOKEN_LITE}, false);
}

/* It had a name for a place of another kind, where none was made: --to says
 * now that it comes onto the token. */
static void a_name_for_another_place_is_none(void **state)
{
    const struct vtoken_fault fault = {.pattern = "00E0",
                                       .trouble = VTOKEN_ABSENT};

    (void)state;
    begin(&(struct vtoken_setup){.dialect = VTOKEN_LITE}, false);
    assert_true(vtoken_plan(rack.reader[0].card, &fault));
    assert_int_equal(trial_run(), OUTCOME_TOKEN_GONE);
    vtoken_insert(rack.reader[0].card);
    trial_change(RECORD_FOLDER, "abcdefgh.000");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(keys(), 1);
    end();
}

/* It had a place on a token with more of them than a Rutoken S, or the name of
 * a key inside. */
static void a_place_that_the_token_has_not_is_none(void **state)
{
    static const char *const folders[] = {"1100", "1800", "key-ff"};
    const struct vtoken_fault fault = {.pattern = "00E0",
                                       .trouble = VTOKEN_ABSENT};

    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        begin(&(struct vtoken_setup){.dialect = VTOKEN_S}, false);
        assert_true(vtoken_plan(rack.reader[0].card, &fault));
        assert_int_equal(trial_run(), OUTCOME_TOKEN_GONE);
        vtoken_insert(rack.reader[0].card);
        trial_change(RECORD_FOLDER, folders[i]);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(keys(), 1);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside_of_it),
        cmocka_unit_test(in_a_container),
        cmocka_unit_test(a_name_for_another_place_is_none),
        cmocka_unit_test(a_place_that_the_token_has_not_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
