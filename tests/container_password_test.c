#include "token/container/container_password.h"

#include "keygen/secret.h"
#include "token/container/cpkdf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define CELLS(text) text, sizeof text - 1

static const struct row {
    const char *text;
    enum container_password_form form;
    enum fault fault;
    const char *cells;
    size_t size;
} rows[] = {
    {"", CONTAINER_PASSWORD_UTF32, FAULT_NONE, CELLS("")},
    {"ab", CONTAINER_PASSWORD_UTF32, FAULT_NONE, CELLS("a\0\0\0b\0\0\0")},
    {"Я", CONTAINER_PASSWORD_UTF32, FAULT_NONE, CELLS("\x2F\x04\0\0")},
    {"Я", CONTAINER_PASSWORD_CP1251, FAULT_NONE, CELLS("\xDF\0\0\0")},
    {"Я", CONTAINER_PASSWORD_BYTES, FAULT_NONE, CELLS("\xD0\0\0\0\xAF\0\0\0")},
    {"\xF0\x9F\x94\x91", CONTAINER_PASSWORD_UTF32, FAULT_NONE,
     CELLS("\x11\xF5\x01\0")},
    {"\xF0\x9F\x94\x91", CONTAINER_PASSWORD_CP1251, FAULT_ARGUMENT, NULL, 0},
    /* ASCII is the same in every form: only the first counts. */
    {"ab", CONTAINER_PASSWORD_CP1251, FAULT_ARGUMENT, NULL, 0},
    {"ab", CONTAINER_PASSWORD_BYTES, FAULT_ARGUMENT, NULL, 0},
    /* What is no UTF-8 can only be bytes. */
    {"\xFF", CONTAINER_PASSWORD_UTF32, FAULT_ARGUMENT, NULL, 0},
    {"\xFF", CONTAINER_PASSWORD_CP1251, FAULT_ARGUMENT, NULL, 0},
    {"\xFF", CONTAINER_PASSWORD_BYTES, FAULT_NONE, CELLS("\xFF\0\0\0")},
};

static void test_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct container_password *password;

        print_message("# row %zu\n", i);
        assert_int_equal(
            container_password_cells(rows[i].text, rows[i].form, &password),
            rows[i].fault);
        if (rows[i].fault != FAULT_NONE) {
            assert_null(password);
            continue;
        }
        assert_int_equal(password->size, rows[i].size);
        assert_memory_equal(password->cells, rows[i].cells, rows[i].size);
        secret_free(&password);
    }
}

/* The longest of each form, and one more. */
static void test_limits(void **state)
{
    static const struct {
        const char *unit;
        enum container_password_form form;
        size_t most;
    } limits[] = {
        {"a", CONTAINER_PASSWORD_UTF32, CONTAINER_PASSWORD_MAX},
        {"\xF0\x9F\x94\x91", CONTAINER_PASSWORD_UTF32, CONTAINER_PASSWORD_MAX},
        {"\xF0\x9F\x94\x91", CONTAINER_PASSWORD_BYTES, CONTAINER_PASSWORD_MAX},
        {"Я", CONTAINER_PASSWORD_CP1251, CONTAINER_PASSWORD_MAX},
        {"\xFF", CONTAINER_PASSWORD_BYTES, 4 * CONTAINER_PASSWORD_MAX},
    };
    static char text[4 * CONTAINER_PASSWORD_MAX + 8];

    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const size_t unit = strlen(limits[i].unit);
        struct container_password *password;

        memset(text, 0, sizeof text);
        for (size_t n = 0; n < limits[i].most; n++)
            memcpy(text + n * unit, limits[i].unit, unit);
        assert_int_equal(
            container_password_cells(text, limits[i].form, &password),
            FAULT_NONE);
        assert_true(password->size <= CPKDF_PASSWORD_MAX);
        secret_free(&password);
        memcpy(text + limits[i].most * unit, limits[i].unit, unit);
        assert_int_equal(
            container_password_cells(text, limits[i].form, &password),
            FAULT_TOO_LARGE);
        assert_null(password);
    }
}

static void test_check(void **state)
{
    static char text[CONTAINER_PASSWORD_MAX + 2];

    (void)state;
    assert_int_equal(container_password_check(""), FAULT_NONE);
    assert_int_equal(container_password_check(" Pa$$w0rd~"), FAULT_NONE);
    assert_int_equal(container_password_check("пароль"), FAULT_ARGUMENT);
    assert_int_equal(container_password_check("a\tb"), FAULT_ARGUMENT);
    assert_int_equal(container_password_check("a\x7F"), FAULT_ARGUMENT);
    memset(text, 'x', CONTAINER_PASSWORD_MAX);
    assert_int_equal(container_password_check(text), FAULT_NONE);
    text[CONTAINER_PASSWORD_MAX] = 'x';
    assert_int_equal(container_password_check(text), FAULT_TOO_LARGE);
}

static void test_new(void **state)
{
    static const struct {
        const char *text;
        enum fault fault;
        size_t size;
    } given[] = {
        {NULL, FAULT_NONE, 0},       {"", FAULT_NONE, 0},
        {"ab", FAULT_NONE, 8},       {"пароль", FAULT_ARGUMENT, 0},
        {"a\tb", FAULT_ARGUMENT, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct container_password *password;

        assert_int_equal(container_password_new(given[i].text, &password),
                         given[i].fault);
        assert_int_equal(password != NULL, given[i].fault == FAULT_NONE);
        if (password != NULL)
            assert_int_equal(password->size, given[i].size);
        secret_free(&password);
    }
}

static const struct cpkdf_hash streebog = {GNUTLS_DIG_STREEBOG_256, 64};
static const struct cpkdf_hash gost94 = {GNUTLS_DIG_GOSTR_94, 32};

/* Each key is what cpkdf gives, and is derived when it is new or was long not
 * asked for; derived is how many there were by then. */
static void test_keys(void **state)
{
    static const struct {
        const struct cpkdf_hash *hash;
        const char *salt;
        unsigned derived;
    } asked[] = {
        {&streebog, "salt", 1}, {&streebog, "salt", 1}, {&streebog, "sal", 2},
        {&streebog, "salz", 3}, {&streebog, "salt", 3}, {&streebog, "sal", 3},
        {&gost94, "salt", 4},   {&gost94, "salt", 4},   {&streebog, "sal", 4},
        {&streebog, "salt", 5}, {&gost94, "salt", 5},
    };
    struct container_password *password;

    (void)state;
    assert_int_equal(
        container_password_cells("pw", CONTAINER_PASSWORD_UTF32, &password),
        FAULT_NONE);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const uint8_t *salt = (const uint8_t *)asked[i].salt;
        const size_t size = strlen(asked[i].salt);
        uint8_t key[CPKDF_KEY], expected[CPKDF_KEY];

        assert_int_equal(
            container_password_key(password, asked[i].hash, salt, size, key),
            FAULT_NONE);
        assert_int_equal(cpkdf(asked[i].hash, password->cells, password->size,
                               salt, size, expected),
                         FAULT_NONE);
        assert_memory_equal(key, expected, sizeof key);
        assert_int_equal(password->derived, asked[i].derived);
    }
    secret_free(&password);
}

/* What was refused is not kept. */
static void test_keys_refused(void **state)
{
    static const struct cpkdf_hash longer = {GNUTLS_DIG_STREEBOG_512, 64};
    static const uint8_t salt[CPKDF_SALT_MAX + 1];
    struct container_password *password;
    uint8_t key[CPKDF_KEY];

    (void)state;
    assert_int_equal(
        container_password_cells("", CONTAINER_PASSWORD_UTF32, &password),
        FAULT_NONE);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            container_password_key(password, &streebog, salt, sizeof salt, key),
            FAULT_TOO_LARGE);
        assert_int_equal(
            container_password_key(password, &longer, salt, 1, key),
            FAULT_LIBRARY);
    }
    assert_int_equal(password->derived, 0);
    secret_free(&password);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_check), cmocka_unit_test(test_new),
        cmocka_unit_test(test_keys),  cmocka_unit_test(test_keys_refused),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
