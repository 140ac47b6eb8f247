#include "keygen/scalar.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <gmp.h>
#include <sodium.h>
#include <string.h>

enum { ROUNDS = 200, MAX = ALGORITHM_KEY_MAX };

static void to_mpz(mpz_t out, const uint8_t *bytes, size_t size)
{
    mpz_import(out, size, -1, 1, 0, 0, bytes);
}

static void from_mpz(uint8_t *bytes, size_t size, const mpz_t in)
{
    memset(bytes, 0, size);
    mpz_export(bytes, NULL, -1, 1, 0, 0, in);
}

static void order(mpz_t out, const struct algorithm *algorithm)
{
    mpz_import(out, algorithm->key_size, 1, 1, 0, 0, algorithm->order);
}

/* q + offset, little-endian. */
static void near_order(const struct algorithm *algorithm, long offset,
                       uint8_t *bytes)
{
    mpz_t q;

    mpz_init(q);
    order(q, algorithm);
    if (offset < 0)
        mpz_sub_ui(q, q, (unsigned long)-offset);
    else
        mpz_add_ui(q, q, (unsigned long)offset);
    from_mpz(bytes, algorithm->key_size, q);
    mpz_clear(q);
}

static void each(void (*check)(const struct algorithm *algorithm))
{
    for (const struct algorithm *const *one = algorithm_all(); *one; one++)
        check(*one);
}

static void check_valid(const struct algorithm *algorithm)
{
    uint8_t a[MAX] = {0};

    assert_false(scalar_valid(algorithm, a));
    a[0] = 1;
    assert_true(scalar_valid(algorithm, a));
    memset(a, 0, sizeof a);
    a[algorithm->key_size - 1] = 1;
    assert_true(scalar_valid(algorithm, a));
    near_order(algorithm, -1, a);
    assert_true(scalar_valid(algorithm, a));
    near_order(algorithm, 0, a);
    assert_false(scalar_valid(algorithm, a));
    near_order(algorithm, 1, a);
    assert_false(scalar_valid(algorithm, a));
    memset(a, 0xFF, sizeof a);
    assert_false(scalar_valid(algorithm, a));
}

/* Beside GMP's ordinary numbers, the operands at random and at the edges. */
static void check_multiply(const struct algorithm *algorithm)
{
    const size_t size = algorithm->key_size;
    uint8_t a[MAX], b[MAX], out[MAX], expected[MAX];
    mpz_t x, y, q;

    mpz_inits(x, y, q, NULL);
    order(q, algorithm);
    for (int i = 0; i < ROUNDS; i++) {
        randombytes_buf(a, size);
        randombytes_buf(b, size);
        if (i < 4)
            memset(a, i & 1 ? 0xFF : 0, size);
        if (i < 2)
            memset(b, 0xFF, size);
        if (i == 5)
            near_order(algorithm, 0, a);
        to_mpz(x, a, size);
        to_mpz(y, b, size);
        mpz_mul(x, x, y);
        mpz_mod(x, x, q);
        from_mpz(expected, size, x);
        assert_int_equal(scalar_multiply(algorithm, a, b, out), FAULT_NONE);
        assert_memory_equal(out, expected, size);
        assert_int_equal(scalar_multiply(algorithm, a, b, b), FAULT_NONE);
        assert_memory_equal(b, expected, size);
    }
    mpz_clears(x, y, q, NULL);
}

static void check_invert(const struct algorithm *algorithm)
{
    const size_t size = algorithm->key_size;
    uint8_t a[MAX], inverse[MAX], one[MAX] = {1};

    for (int i = 0; i < ROUNDS; i++) {
        randombytes_buf(a, size);
        a[size - 1] &= 0x7F;
        if (i == 0)
            memcpy(a, one, size);
        if (i == 1)
            near_order(algorithm, -1, a);
        assert_int_equal(scalar_invert(algorithm, a, inverse), FAULT_NONE);
        assert_true(scalar_valid(algorithm, inverse));
        assert_int_equal(scalar_multiply(algorithm, a, inverse, a), FAULT_NONE);
        assert_memory_equal(a, one, size);
    }
    memset(a, 0, size);
    assert_int_equal(scalar_invert(algorithm, a, inverse), FAULT_ARGUMENT);
    near_order(algorithm, 0, a);
    assert_int_equal(scalar_invert(algorithm, a, inverse), FAULT_ARGUMENT);
    near_order(algorithm, 1, a);
    assert_int_equal(scalar_invert(algorithm, a, inverse), FAULT_ARGUMENT);
}

static void check_reduce(const struct algorithm *algorithm)
{
    const size_t size = algorithm->key_size;
    uint8_t wide[2 * MAX + 1], out[MAX], expected[MAX];
    mpz_t x, q;

    mpz_inits(x, q, NULL);
    order(q, algorithm);
    mpz_sub_ui(q, q, 1);
    for (size_t wide_size = size + 8; wide_size <= 2 * size; wide_size++) {
        randombytes_buf(wide, wide_size);
        if (wide_size == size + 9)
            memset(wide, 0, wide_size);
        if (wide_size == size + 10) {
            memset(wide, 0, wide_size);
            near_order(algorithm, -1, wide);
        }
        to_mpz(x, wide, wide_size);
        mpz_mod(x, x, q);
        mpz_add_ui(x, x, 1);
        from_mpz(expected, size, x);
        assert_int_equal(scalar_reduce(algorithm, wide, wide_size, out),
                         FAULT_NONE);
        assert_memory_equal(out, expected, size);
        assert_true(scalar_valid(algorithm, out));
    }
    assert_int_equal(scalar_reduce(algorithm, wide, size + 7, out),
                     FAULT_ARGUMENT);
    assert_int_equal(scalar_reduce(algorithm, wide, 2 * size + 1, out),
                     FAULT_ARGUMENT);
    mpz_clears(x, q, NULL);
}

static void test_valid(void **state)
{
    (void)state;
    each(check_valid);
}

static void test_multiply(void **state)
{
    (void)state;
    each(check_multiply);
}

static void test_invert(void **state)
{
    (void)state;
    each(check_invert);
}

static void test_reduce(void **state)
{
    (void)state;
    each(check_reduce);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_multiply),
        cmocka_unit_test(test_invert),
        cmocka_unit_test(test_reduce),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
