/* Every command of every operation on a token goes wrong in turn: the token
 * is pulled out before and after it and in the middle of a write, it says no,
 * too little, too much, nonsense. Whatever came of it, what was on the token
 * is whole afterwards, and the operation can be done again. */
#include "tests/support/rack.h"
#include "tests/support/self_signed.h"
#include "tests/support/stash.h"
#include "tests/support/sweep.h"
#include "token/container/container_files.h"
#include "token/material.h"
#include "token/medium.h"
#include "token/pin.h"
#include "token/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE "synthetic-2012-256-nopassword"
#define OTHER "synthetic-2012-256-password-qwerty123"
#define PLACE STASH_LOCATION "/0A00"

static struct entropy *pool;
static struct certificate *certificate; /* of the sample's key */
static const struct medium_ops *ops;

static struct vtoken *token(void)
{
    return sweep_token();
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

static enum fault inspect(enum medium_depth depth)
{
    struct container_report *report = NULL;
    enum fault fault = ops->inspect(PLACE, depth, NULL, &report);

    assert_int_equal(fault == FAULT_NONE, report != NULL);
    report_free(&report);
    return fault;
}

static enum fault do_inspect(void)
{
    return inspect(MEDIUM_PUBLIC);
}

static enum fault do_inspect_whole(void)
{
    return inspect(MEDIUM_WHOLE);
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
    enum fault fault = ops->name(STASH_LOCATION, NULL, NULL, 0, folder);

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
    return ops->change_pin(STASH_LOCATION, PIN_OWNER_USER, SWEEP_PIN);
}

static enum fault do_unblock(void)
{
    return ops->unblock(STASH_LOCATION, NULL);
}

static enum fault do_unblock_anew(void)
{
    return ops->unblock(STASH_LOCATION, SWEEP_PIN);
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
                vtoken_pin_is(token(), VTOKEN_PIN_USER, SWEEP_PIN));
    if (fault == FAULT_NONE)
        assert_true(vtoken_pin_is(token(), VTOKEN_PIN_USER, SWEEP_PIN));
}

/* The administrator's cost no try either, and is as it was. */
static void check_administrator(void)
{
    assert_true(vtoken_pin_is(token(), VTOKEN_PIN_SO, VTOKEN_FACTORY_SO));
    assert_int_equal(vtoken_tries(token(), VTOKEN_PIN_SO), 10);
}

static void check_unblocked(enum fault fault)
{
    check_same(fault);
    check_administrator();
    assert_true(vtoken_pin_is(token(), VTOKEN_PIN_USER, VTOKEN_FACTORY_USER));
}

static void check_unblocked_anew(enum fault fault)
{
    check_pin(fault);
    check_administrator();
}

/* There, or begun to go; never one that opens and is another. */
static void check_removed(enum fault fault)
{
    if (fault == FAULT_NONE)
        assert_false(vtoken_exists(token(), stash_path(token(), "0A00")));
    if (open_with(PLACE, NULL) == FAULT_NONE)
        assert_true(is_untouched("0A00", SAMPLE, 0));
}

static const struct sweep_operation operations[] = {
    {"list", do_list, check_same, false},
    {"look", do_look, check_same, false},
    {"inspect", do_inspect, check_same, false},
    {"inspect all of it", do_inspect_whole, check_same, false},
    {"describe", do_describe, check_same, false},
    {"open", do_open, check_same, false},
    {"take out", do_take_out, check_same, false},
    {"read files", do_read_files, check_same, false},
    {"write certificate", do_write_certificate, check_certificate, false},
    {"generate", do_generate, check_generated, false},
    {"set password", do_set_password, check_password, true},
    {"change PIN", do_change_pin, check_pin, false},
    {"unblock", do_unblock, check_unblocked, false},
    {"unblock anew", do_unblock_anew, check_unblocked_anew, false},
    {"remove", do_remove, check_removed, false},
};

static void check_other(void)
{
    assert_true(is_untouched("0B00", OTHER, 0));
}

static void prepare(void)
{
    stash_sample(token(), "0A00", SAMPLE);
    stash_sample(token(), "0B00", OTHER);
}

static const struct sweep sweep = {
    operations, sizeof operations / sizeof *operations, prepare, check_other};

/* --- tests ------------------------------------------------------------------
 */

static void test_ecp(void **state)
{
    (void)state;
    sweep_run(&sweep, VTOKEN_ECP);
}

static void test_lite(void **state)
{
    (void)state;
    sweep_run(&sweep, VTOKEN_LITE);
}

static void test_s(void **state)
{
    (void)state;
    sweep_run(&sweep, VTOKEN_S);
}

static int start(void **state)
{
    const struct vtoken_setup setup = {.dialect = VTOKEN_LITE};
    char canonical[LOCATION_MAX];
    struct container *container = NULL;

    (void)state;
    if (entropy_new(&pool) != FAULT_NONE)
        return -1;
    rack_open();
    rack.reader[0].card = vtoken_new(&setup);
    assert_non_null(token());
    prepare();
    stash_use_pin();
    assert_int_equal(medium_find(STASH_LOCATION, &ops, canonical), FAULT_NONE);
    assert_int_equal(ops->open(PLACE, NULL, &container), FAULT_NONE);
    certificate = self_signed_new(container->info.algorithm, container->scalar,
                                  GNUTLS_ECC_CURVE_GOST256CPXA, 0);
    container_free(&container);
    rack_close();
    return certificate == NULL ? -1 : 0;
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
        cmocka_unit_test_teardown(test_ecp, sweep_tell),
        cmocka_unit_test_teardown(test_lite, sweep_tell),
        cmocka_unit_test_teardown(test_s, sweep_tell),
    };

    return cmocka_run_group_tests(tests, start, end);
}
