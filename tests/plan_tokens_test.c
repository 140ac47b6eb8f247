#include "client/batch/plan_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROWS = 3, VALUES = 6 };

#define OLD "/tmp/old.000"
#define NEW "/tmp"
#define ONE "rutoken:00000001"
#define TWO "rutoken:00000010"
#define THREE "rutoken:00000003"
#define IN_ONE ONE "/0A00"
#define IN_TWO TWO "/0A00"
#define PIN "/tmp/pin"

/* What the values of a row are for. */
static const enum plan_word words[VALUES] = {
    PLAN_CONTAINER,    PLAN_TO,       PLAN_BACKUP,
    PLAN_OLD_PIN_FILE, PLAN_PIN_FILE, PLAN_BACKUP_PIN_FILE};

static void add(struct plan *plan, const char *const *values)
{
    struct plan_defaults row = {.has_no_copies = false};

    for (size_t i = 0; i < VALUES; i++)
        row.value[words[i]] = values[i];
    plan_add(plan, plan->rows + 1, &row);
    for (size_t i = 0; i < 3; i++)
        if (values[i] != NULL)
            assert_int_equal(plan_locate(plan, plan->rows - 1, words[i]),
                             FAULT_NONE);
}

static const struct {
    const char *name;
    const char *row[ROWS][VALUES];
    bool lacks[ROWS];
} plans[] = {
    {"no token", {{OLD, NEW, NEW "/copies"}}, {false}},
    {"no token, but files", {{OLD, NEW, NULL, PIN, PIN, PIN}}, {false}},
    {"each given",
     {{IN_ONE, NEW, NULL, PIN},
      {OLD, TWO, NULL, NULL, PIN},
      {OLD, NEW, THREE, NULL, NULL, PIN}},
     {false, false, false}},
    {"none given",
     {{IN_ONE, NEW}, {OLD, TWO}, {OLD, NEW, THREE}},
     {true, true, true}},
    {"another's file",
     {{IN_ONE, NEW, NULL, NULL, PIN, PIN},
      {OLD, TWO, NULL, PIN, NULL, PIN},
      {OLD, NEW, THREE, PIN, PIN, NULL}},
     {true, true, true}},
    {"one of two", {{IN_ONE, TWO, NULL, PIN}, {OLD, NEW}}, {true, false}},
    {"the other of two",
     {{IN_ONE, TWO, NULL, NULL, PIN}, {IN_ONE, ONE, NULL, PIN}},
     {false, false}},
    {"a new one's token is known by the old one",
     {{IN_ONE, ONE, ONE, PIN}},
     {false}},
    {"the old one signs before that for the new one is read",
     {{IN_ONE, ONE, NULL, NULL, PIN}, {IN_TWO, NEW, TWO, NULL, NULL, PIN}},
     {true, true}},
    {"by a row before",
     {{OLD, NEW, ONE, NULL, NULL, PIN}, {OLD, ONE}, {OLD, NEW, ONE}},
     {false, false, false}},
    {"by a row behind",
     {{OLD, NEW, ONE}, {IN_ONE, NEW}, {IN_ONE, NEW, NULL, PIN}},
     {false, false, false}},
    {"by a row for its new one",
     {{IN_ONE, NEW}, {OLD, ONE}, {OLD, ONE, NULL, NULL, PIN}},
     {true, false, false}},
    {"of another token",
     {{OLD, ONE}, {OLD, TWO, NULL, NULL, PIN}, {OLD, THREE}},
     {true, false, true}},
};

static void a_pin_is_given_by_the_files_of_its_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        struct plan *plan = plan_new();

        for (size_t j = 0; j < ROWS && plans[i].row[j][0] != NULL; j++)
            add(plan, plans[i].row[j]);
        plan_note_pins(plan);
        assert_false(plan->failed);
        for (size_t j = 0; j < plan->rows; j++)
            if (plan_lacks_pin(plan, j) != plans[i].lacks[j])
                fail_msg("%s: row %zu", plans[i].name, j);
        plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pin_is_given_by_the_files_of_its_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
