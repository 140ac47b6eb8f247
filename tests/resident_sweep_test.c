/* As rutoken_sweep_test.c, of keys that were made inside of a Rutoken ECP. */
#include "tests/support/rack.h"
#include "tests/support/self_signed.h"
#include "tests/support/stash.h"
#include "tests/support/sweep.h"
#include "token/medium.h"
#include "token/pin.h"
#include "token/rutoken/rutoken_medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE "synthetic-2012-256-nopassword"
#define PLACE STASH_LOCATION "/key-ff"

static const struct medium_ops *const ops = &rutoken_medium;
static struct entropy *pool;
static struct certificate *certificate;

/* first: the certificate is for it from now on. */
static enum fault make(const char *folder, const char *name, bool first)
{
    struct container_spec spec = {.name = name,
                                  .algorithm =
                                      algorithm_by_word("gost2012-256"),
                                  .resident = true,
                                  .key_not_after = 1830297599};
    struct container *container = NULL;
    enum fault fault;

    spec.folder_name = folder;
    fault = ops->generate(STASH_LOCATION, &spec, pool, &container);
    assert_int_equal(container != NULL, fault == FAULT_NONE);
    if (first) {
        certificate_free(&certificate);
        certificate = self_signed_inside(container);
    }
    container_free(&container);
    return fault;
}

/* --- operations -------------------------------------------------------------
 */

/* What it signs is verified by its public key; reason: why not. */
static enum fault sign(const struct container *container)
{
    static const char text[] = "what is signed";
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)text,
                                 sizeof text - 1};
    gnutls_datum_t signature = {NULL, 0};
    int result = gnutls_privkey_sign_data2(container->key, GNUTLS_SIGN_GOST_256,
                                           0, &data, &signature);

    gnutls_free(signature.data);
    if (result == 0)
        return FAULT_NONE;
    return container_fault(container) == FAULT_NONE
               ? FAULT_LIBRARY
               : container_fault(container);
}

static enum fault open_and_sign(const char *where)
{
    struct container *container = NULL;
    enum fault fault = ops->open(where, NULL, &container);

    if (fault == FAULT_NONE)
        fault = sign(container);
    container_free(&container);
    return fault;
}

/* As a renewal does that is resumed: what is there already is the key. */
static enum fault do_make(void)
{
    enum fault fault = make("key-fe", "Новый", false);

    return fault == FAULT_EXISTS ? open_and_sign(STASH_LOCATION "/key-fe")
                                 : fault;
}

static enum fault do_sign(void)
{
    return open_and_sign(PLACE);
}

static enum fault do_certify(void)
{
    return ops->write_certificate(PLACE, certificate);
}

static enum fault do_remove(void)
{
    return ops->remove(PLACE);
}

/* --- what holds afterwards --------------------------------------------------
 */

struct seen {
    size_t inside, files;
};

static enum fault visit(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    struct seen *seen = context;

    (void)where;
    if (fault == FAULT_NONE && info->resident)
        seen->inside++;
    if (fault == FAULT_NONE && !info->resident)
        seen->files++;
    return FAULT_NONE;
}

static struct seen look(void)
{
    struct seen seen = {0, 0};

    assert_int_equal(ops->list(STASH_LOCATION, visit, &seen), FAULT_NONE);
    return seen;
}

/* It signs as before. */
static void check_key(enum fault fault)
{
    (void)fault;
    assert_int_equal(do_sign(), FAULT_NONE);
    assert_int_equal(look().inside, 1);
}

/* Never a second key for the same work. */
static void check_made(enum fault fault)
{
    size_t files = vtoken_children(sweep_token(), "1000/1000/6001") +
                   vtoken_children(sweep_token(), "1000/1000/6002");

    assert_int_equal(do_sign(), FAULT_NONE);
    assert_in_range(look().inside, fault == FAULT_NONE ? 2 : 1, 2);
    assert_in_range(files, fault == FAULT_NONE ? 4 : 2, 4);
}

static void check_certificate(enum fault fault)
{
    struct container_info info = {.certificate = NULL};

    check_key(fault);
    assert_int_equal(ops->describe(PLACE, &info), FAULT_NONE);
    if (fault == FAULT_NONE)
        assert_non_null(info.certificate);
    if (info.certificate != NULL)
        assert_string_equal(info.certificate->thumbprint,
                            certificate->thumbprint);
    container_info_free(&info);
}

static void check_removed(enum fault fault)
{
    assert_in_range(look().inside, 0, fault == FAULT_NONE ? 0 : 1);
    if (fault == FAULT_NONE) {
        assert_int_equal(vtoken_children(sweep_token(), "1000/1000/6001"), 0);
        assert_int_equal(vtoken_children(sweep_token(), "1000/1000/6002"), 0);
    }
}

static void check_files(void)
{
    assert_int_equal(look().files, 1);
}

static void prepare(void)
{
    stash_sample(sweep_token(), "0A00", SAMPLE);
    assert_int_equal(make("key-ff", "Старый", true), FAULT_NONE);
}

static const struct sweep_operation operations[] = {
    {"make", do_make, check_made, false},
    {"sign", do_sign, check_key, false},
    {"certify", do_certify, check_certificate, false},
    {"remove", do_remove, check_removed, true},
};

static const struct sweep sweep = {
    operations, sizeof operations / sizeof *operations, prepare, check_files};

static void test_ecp(void **state)
{
    (void)state;
    sweep_run(&sweep, VTOKEN_ECP);
}

static int start(void **state)
{
    (void)state;
    return entropy_new(&pool) == FAULT_NONE ? 0 : -1;
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
    };

    return cmocka_run_group_tests(tests, start, end);
}
