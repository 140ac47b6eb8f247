#include "token/pkcs11/pkcs11_public.h"

#include "tests/support/tokens.h"
#include "token/pkcs11/pkcs11_medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* On the heap and exact, so that the sanitizer sees a step over the end. */
static enum fault take(const uint8_t *value, size_t size, size_t key_size,
                       uint8_t *point)
{
    uint8_t *copy = calloc(1, size + (size == 0));
    enum fault fault;

    assert_non_null(copy);
    memcpy(copy, value, size);
    fault = pkcs11_public_point(copy, size, key_size, point);
    free(copy);
    return fault;
}

static void test_point(void **state)
{
    static const struct {
        const char *name;
        uint8_t head[4];
        size_t head_size, size, key_size;
        bool good;
    } rows[] = {
        {"raw", {0}, 0, 64, 32, true},
        {"raw 512", {0}, 0, 128, 64, true},
        {"wrapped", {0x04, 0x40}, 2, 64, 32, true},
        {"wrapped 512", {0x04, 0x81, 0x80}, 3, 128, 64, true},
        {"nothing", {0}, 0, 0, 32, false},
        {"one less", {0}, 0, 63, 32, false},
        {"one more", {0}, 0, 65, 32, false},
        {"of the other size", {0}, 0, 128, 32, false},
        {"wrapped of the other size", {0x04, 0x40}, 2, 64, 64, false},
        {"wrapped, cut", {0x04, 0x40}, 2, 63, 32, false},
        {"wrapped, and more", {0x04, 0x40}, 2, 65, 32, false},
        {"another tag", {0x03, 0x40}, 2, 64, 32, false},
        {"uncompressed as of ECDSA", {0x04}, 1, 64, 32, false},
        {"a long length", {0x04, 0x81, 0x40}, 3, 64, 32, false},
        {"no end", {0x04, 0x80}, 2, 64, 32, false},
        {"a huge length", {0x04, 0x82, 0xFF, 0xFF}, 4, 64, 32, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t value[140], point[2 * ALGORITHM_KEY_MAX + 1];

        print_message("# %s\n", rows[i].name);
        memset(value, 0xA5, sizeof value);
        memset(point, 0, sizeof point);
        memcpy(value, rows[i].head, rows[i].head_size);
        assert_int_equal(take(value, rows[i].head_size + rows[i].size,
                              rows[i].key_size, point),
                         rows[i].good ? FAULT_NONE : FAULT_TOKEN_ANSWER);
        for (size_t k = 0; rows[i].good && k < 2 * rows[i].key_size; k++)
            assert_int_equal(point[k], 0xA5);
        assert_int_equal(point[rows[i].good ? 2 * rows[i].key_size : 0], 0);
    }
}

/* What a key is, by what its token says of it. */
static void test_kinds(void **state)
{
    static const struct {
        const char *settings, *kind, *curve;
        enum fault refused, fault;
    } rows[] = {
        {"", "gost2012-256", "CryptoPro-XchA", FAULT_NONE, FAULT_NONE},
        {"value 0x250 06072a850302022301\n", "gost2012-256", "CryptoPro-A",
         FAULT_NONE, FAULT_NONE},
        {"value 0x250 06092a8503070102010102\n", "gost2012-256", "TC26-256-B",
         FAULT_NONE, FAULT_NONE},
        {"value 0x251 06072a850302021e01\n", "gost2001", "CryptoPro-XchA",
         FAULT_NONE, FAULT_NONE},
        /* Curves that are known and not computed, and others. */
        {"value 0x250 06072a850302022302\n", "gost2012-256", "CryptoPro-B",
         FAULT_UNSUPPORTED, FAULT_NONE},
        {"value 0x250 06092a8503070102010101\n", "gost2012-256", "TC26-256-A",
         FAULT_UNSUPPORTED, FAULT_NONE},
        {"value 0x250 06092a8503070102010201\n", "gost2012-256", NULL,
         FAULT_UNSUPPORTED, FAULT_NONE},
        {"value 0x250 06082a8648ce3d030107\n", "gost2012-256", NULL,
         FAULT_UNSUPPORTED, FAULT_NONE},
        {"without 0x250\nwithout 0x251\n", "gost2012-256", NULL,
         FAULT_UNSUPPORTED, FAULT_NONE},
        {"without 0x251\n", "gost2012-256", "CryptoPro-XchA", FAULT_NONE,
         FAULT_NONE},
        /* Such as do not tell what they are. */
        {"without 0x11\n", "gost2012-256", "CryptoPro-XchA", FAULT_UNSUPPORTED,
         FAULT_NONE},
        {"without 0x100\n", NULL, NULL, FAULT_UNSUPPORTED, FAULT_NONE},
        /* Keys of other kinds. */
        {"value 0x100 0000000000000000\n", NULL, NULL, FAULT_UNSUPPORTED,
         FAULT_NONE},
        {"value 0x100 0300000000000000\n", NULL, NULL, FAULT_UNSUPPORTED,
         FAULT_NONE},
        {"value 0x100 031032d400000000\n", "gost2012-512", NULL,
         FAULT_UNSUPPORTED, FAULT_NONE},
        /* Nonsense. */
        {"value 0x100 30\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x100\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"size 0x100 4096\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x250 0607\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x250 300706052a85030202\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x250\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"size 0x250 65\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"size 0x250 0xfffffffffffffffe\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x251 06\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x11 00\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"value 0x11\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"size 0x11 1048576\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"fail C_GetAttributeValue 0x30\n", NULL, NULL, 0, FAULT_TOKEN_ANSWER},
        {"fail C_GetAttributeValue 0x32\n", NULL, NULL, 0, FAULT_TOKEN_GONE},
    };
    const struct container_spec spec = {
        .folder_name = "k", .name = "k", .algorithm = algorithm_by_word(NULL)};
    struct container *made;
    char where[LOCATION_MAX];

    (void)state;
    tokens_new();
    assert_int_equal(pkcs11_medium.generate(tokens_place("serial=48e243b5"),
                                            &spec, NULL, &made),
                     FAULT_NONE);
    memcpy(where, made->info.where, sizeof where);
    container_free(&made);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct container_info info;

        print_message("# %s", i == 0 ? "as it is\n" : rows[i].settings);
        tokens_set(rows[i].settings);
        assert_int_equal(pkcs11_medium.describe(where, &info), rows[i].fault);
        if (rows[i].fault == FAULT_NONE) {
            assert_int_equal(info.refused, rows[i].refused);
            assert_true((info.kind == NULL) == (rows[i].kind == NULL));
            assert_true((info.curve == NULL) == (rows[i].curve == NULL));
            if (rows[i].kind != NULL)
                assert_string_equal(info.kind, rows[i].kind);
            if (rows[i].curve != NULL)
                assert_string_equal(info.curve, rows[i].curve);
            assert_true((info.algorithm != NULL) ==
                        (rows[i].refused == FAULT_NONE));
        }
        container_info_free(&info);
    }
    tokens_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_point),
        cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
