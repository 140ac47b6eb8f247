#include "tests/support/pfx_sample.h"

#include "keygen/keypair.h"
#include "tests/support/self_signed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void make_key(struct material_key *key,
                     const struct algorithm *algorithm, unsigned flags,
                     struct entropy *pool)
{
    key->algorithm = algorithm;
    key->flags = flags;
    snprintf(key->curve_oid, sizeof key->curve_oid, "%s", algorithm->curve_oid);
    assert_int_equal(keypair_make(algorithm, pool, key->scalar), FAULT_NONE);
    if (!algorithm->retired)
        key->certificate =
            self_signed_new(algorithm, key->scalar, algorithm->curve, 0);
}

static void add(struct pfx *pfx, const struct algorithm *algorithm,
                unsigned flags, struct entropy *pool)
{
    struct pfx_key *one = &pfx->key[pfx->keys++];

    make_key(&one->key, algorithm, flags, pool);
    one->not_after = PFX_SAMPLE_NOT_AFTER;
    snprintf(one->name, sizeof one->name, "Ключ № %zu (key)", pfx->keys);
}

struct pfx *pfx_sample_new(const struct algorithm *algorithm,
                           struct entropy *pool)
{
    struct pfx *pfx = NULL;

    assert_int_equal(pfx_new(&pfx), FAULT_NONE);
    add(pfx, algorithm, CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE, pool);
    return pfx;
}

void pfx_sample_add(struct pfx *pfx, const struct algorithm *algorithm,
                    struct entropy *pool)
{
    add(pfx, algorithm, CONTAINER_EXPORTABLE, pool);
}

void pfx_sample_add_certificate(struct pfx *pfx, struct entropy *pool)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t scalar[ALGORITHM_KEY_MAX];

    assert_int_equal(keypair_make(algorithm, pool, scalar), FAULT_NONE);
    pfx->certificate[pfx->certificates++] =
        self_signed_new(algorithm, scalar, algorithm->curve, 0);
}

static void compare_certificate(const struct certificate *a,
                                const struct certificate *b)
{
    assert_int_equal(a != NULL, b != NULL);
    if (a != NULL)
        assert_string_equal(a->thumbprint, b->thumbprint);
}

void pfx_sample_compare(const struct pfx *a, const struct pfx *b)
{
    assert_int_equal(a->keys, b->keys);
    assert_int_equal(a->certificates, b->certificates);
    for (size_t i = 0; i < a->keys; i++) {
        const struct material_key *x = &a->key[i].key, *y = &b->key[i].key;

        assert_ptr_equal(x->algorithm, y->algorithm);
        assert_int_equal(x->flags, y->flags);
        assert_string_equal(x->curve_oid, y->curve_oid);
        assert_memory_equal(x->scalar, y->scalar, x->algorithm->key_size);
        assert_string_equal(a->key[i].name, b->key[i].name);
        compare_certificate(x->certificate, y->certificate);
    }
    for (size_t i = 0; i < a->certificates; i++)
        compare_certificate(a->certificate[i], b->certificate[i]);
}
