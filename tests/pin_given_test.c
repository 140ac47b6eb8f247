#include "client/pin/pin_given.h"

#include "keygen/secret.h"
#include "tests/support/scratch.h"
#include "tests/support/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum outcome take(const char *place, const char *file, long fd,
                         struct failure *failure)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX];

    memset(failure, 0, sizeof *failure);
    assert_int_equal(medium_find(place, &ops, where), FAULT_NONE);
    return pin_given_take(ops, where, file, fd, "--pin-file", failure);
}

static enum fault enter(const char *place)
{
    const struct medium_ops *ops;
    char where[LOCATION_MAX];

    assert_int_equal(medium_find(place, &ops, where), FAULT_NONE);
    return ops->enter(where, PIN_OWNER_USER);
}

/* One that was given is sent, once; the person is not asked. */
static void test_given_once(void **state)
{
    const char *place = tokens_place("serial=48e243b5");
    struct failure failure;

    (void)state;
    tokens_new();
    tokens_pins(NULL, NULL, false);
    /* The place may be that of a key. */
    assert_int_equal(take(tokens_place("serial=48e243b5;id=k"),
                          scratch_text("pin", TOKENS_PIN "\n"), -1, &failure),
                     OUTCOME_DONE);
    assert_int_equal(enter(place), FAULT_NONE);
    assert_int_equal(tokens_asked(), 0);
    pin_forget(NULL);
    /* What is in the file by now does not matter. */
    assert_int_equal(
        take(place, scratch_text("pin", "wrong-one"), -1, &failure),
        OUTCOME_DONE);
    assert_int_equal(enter(place), FAULT_PIN_NEEDED);
    assert_int_equal(tokens_calls("C_Login"), 1);
    tokens_end();
}

/* A wrong one is not sent again, however often it is given, and is said to be
 * wrong each time. */
static void test_wrong_once(void **state)
{
    const char *place = tokens_place("serial=48e243b6");
    struct failure failure;

    (void)state;
    tokens_new();
    tokens_pins(NULL, NULL, false);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            take(place, scratch_text("pin", "wrong-one"), -1, &failure),
            OUTCOME_DONE);
        assert_int_equal(enter(place), FAULT_PIN_WRONG);
    }
    assert_int_equal(tokens_calls("C_Login"), 1);
    tokens_end();
}

/* However many tokens there are, each is given its own, once. */
static void test_many(void **state)
{
    struct failure failure;
    char place[64];

    (void)state;
    for (int i = 0; i <= 100; i++) {
        const char *file =
            i < 100 ? scratch_text("pin", "secret-pin\n") : "/none";

        assert_true(snprintf(place, sizeof place, "pkcs11:serial=%d", i) > 0);
        assert_int_equal(take(place, file, -1, &failure),
                         i < 100 ? OUTCOME_DONE : OUTCOME_CONTAINER_NOT_FOUND);
        assert_int_equal(take(place, "/none", -1, &failure), OUTCOME_DONE);
    }
}

/* What stands behind the PIN is for the containers of that token. */
static void test_password_behind(void **state)
{
    struct failure failure;
    const struct medium_ops *ops = medium_kind("pkcs11:");
    char *password;

    (void)state;
    assert_int_equal(take("pkcs11:serial=two",
                          scratch_text("pin", "12345678\nsecret\n"), -1,
                          &failure),
                     OUTCOME_DONE);
    assert_int_equal(take("pkcs11:serial=one",
                          scratch_text("pin", "12345678\n"), -1, &failure),
                     OUTCOME_DONE);
    assert_null(pin_given_password(ops, "pkcs11:serial=one"));
    for (int i = 0; i < 2; i++) {
        password = pin_given_password(ops, "pkcs11:serial=two");
        assert_non_null(password);
        assert_string_equal(password, "secret");
        secret_free(&password);
    }
    pin_given_forget();
    assert_null(pin_given_password(ops, "pkcs11:serial=two"));
    assert_null(pin_given_password(medium_kind("file:"), scratch_folder));
    pin_forget(NULL);
}

static void test_nothing_to_take(void **state)
{
    struct failure failure;
    char place[LOCATION_MAX];

    (void)state;
    /* No option, and a place without a PIN, whose file is not even read. */
    assert_int_equal(take("pkcs11:serial=1", NULL, -1, &failure), OUTCOME_DONE);
    assert_true(snprintf(place, sizeof place, "file:%s", scratch_folder) > 0);
    assert_int_equal(take(place, "/none", -1, &failure), OUTCOME_DONE);
    assert_int_equal(failure.outcome, OUTCOME_DONE);
}

static void test_bad_files(void **state)
{
    static const struct {
        const char *text;
        enum outcome outcome;
    } rows[] = {
        {NULL, OUTCOME_CONTAINER_NOT_FOUND},
        {"12345678\n12345678\n12345678\n", OUTCOME_CONFIGURATION},
        {"\xFF\xFE", OUTCOME_CONFIGURATION},
    };

    struct failure failure;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char place[64];

        assert_true(snprintf(place, sizeof place, "pkcs11:serial=bad%zu", i) >
                    0);
        assert_int_equal(take(place,
                              rows[i].text != NULL
                                  ? scratch_text("pin", rows[i].text)
                                  : "/none",
                              -1, &failure),
                         rows[i].outcome);
        assert_int_equal(failure.outcome, rows[i].outcome);
        assert_non_null(strstr(failure.detail, "--pin-file"));
        /* Nothing of it is sent. */
        assert_null(strstr(failure.detail, "12345678"));
    }
    assert_int_equal(take("pkcs11:serial=bad9", NULL, 9999, &failure),
                     OUTCOME_CONTAINER_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_given_once),
        cmocka_unit_test(test_wrong_once),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_nothing_to_take),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_password_behind),
    };

    return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
