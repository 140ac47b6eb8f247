#include "token/medium.h"

#include "tests/support/rack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_find(void **state)
{
    static const struct {
        const char *location, *canonical;
        enum fault fault;
    } rows[] = {
        {"file:/no-such", "file:/no-such", FAULT_NONE},
        {"/no-such", "file:/no-such", FAULT_NONE},
        {"/no-such/a:b", "file:/no-such/a:b", FAULT_NONE},
        {"file:/no-such/", "file:/no-such", FAULT_NONE},
        {"local:", "file:/no-such/kep/containers", FAULT_NONE},
        {"local:/abcd.000", "file:/no-such/kep/containers/abcd.000",
         FAULT_NONE},
        {"", NULL, FAULT_LOCATION},
        {"file:", NULL, FAULT_LOCATION},
        {"rutoken:", NULL, FAULT_NO_SERVICE},
        {"rutoken:48E243B5", "rutoken:48e243b5", FAULT_NONE},
        {"rutoken:48e243b5/0a00", "rutoken:48e243b5/0A00", FAULT_NONE},
        {"rutoken:48e243b5/KEY-0a", "rutoken:48e243b5/key-0a", FAULT_NONE},
        {"rutoken:48e243b5/", "rutoken:48e243b5", FAULT_NONE},
        {"rutoken:1222788021", "rutoken:48e243b5", FAULT_NONE},
        {"rutoken:0000000001", "rutoken:00000001", FAULT_NONE},
        {"rutoken:0123456789abcdef", "rutoken:0123456789abcdef", FAULT_NONE},
        {"rutoken:9999999999", NULL, FAULT_LOCATION},
        {"rutoken:48e243b", NULL, FAULT_LOCATION},
        {"rutoken:48e243bg", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/abcd.000", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/0A0", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/0A0G", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/key-00", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/key-zz", NULL, FAULT_LOCATION},
        {"rutoken:48e243b5/0A00/0A03", NULL, FAULT_LOCATION},
        {"rutoken:../../etc", NULL, FAULT_LOCATION},
        {"pkcs11:serial=1", "pkcs11:serial=1", FAULT_NONE},
        {"pkcs11:token=x?module-path=/none", NULL, FAULT_MODULE_MISSING},
        {"pkcs11:tokn=x", NULL, FAULT_LOCATION},
        {"FILE:/x", NULL, FAULT_LOCATION},
        {"https://example.org/", NULL, FAULT_LOCATION},
        {"file:/dev/null/x", NULL, FAULT_NOT_FOUND},
    };

    (void)state;
    setenv("XDG_DATA_HOME", "/no-such", 1);
    rack_open();
    rack.no_service = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct medium_ops *ops = NULL;
        char canonical[LOCATION_MAX];

        print_message("# %s\n", rows[i].location);
        assert_int_equal(medium_find(rows[i].location, &ops, canonical),
                         rows[i].fault);
        if (rows[i].canonical == NULL)
            continue;
        assert_string_equal(canonical, rows[i].canonical);
        assert_memory_equal(ops->kind, canonical, strcspn(canonical, ":"));
        /* What is canonical stays so. */
        assert_int_equal(medium_find(rows[i].canonical, &ops, canonical),
                         FAULT_NONE);
        assert_string_equal(canonical, rows[i].canonical);
    }
    rack_close();
}

static void test_long(void **state)
{
    char *location = calloc(1, LOCATION_MAX + 1);
    char canonical[LOCATION_MAX];
    const struct medium_ops *ops;

    (void)state;
    memset(location, '/', LOCATION_MAX);
    assert_int_equal(medium_find(location, &ops, canonical), FAULT_TOO_LARGE);
    free(location);
}

static void test_free_nothing(void **state)
{
    struct container *none = NULL;
    struct container_info info = {.certificate = NULL};

    (void)state;
    container_free(&none);
    container_info_free(&info);
}

/* A certificate is for a key by algorithm and fingerprint, where both are
 * known. */
static void test_fits(void **state)
{
    const struct algorithm *one = algorithm_by_word("gost2012-256");
    const struct algorithm *two = algorithm_by_word("gost2012-512");
    struct certificate certificate = {.algorithm = one, .point = {1, 2, 3}};
    struct container_info info = {
        .algorithm = one, .has_fingerprint = true, .fingerprint = {1, 2, 3}};

    (void)state;
    assert_true(container_info_fits(&info, &certificate));
    certificate.point[7] = 1;
    assert_false(container_info_fits(&info, &certificate));
    certificate.point[7] = 0;
    certificate.point[8] = 1; /* behind the fingerprint */
    assert_true(container_info_fits(&info, &certificate));
    info.algorithm = two;
    assert_false(container_info_fits(&info, &certificate));
    info.algorithm = certificate.algorithm = NULL;
    assert_false(container_info_fits(&info, &certificate));
    info.algorithm = certificate.algorithm = one;
    info.has_fingerprint = false;
    assert_false(container_info_fits(&info, &certificate));
}

/* However a token is reached it has one key; where it is not said which one
 * is meant it could be any. */
static void test_exclusive(void **state)
{
    static const struct {
        const char *location, *key;
    } rows[] = {
        {"file:/media/flash", ""},
        {"rutoken:48e243b5", "token:48e243b5"},
        {"rutoken:48E243B5/0A00", "token:48e243b5"},
        {"pkcs11:serial=48e243b5", "token:48e243b5"},
        {"pkcs11:serial=48e243b5;id=%01", "token:48e243b5"},
        {"rutoken:", MEDIUM_KEY_ANY},
        {"rutoken:/0A00", MEDIUM_KEY_ANY},
        {"pkcs11:serial=any%20token", "token:any token"},
        {"rutoken:nonsense", ""},
        {"pkcs11:nonsense", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char key[MEDIUM_KEY_MAX];

        medium_exclusive(medium_kind(rows[i].location), rows[i].location, key);
        if (strcmp(key, rows[i].key) != 0)
            fail_msg("%s: \"%s\"", rows[i].location, key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),      cmocka_unit_test(test_fits),
        cmocka_unit_test(test_long),      cmocka_unit_test(test_free_nothing),
        cmocka_unit_test(test_exclusive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
