#include "token/container/container_lock.h"

#include "keygen/secret.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static const struct row {
    const char *folder, *password;
} rows[] = {
    {"synthetic-2012-256-password-qwerty123", "qwerty123"},
    {"synthetic-2012-512A-password-qwerty123", "qwerty123"},
    {"synthetic-2001-password-secret", "secret"},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

struct opened {
    struct container_files *files;
    struct header header;
    struct container_lock lock;
};

static enum fault begin(struct opened *opened, const char *folder,
                        const char *password, bool checksum)
{
    struct der file;

    opened->files = sample_read(folder);
    file = container_files_at(opened->files, CONTAINER_HEADER);
    assert_int_equal(header_read(&file, &opened->header), FAULT_NONE);
    assert_non_null(opened->header.password_mac.at);
    if (!checksum)
        opened->header.password_mac = (struct der){NULL, 0};
    return container_lock_open(&opened->lock, opened->files, &opened->header,
                               password);
}

static void finish(struct opened *opened)
{
    container_lock_free(&opened->lock);
    container_files_free(&opened->files);
}

static enum fault take(const struct container_lock *lock, size_t pair)
{
    uint8_t scalar[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
    gnutls_privkey_t key;
    enum fault fault = container_lock_key(lock, 0, pair, scalar, &key, point);

    if (fault == FAULT_NONE)
        gnutls_privkey_deinit(key);
    return fault;
}

/* To open takes one derivation, the reserve copy and the checksum one each,
 * and none of them is done again. */
static void test_derivations(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * ROWS; i++) {
        const struct row *row = &rows[i / 2];
        struct opened it;

        assert_int_equal(begin(&it, row->folder, row->password, i % 2 == 0),
                         FAULT_NONE);
        assert_int_equal(take(&it.lock, 0), FAULT_NONE);
        assert_int_equal(it.lock.password->derived, 1);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(take(&it.lock, 0), FAULT_NONE);
            assert_int_equal(take(&it.lock, 1), FAULT_NONE);
            assert_int_equal(container_lock_check(&it.lock), FAULT_NONE);
            assert_int_equal(it.lock.password->derived, i % 2 == 0 ? 3 : 2);
        }
        finish(&it);
    }
}

/* A wrong one is wrong with and without a checksum. */
static void test_wrong(void **state)
{
    static const char *const wrong[] = {"", "qwerty124", "Secret", "пароль",
                                        "\xFF"};

    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < sizeof wrong / sizeof wrong[0]; j++)
            for (int checksum = 0; checksum < 2; checksum++) {
                struct opened it;

                assert_int_equal(begin(&it, rows[i].folder, wrong[j], checksum),
                                 FAULT_PASSWORD_WRONG);
                assert_null(it.lock.password);
                finish(&it);
            }
}

/* Where the first pair does not open, the checksum tells a right password from
 * a wrong one. */
static void test_first_pair_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct opened it;

        assert_int_equal(begin(&it, rows[i].folder, rows[i].password, true),
                         FAULT_NONE);
        container_lock_free(&it.lock);
        it.files->small[CONTAINER_PRIMARY].data[8] ^= 1;
        assert_int_equal(
            container_lock_open(&it.lock, it.files, &it.header, "qwerty124"),
            FAULT_PASSWORD_WRONG);
        assert_int_equal(container_lock_open(&it.lock, it.files, &it.header,
                                             rows[i].password),
                         FAULT_NONE);
        assert_int_equal(take(&it.lock, 0), FAULT_DAMAGED);
        assert_int_equal(take(&it.lock, 1), FAULT_NONE);
        finish(&it);
    }
}

/* A checksum of something else: the key opens, and the check says so. */
static void test_checksum_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        static const uint8_t other[GOST28147_MAC] = {1, 2, 3, 4};
        struct opened it;

        assert_int_equal(begin(&it, rows[i].folder, rows[i].password, true),
                         FAULT_NONE);
        container_lock_free(&it.lock);
        it.header.password_mac = (struct der){other, sizeof other};
        assert_int_equal(container_lock_open(&it.lock, it.files, &it.header,
                                             rows[i].password),
                         FAULT_NONE);
        assert_int_equal(take(&it.lock, 0), FAULT_NONE);
        assert_int_equal(container_lock_check(&it.lock), FAULT_PASSWORD_WRONG);
        finish(&it);
    }
}

/* Where there is no password nothing is a checksum of it. */
static void test_no_password(void **state)
{
    static const uint8_t other[GOST28147_MAC] = {1, 2, 3, 4};
    struct opened it;
    struct der file;

    (void)state;
    it.files = sample_read("synthetic-2012-256-nopassword");
    file = container_files_at(it.files, CONTAINER_HEADER);
    assert_int_equal(header_read(&file, &it.header), FAULT_NONE);
    it.header.password_mac = (struct der){other, sizeof other};
    assert_int_equal(
        container_lock_open(&it.lock, it.files, &it.header, "needless"),
        FAULT_NONE);
    assert_int_equal(container_lock_check(&it.lock), FAULT_NONE);
    assert_int_equal(take(&it.lock, 0), FAULT_NONE);
    finish(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivations),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_first_pair_damaged),
        cmocka_unit_test(test_checksum_damaged),
        cmocka_unit_test(test_no_password),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
