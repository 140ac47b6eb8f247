#include "tests/support/duo.h"

#include "tests/support/self_signed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { UNTIL = 1830297599 };

static void put_key(struct material_key *key, const char *kind, uint8_t byte,
                    unsigned flags)
{
    key->algorithm = algorithm_find(kind);
    key->flags = flags;
    memset(key->scalar, byte, key->algorithm->key_size);
    /* The highest byte: the scalar stays below every order. */
    key->scalar[key->algorithm->key_size - 1] = 1;
    if (!key->algorithm->retired)
        key->certificate = self_signed_new(key->algorithm, key->scalar,
                                           key->algorithm->curve, byte);
}

static struct material *new_material(void)
{
    struct chain chain = {.count = 0};
    struct material *material;

    assert_int_equal(material_new(&material), FAULT_NONE);
    snprintf(material->name, sizeof material->name, "Два ключа");
    material->key_not_after = UNTIL;
    for (uint8_t i = 1; i <= 2; i++) {
        const struct algorithm *algorithm = algorithm_by_word(NULL);
        const uint8_t scalar[ALGORITHM_KEY_MAX] = {i};

        assert_int_equal(
            chain_add(&chain,
                      self_signed_new(algorithm, scalar, algorithm->curve, 0)),
            FAULT_NONE);
    }
    assert_int_equal(material_set_chain(material, &chain), FAULT_NONE);
    chain_free(&chain);
    return material;
}

struct material *duo_new(const char *kind)
{
    struct material *material = new_material();

    put_key(&material->key[0], kind, 3,
            CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE);
    put_key(&material->key[1], kind, 4, CONTAINER_EXPORTABLE);
    material->keys = 2;
    return material;
}

struct material *duo_signature_new(const char *kind)
{
    struct material *material = new_material();

    put_key(&material->key[0], kind, 5, CONTAINER_EXPORTABLE);
    material->keys = 1;
    return material;
}
