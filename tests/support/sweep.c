#include "tests/support/sweep.h"

#include "tests/support/rack.h"
#include "tests/support/stash.h"
#include "token/pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { COMMANDS_MAX = 400 };

static const struct trouble {
    const char *what;
    struct vtoken_fault fault;
} troubles[] = {
    {"nothing", {.trouble = VTOKEN_SLOW}},
    {"pulled out before", {.trouble = VTOKEN_ABSENT}},
    {"pulled out after", {.trouble = VTOKEN_ABSENT, .after = true}},
    {"torn", {.trouble = VTOKEN_TORN}},
    {"memory failure", {.trouble = VTOKEN_STATUS, .value = 0x6581}},
    {"no right", {.trouble = VTOKEN_STATUS, .value = 0x6982}},
    {"no such file", {.trouble = VTOKEN_STATUS, .value = 0x6A82}},
    {"more to come", {.trouble = VTOKEN_STATUS, .value = 0x6110}},
    {"another length", {.trouble = VTOKEN_STATUS, .value = 0x6C10}},
    {"said no, but did it",
     {.trouble = VTOKEN_STATUS, .value = 0x6F00, .after = true}},
    {"cut", {.trouble = VTOKEN_TRUNCATE, .value = 1}},
    {"data cut", {.trouble = VTOKEN_TRUNCATE, .value = 9}},
    {"too long", {.trouble = VTOKEN_EXTEND, .value = 300}},
    {"a little too long", {.trouble = VTOKEN_EXTEND, .value = 3}},
    {"noise", {.trouble = VTOKEN_NOISE, .value = 5}},
};

static char doing[200];

struct vtoken *sweep_token(void)
{
    return rack.reader[0].card;
}

static void prepare(const struct sweep *sweep, enum vtoken_dialect dialect)
{
    const struct vtoken_setup setup = {.dialect = dialect};

    rack_open();
    rack.reader[0].card = vtoken_new(&setup);
    assert_non_null(sweep_token());
    stash_use_pin();
    sweep->prepare();
    pin_forget(NULL);
    vtoken_forget(sweep_token());
}

/* One fault at one command; false: there is no such command. */
static bool strike(const struct sweep *sweep, enum vtoken_dialect dialect,
                   const struct sweep_operation *operation,
                   const struct trouble *trouble, unsigned long at)
{
    struct vtoken_fault fault = trouble->fault;
    enum fault first, again;
    bool struck;

    (void)snprintf(doing, sizeof doing, "dialect %d, %s, command %lu: %s",
                   (int)dialect, operation->what, at, trouble->what);
    prepare(sweep, dialect);
    fault.at = at;
    assert_true(vtoken_plan(sweep_token(), &fault));
    first = operation->act();
    struck = vtoken_struck(sweep_token()) > 0;
    vtoken_calm(sweep_token());
    vtoken_insert(sweep_token());
    rack_is_left();
    if (vtoken_pin_is(sweep_token(), VTOKEN_PIN_USER, SWEEP_PIN))
        stash_pin = SWEEP_PIN;
    pin_forget(NULL);
    operation->check(first);
    sweep->always();
    again = first == FAULT_NONE ? FAULT_NONE : operation->act();
    if (again != FAULT_NONE && again != FAULT_NOT_FOUND)
        fail_msg("first %s, again %s", fault_word(first), fault_word(again));
    operation->check(again == FAULT_NOT_FOUND ? first : again);
    sweep->always();
    assert_int_equal(vtoken_tries(sweep_token(), VTOKEN_PIN_USER), 10);
    rack_close();
    return struck;
}

static bool is_grave(const struct trouble *trouble)
{
    return trouble->fault.trouble == VTOKEN_ABSENT ||
           trouble->fault.trouble == VTOKEN_TORN;
}

void sweep_run(const struct sweep *sweep, enum vtoken_dialect dialect)
{
    for (size_t i = 0; i < sweep->count; i++) {
        const struct sweep_operation *operation = &sweep->operations[i];

        for (size_t j = 0; j < sizeof troubles / sizeof *troubles; j++) {
            unsigned long at = 1;

            if (operation->slow &&
                (dialect != VTOKEN_ECP || !is_grave(&troubles[j])))
                continue;
            while (at < COMMANDS_MAX &&
                   strike(sweep, dialect, operation, &troubles[j], at))
                at++;
            assert_true(at > 1 && at < COMMANDS_MAX);
        }
    }
    doing[0] = '\0';
}

int sweep_tell(void **state)
{
    (void)state;
    if (doing[0] != '\0')
        print_error("at %s\n", doing);
    return 0;
}
