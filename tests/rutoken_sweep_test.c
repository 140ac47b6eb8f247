/* Every command of every operation on a token goes wrong in turn: the token
 * is pulled out before and after it and in the middle of a write, it says no,
 * too little, too much, nonsense. Whatever came of it, what was on the token
 * is whole afterwards, and the operation can be done again. */
#include "tests/support/rack.h"
#include "tests/support/self_signed.h"
#include "tests/support/stash.h"
#include "token/container/container_files.h"
#include "token/material.h"
#include "token/medium.h"
#include "token/pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE "synthetic-2012-256-nopassword"
#define OTHER "synthetic-2012-256-password-qwerty123"
#define PLACE STASH_LOCATION "/0A00"
#define NEW_PIN "qwerty-1234"

enum { COMMANDS_MAX = 400 };

static struct entropy *pool;
static struct certificate *certificate; /* of the sample's key */
static const struct medium_ops *ops;

/* For the one who reads why it failed. */
static char doing[200];

static struct vtoken *token(void)
{
    return rack.reader[0].card;
}

/* --- operations -------------------------------------------------------------
 */

static enum fault visit(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    size_t *good = context;

    (void)where;
    *good += fault == FAULT_NONE && info != NULL;
    return FAULT_NONE;
}

static enum fault do_list(void)
{
    size_t good = 0;

    return ops->list(STASH_LOCATION, visit, &good);
}

static enum fault do_look(void)
{
    struct medium_info info;

    return ops->look(STASH_LOCATION, &info);
}

static enum fault do_describe(void)
{
    struct container_info info = {.certificate = NULL};
    enum fault fault = ops->describe(PLACE, &info);

    container_info_free(&info);
    return fault;
}

static enum fault do_open(void)
{
    struct container *container = NULL;
    enum fault fault = ops->open(PLACE, NULL, &container);

    assert_int_equal(container != NULL, fault == FAULT_NONE);
    container_free(&container);
    return fault;
}

static enum fault do_take_out(void)
{
    struct material *material = NULL;
    enum fault fault = ops->take_out(PLACE, NULL, &material);

    material_free(&material);
    return fault;
}

static enum fault do_read_files(void)
{
    struct container_files *files = NULL;
    enum fault fault = ops->read_files(PLACE, &files);

    container_files_free(&files);
    return fault;
}

static enum fault do_write_certificate(void)
{
    return ops->write_certificate(PLACE, certificate);
}

static enum fault do_generate(void)
{
    struct container_spec spec = {.name = "Новый",
                                  .algorithm =
                                      algorithm_by_word("gost2012-256"),
                                  .exportable = true,
                                  .key_not_after = 1830297599};
    struct container *container = NULL;
    char folder[CONTAINER_FOLDER_MAX];
    enum fault fault = ops->name(STASH_LOCATION, NULL, false, 0, folder);

    spec.folder_name = folder;
    if (fault == FAULT_NONE)
        fault = ops->generate(STASH_LOCATION, &spec, pool, &container);
    assert_int_equal(container != NULL, fault == FAULT_NONE);
    container_free(&container);
    return fault;
}

static enum fault do_set_password(void)
{
    enum fault fault = ops->set_password(PLACE, NULL, "secret", pool);

    /* It has been set already. */
    return fault == FAULT_PASSWORD_NEEDED
               ? ops->set_password(PLACE, "secret", "secret", pool)
               : fault;
}

static enum fault do_change_pin(void)
{
    return ops->change_pin(STASH_LOCATION, NEW_PIN);
}

static enum fault do_remove(void)
{
    return ops->remove(PLACE);
}

/* --- what holds afterwards ---------------------------------------------------
 */

static enum fault open_with(const char *where, const char *password)
{
    struct container *container = NULL;
    enum fault fault = ops->open(where, password, &container);

    container_free(&container);
    return fault;
}

/* The sample's files on the token are those of the disk, apart from some. */
static bool is_untouched(const char *folder, const char *sample,
                         unsigned apart_from)
{
    struct container_files *now = stash_take(token(), folder);
    struct vtoken *fresh =
        vtoken_new(&(struct vtoken_setup){.dialect = vtoken_dialect(token())});
    struct container_files *then;
    bool same = true;

    assert_non_null(fresh);
    stash_sample(fresh, folder, sample);
    then = stash_take(fresh, folder);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct der a = container_files_at(now, file);
        struct der b = container_files_at(then, file);

        if (!(apart_from >> file & 1) &&
            (a.left != b.left || memcmp(a.at, b.at, a.left) != 0))
            same = false;
    }
    container_files_free(&now);
    container_files_free(&then);
    vtoken_free(&fresh);
    return same;
}

static void check_same(enum fault fault)
{
    (void)fault;
    assert_true(is_untouched("0A00", SAMPLE, 0));
    assert_int_equal(vtoken_children(token(), stash_path(token(), "")), 2);
}

static bool is_same(const struct certificate *one)
{
    return one->der.size == certificate->der.size &&
           memcmp(one->der.data, certificate->der.data, one->der.size) == 0;
}

static void check_certificate(enum fault fault)
{
    struct container_info info = {.certificate = NULL};

    assert_true(is_untouched("0A00", SAMPLE, 1 << CONTAINER_HEADER));
    assert_int_equal(open_with(PLACE, NULL), FAULT_NONE);
    assert_int_equal(ops->describe(PLACE, &info), FAULT_NONE);
    if (fault == FAULT_NONE)
        assert_non_null(info.certificate);
    if (info.certificate != NULL)
        assert_true(is_same(info.certificate));
    container_info_free(&info);
}

static void check_generated(enum fault fault)
{
    size_t good = 0;

    assert_true(is_untouched("0A00", SAMPLE, 0));
    assert_int_equal(ops->list(STASH_LOCATION, visit, &good), FAULT_NONE);
    /* A token that is pulled out at the end keeps a whole new one. */
    assert_in_range(good, fault == FAULT_NONE ? 3 : 2, 4);
}

static void check_password(enum fault fault)
{
    enum fault with = open_with(PLACE, "secret");

    if (fault == FAULT_NONE)
        assert_int_equal(with, FAULT_NONE);
    assert_true(with == FAULT_NONE || open_with(PLACE, NULL) == FAULT_NONE);
}

static void check_pin(enum fault fault)
{
    check_same(fault);
    assert_true(vtoken_pin_is(token(), VTOKEN_PIN_USER, VTOKEN_FACTORY_USER) ||
                vtoken_pin_is(token(), VTOKEN_PIN_USER, NEW_PIN));
    if (fault == FAULT_NONE)
        assert_true(vtoken_pin_is(token(), VTOKEN_PIN_USER, NEW_PIN));
}

/* There, or begun to go; never one that opens and is another. */
static void check_removed(enum fault fault)
{
    if (fault == FAULT_NONE)
        assert_false(vtoken_exists(token(), stash_path(token(), "0A00")));
    if (open_with(PLACE, NULL) == FAULT_NONE)
        assert_true(is_untouched("0A00", SAMPLE, 0));
}

static const struct operation {
    const char *what;
    enum fault (*act)(void);
    void (*check)(enum fault fault); /* in good order again */
    bool slow;                       /* passwords are: fewer faults of it */
} operations[] = {
    {"list", do_list, check_same, false},
    {"look", do_look, check_same, false},
    {"describe", do_describe, check_same, false},
    {"open", do_open, check_same, false},
    {"take out", do_take_out, check_same, false},
    {"read files", do_read_files, check_same, false},
    {"write certificate", do_write_certificate, check_certificate, false},
    {"generate", do_generate, check_generated, false},
    {"set password", do_set_password, check_password, true},
    {"change PIN", do_change_pin, check_pin, false},
    {"remove", do_remove, check_removed, false},
};

/* --- faults -----------------------------------------------------------------
 */

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

static void prepare(enum vtoken_dialect dialect)
{
    rack_open();
    rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = dialect});
    assert_non_null(token());
    stash_sample(token(), "0A00", SAMPLE);
    stash_sample(token(), "0B00", OTHER);
    stash_use_pin();
    vtoken_forget(token());
}

/* One fault at one command; false: there is no such command. */
static bool strike(enum vtoken_dialect dialect,
                   const struct operation *operation,
                   const struct trouble *trouble, unsigned long at)
{
    struct vtoken_fault fault = trouble->fault;
    enum fault first, again;
    bool struck;

    (void)snprintf(doing, sizeof doing, "dialect %d, %s, command %lu: %s",
                   (int)dialect, operation->what, at, trouble->what);
    prepare(dialect);
    fault.at = at;
    assert_true(vtoken_plan(token(), &fault));
    first = operation->act();
    struck = vtoken_struck(token()) > 0;
    vtoken_calm(token());
    vtoken_insert(token());
    rack_is_left();
    if (vtoken_pin_is(token(), VTOKEN_PIN_USER, NEW_PIN))
        stash_pin = NEW_PIN;
    pin_forget(NULL);
    operation->check(first);
    assert_true(is_untouched("0B00", OTHER, 0));
    again = first == FAULT_NONE ? FAULT_NONE : operation->act();
    if (again != FAULT_NONE && again != FAULT_NOT_FOUND)
        fail_msg("first %s, again %s", fault_word(first), fault_word(again));
    operation->check(again == FAULT_NOT_FOUND ? first : again);
    assert_true(is_untouched("0B00", OTHER, 0));
    assert_int_equal(vtoken_tries(token(), VTOKEN_PIN_USER), 10);
    rack_close();
    return struck;
}

/* Of an operation that takes long. */
static bool is_chosen(enum vtoken_dialect dialect,
                      const struct trouble *trouble)
{
    return dialect == VTOKEN_ECP && (trouble->fault.trouble == VTOKEN_ABSENT ||
                                     trouble->fault.trouble == VTOKEN_TORN);
}

static void sweep(enum vtoken_dialect dialect)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        for (size_t j = 0; j < sizeof troubles / sizeof *troubles; j++) {
            unsigned long at = 1;

            if (operations[i].slow && !is_chosen(dialect, &troubles[j]))
                continue;
            while (at < COMMANDS_MAX &&
                   strike(dialect, &operations[i], &troubles[j], at))
                at++;
            assert_true(at > 1 && at < COMMANDS_MAX);
        }
    }
    doing[0] = '\0';
}

static void test_ecp(void **state)
{
    (void)state;
    sweep(VTOKEN_ECP);
}

static void test_lite(void **state)
{
    (void)state;
    sweep(VTOKEN_LITE);
}

static void test_s(void **state)
{
    (void)state;
    sweep(VTOKEN_S);
}

static int start(void **state)
{
    char canonical[LOCATION_MAX];
    struct container *container = NULL;

    (void)state;
    if (entropy_new(&pool) != FAULT_NONE)
        return -1;
    prepare(VTOKEN_LITE);
    assert_int_equal(medium_find(STASH_LOCATION, &ops, canonical), FAULT_NONE);
    assert_int_equal(ops->open(PLACE, NULL, &container), FAULT_NONE);
    certificate = self_signed_new(container->info.algorithm, container->scalar,
                                  GNUTLS_ECC_CURVE_GOST256CPXA, 0);
    container_free(&container);
    rack_close();
    return certificate == NULL ? -1 : 0;
}

/* Runs when a test has failed, too. */
static int tell(void **state)
{
    (void)state;
    if (doing[0] != '\0')
        print_error("at %s\n", doing);
    return 0;
}

static int end(void **state)
{
    (void)state;
    certificate_free(&certificate);
    entropy_free(&pool);
    pin_use(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_ecp, tell),
        cmocka_unit_test_teardown(test_lite, tell),
        cmocka_unit_test_teardown(test_s, tell),
    };

    return cmocka_run_group_tests(tests, start, end);
}
