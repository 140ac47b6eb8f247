#include "keygen/scalar.h"

#include "keygen/secret.h"

#include <gmp.h>
#include <sodium.h>
#include <string.h>

enum {
    LIMB = sizeof(mp_limb_t),
    LIMBS_MAX = ALGORITHM_KEY_MAX / LIMB,
    /* Above every mpn_sec_*_itch of the sizes used here; checked. */
    SCRATCH_MAX = 16 * LIMBS_MAX
};

/* Everything that depends on a secret number; lives in secret memory. */
struct work {
    mp_limb_t a[LIMBS_MAX], b[LIMBS_MAX];
    mp_limb_t wide[2 * LIMBS_MAX];
    mp_limb_t scratch[SCRATCH_MAX];
};

static mp_size_t limbs_of(const struct algorithm *algorithm)
{
    return (mp_size_t)(algorithm->key_size / LIMB);
}

static void load(mp_limb_t *limbs, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        limbs[i / LIMB] |= (mp_limb_t)bytes[i] << 8 * (i % LIMB);
}

static void store(uint8_t *bytes, const mp_limb_t *limbs, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(limbs[i / LIMB] >> 8 * (i % LIMB));
}

/* The order, little-endian. */
static void order_bytes(const struct algorithm *algorithm,
                        uint8_t bytes[ALGORITHM_KEY_MAX])
{
    for (size_t i = 0; i < algorithm->key_size; i++)
        bytes[i] = algorithm->order[algorithm->key_size - 1 - i];
}

static void load_order(const struct algorithm *algorithm,
                       mp_limb_t q[LIMBS_MAX])
{
    uint8_t bytes[ALGORITHM_KEY_MAX];

    order_bytes(algorithm, bytes);
    memset(q, 0, LIMBS_MAX * sizeof q[0]);
    load(q, bytes, algorithm->key_size);
}

/* The low half of work->wide becomes wide mod divisor (public). */
static enum fault reduce(struct work *work, const mp_limb_t *divisor,
                         mp_size_t limbs)
{
    if (mpn_sec_div_r_itch(2 * limbs, limbs) > SCRATCH_MAX)
        return FAULT_LIBRARY;
    mpn_sec_div_r(work->wide, 2 * limbs, divisor, limbs, work->scratch);
    return FAULT_NONE;
}

enum fault scalar_multiply(const struct algorithm *algorithm, const uint8_t *a,
                           const uint8_t *b, uint8_t *out)
{
    const mp_size_t limbs = limbs_of(algorithm);
    struct work *work = secret_new(sizeof *work);
    enum fault fault = FAULT_LIBRARY;
    mp_limb_t q[LIMBS_MAX];

    if (work == NULL)
        return FAULT_MEMORY;
    if (mpn_sec_mul_itch(limbs, limbs) > SCRATCH_MAX)
        goto out;
    load_order(algorithm, q);
    load(work->a, a, algorithm->key_size);
    load(work->b, b, algorithm->key_size);
    mpn_sec_mul(work->wide, work->a, limbs, work->b, limbs, work->scratch);
    fault = reduce(work, q, limbs);
    if (fault == FAULT_NONE)
        store(out, work->wide, algorithm->key_size);
out:
    secret_free(&work);
    return fault;
}

enum fault scalar_reduce(const struct algorithm *algorithm, const uint8_t *wide,
                         size_t wide_size, uint8_t *out)
{
    const mp_size_t limbs = limbs_of(algorithm);
    enum fault fault = FAULT_ARGUMENT;
    struct work *work = NULL;
    mp_limb_t divisor[LIMBS_MAX];

    if (wide_size < algorithm->key_size + 8 ||
        wide_size > 2 * algorithm->key_size)
        return fault;
    work = secret_new(sizeof *work);
    if (work == NULL)
        return FAULT_MEMORY;
    load_order(algorithm, divisor);
    divisor[0]--; /* q is odd: nothing to borrow */
    load(work->wide, wide, wide_size);
    fault = reduce(work, divisor, limbs);
    if (fault != FAULT_NONE)
        goto out;
    if (mpn_sec_add_1_itch(limbs) > SCRATCH_MAX) {
        fault = FAULT_LIBRARY;
        goto out;
    }
    mpn_sec_add_1(work->wide, work->wide, limbs, 1, work->scratch);
    store(out, work->wide, algorithm->key_size);
out:
    secret_free(&work);
    return fault;
}

/* In variable time, of numbers that tell nothing: neither what they are nor
 * what is left of them in memory. out: the inverse, or 0 where there is none.
 */
static void invert_public(const struct algorithm *algorithm, const uint8_t *a,
                          uint8_t *out)
{
    const size_t size = algorithm->key_size;
    mpz_t number, order;

    mpz_inits(number, order, NULL);
    mpz_import(number, size, -1, 1, 0, 0, a);
    mpz_import(order, size, 1, 1, 0, 0, algorithm->order);
    if (mpz_invert(number, number, order) == 0)
        mpz_set_ui(number, 0);
    memset(out, 0, size);
    mpz_export(out, NULL, -1, 1, 0, 0, number);
    mpz_clears(number, order, NULL);
}

/* a^-1 = r (a r)^-1: with r at random, a r is any number as well as any other
 * (blinding). mpn_sec_invert takes fifty times as long. */
enum fault scalar_invert(const struct algorithm *algorithm, const uint8_t *a,
                         uint8_t *out)
{
    const size_t wide = algorithm->key_size + 8;
    uint8_t *r = secret_new(wide);
    uint8_t blind[ALGORITHM_KEY_MAX];
    enum fault fault = FAULT_MEMORY;

    if (r == NULL)
        return fault;
    fault = FAULT_ARGUMENT;
    if (!scalar_valid(algorithm, a))
        goto out;
    randombytes_buf(r, wide);
    fault = scalar_reduce(algorithm, r, wide, r);
    if (fault == FAULT_NONE)
        fault = scalar_multiply(algorithm, a, r, blind);
    if (fault != FAULT_NONE)
        goto out;
    invert_public(algorithm, blind, blind);
    fault = scalar_multiply(algorithm, blind, r, out);
out:
    secret_free(&r);
    return fault;
}

bool scalar_valid(const struct algorithm *algorithm, const uint8_t *a)
{
    uint8_t order[ALGORITHM_KEY_MAX];
    int below, zero;

    order_bytes(algorithm, order);
    below = sodium_compare(a, order, algorithm->key_size) < 0;
    zero = sodium_is_zero(a, algorithm->key_size);
    return (below & !zero) != 0;
}
