#include "token/pfx/cp_key.h"

#include "keygen/keypair.h"
#include "tests/support/hex.h"
#include "token/pfx/pbe_kdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

enum { BLOB_MAX = 1024 };

/* Published with krotname/cryptopro-key-export. */
static void test_kdf(void **state)
{
    uint8_t salt[16], key[32], expected[32];
    const struct pbe_kdf from = {"pbe-test-2026", {salt, sizeof salt}, 2000};

    (void)state;
    hex_read(salt, sizeof salt, "30B445CF1BBF4150E57A544C970EF3BE");
    hex_read(
        expected, sizeof expected,
        "6EBA4D1A27E015C01244BC9856B559A25BF89F6A5FD7C180D97D16E95D8C1D20");
    assert_int_equal(pbe_kdf_cryptopro(&from, key), FAULT_NONE);
    assert_memory_equal(key, expected, sizeof key);
}

/* Published with li0ard/anticryptopro: the way of keys of 2001. */
static void test_unwrap(void **state)
{
    uint8_t kek[32], own[32], ukm[8], wrapped[32], mac[4], key[32];
    uint8_t expected[32];

    (void)state;
    hex_read(
        kek, 32,
        "c2bb428f981f30d8e623db786d9bd780e7d9f785a950211530142ae46fab8dce");
    hex_read(ukm, 8, "FEF0268E68E6A7EA");
    hex_read(
        wrapped, 32,
        "7987275594A59F491E62F636F794BDD49A5CD547E0D901DF3AD58DA9EFFC2657");
    hex_read(mac, 4, "68369E8A");
    hex_read(
        expected, 32,
        "31967658c0647acdbd2c8a8d55cc031803208d94292c16221f68d9d7caa5d73e");
    assert_int_equal(
        cp_key_diversify(algorithm_find("gost2001"), kek, ukm, own),
        FAULT_NONE);
    assert_int_equal(cp_key_unwrap(own, ukm, wrapped, 32, mac, key),
                     FAULT_NONE);
    assert_memory_equal(key, expected, sizeof key);
    mac[0] ^= 1;
    assert_int_equal(cp_key_unwrap(own, ukm, wrapped, 32, mac, key),
                     FAULT_DAMAGED);
}

static void make(struct pfx_key *key, const char *word, struct entropy *pool)
{
    *key = (struct pfx_key){.not_after = 1800000000};
    key->key.algorithm = algorithm_find(word);
    key->key.flags = CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE;
    assert_int_equal(keypair_make(key->key.algorithm, pool, key->key.scalar),
                     FAULT_NONE);
}

/* The numbers and names that Windows knows a key by. */
static void test_form(void **state)
{
    static const struct {
        const char *word;
        unsigned flags;
        const char *number, *attributes;
    } rows[] = {
        {"gost2012-256", 0xA0, "07200000 46AA0000 4D414731 20000000",
         "030205A0"},
        {"gost2012-256", 0x80, "07200000 492E0000 4D414731 20000000",
         "03020780"},
        {"gost2012-512", 0xA0, "07200000 42AA0000 4D414731 20000000",
         "030205A0"},
        {"gost2012-512", 0x80, "07200000 3D2E0000 4D414731 20000000",
         "03020780"},
        {"gost2001", 0xA0, "07200000 24AA0000 4D414731 20000000", "030205A0"},
        {"gost2001", 0x80, "07200000 232E0000 4D414731 20000000", "03020780"},
    };
    static const uint8_t kek[CP_KEY_KEK] = {7};
    struct entropy *pool;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pfx_key key, back = {.not_after = 1};
        uint8_t number[16], attributes[4];
        struct bytes out;

        make(&key, rows[i].word, pool);
        key.key.flags = rows[i].flags;
        bytes_init(&out, BLOB_MAX);
        assert_int_equal(cp_key_put(&key, kek, pool, &out), FAULT_NONE);
        hex_read(number, sizeof number, rows[i].number);
        hex_read(attributes, sizeof attributes, rows[i].attributes);
        assert_non_null(memmem(out.data, out.size, number, sizeof number));
        assert_non_null(
            memmem(out.data, out.size, attributes, sizeof attributes));
        /* The key itself is nowhere in it. */
        assert_null(memmem(out.data, out.size, key.key.scalar, 16));
        assert_int_equal(
            cp_key_read((struct der){out.data, out.size}, kek, &back),
            FAULT_NONE);
        assert_int_equal(back.key.flags, rows[i].flags);
        assert_int_equal(back.not_after, key.not_after);
        assert_memory_equal(back.key.scalar, key.key.scalar,
                            key.key.algorithm->key_size);
        bytes_free(&out);
    }
    entropy_free(&pool);
}

/* The checksums are over all but the outermost frame: a change is told, or
 * changes nothing of the key. */
static void test_damage(void **state)
{
    static const uint8_t kek[CP_KEY_KEK] = {7};
    struct entropy *pool;
    struct pfx_key key;
    struct bytes out;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    make(&key, "gost2012-256", pool);
    bytes_init(&out, BLOB_MAX);
    assert_int_equal(cp_key_put(&key, kek, pool, &out), FAULT_NONE);
    for (size_t at = 0; at < out.size; at++) {
        struct pfx_key back = {.not_after = 0};

        for (int bit = 0; bit < 8; bit++) {
            out.data[at] ^= (uint8_t)(1 << bit);
            if (cp_key_read((struct der){out.data, out.size}, kek, &back) ==
                FAULT_NONE)
                assert_memory_equal(back.key.scalar, key.key.scalar, 32);
            out.data[at] ^= (uint8_t)(1 << bit);
        }
    }
    for (size_t size = 0; size < out.size; size++) {
        struct pfx_key back = {.not_after = 0};

        assert_int_not_equal(
            cp_key_read((struct der){out.data, size}, kek, &back), FAULT_NONE);
    }
    bytes_free(&out);
    entropy_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kdf),
        cmocka_unit_test(test_unwrap),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_damage),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
