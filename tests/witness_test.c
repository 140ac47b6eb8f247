/* What kep writes and reads, by the word of a reader that shares nothing with
 * it. */
#include "tests/witness/witness.h"

#include "keygen/keypair.h"
#include "tests/support/hex.h"
#include "tests/support/run.h"
#include "tests/support/scratch.h"
#include "tests/support/self_signed.h"
#include "token/material.h"
#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct entropy *pool;
static char location[LOCATION_MAX];
static const struct medium_ops *ops;

static int start(void **state)
{
    scratch_begin(state);
    if (entropy_new(&pool) != FAULT_NONE)
        return -1;
    return medium_find(scratch_folder, &ops, location) == FAULT_NONE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    entropy_free(&pool);
    return scratch_end(state);
}

/* --- containers of another program --------------------------------------- */

static void test_synthetic(void **state)
{
    static const struct {
        const char *folder, *password, *scalar;
    } rows[] = {
        {"tests/data/synthetic-2001-nopassword", NULL,
         "ef7e0b6af7a29a8925423398bfa845538af1041c8313c730fb9db9139bba4d65"},
        {"tests/data/synthetic-2001-password-secret", "secret",
         "d70636e4b6c114ff045d4cc8d1597cace24bd8f99a073cca9a9069077cc6c85f"},
        {"tests/data/synthetic-2012-256-nopassword", NULL,
         "2a9e1488650a3d44c4fa42510b8fee41e543db594f2a3e8cef92748eb077958e"},
        {"tests/data/synthetic-2012-256-password-qwerty123", "qwerty123",
         "e3216d22b6e4dcc160e0a399230b0e09e31458d4c37f3ff058e24dc63537a710"},
        {"tests/data/synthetic-2012-512A-password-qwerty123", "qwerty123",
         "e61f215a8012babd54562cab990c3f94b704a8082264fcdffa1fc99bc866dd51"
         "be4ecdadc6a920a0265fa3ec1078d7fae16e9cc7d1f29245e74c18caf522d922"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct witness witness;
        uint8_t scalar[GOST_NUMBER];

        assert_null(
            witness_open(&witness, rows[i].folder, rows[i].password, 2));
        assert_int_equal(2 * witness.key[0].size, strlen(rows[i].scalar));
        hex_read(scalar, witness.key[0].size, rows[i].scalar);
        assert_memory_equal(witness.key[0].scalar, scalar, witness.key[0].size);
        assert_string_equal(witness.name, "testcont");
        assert_string_equal(witness.not_after, "20271231235959Z");
        assert_false(witness.key[1].present);
        witness_close(&witness);
    }
}

/* --- containers of kep --------------------------------------------------- */

static const struct row {
    const char *folder_name, *word, *password;
    bool exportable, certified;
} rows[] = {
    {"a.000", "gost2012-256", NULL, true, false},
    {"b.000", "gost2012-512", NULL, true, true},
    {"c.000", "gost2012-256", "secret", false, true},
    {"d.000", "gost2012-512", "~ A longer one, 40 characters or so ~", true,
     true},
    {"e.000", "gost2012-256", "x", true, true},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* The path of the container; scalar and certificate are what is in it. */
static const char *make(const struct row *row, uint8_t *scalar,
                        struct certificate **certificate)
{
    struct container_spec spec = {.folder_name = row->folder_name,
                                  .name = "Проба 2",
                                  .algorithm = algorithm_by_word(row->word),
                                  .password = row->password,
                                  .exportable = row->exportable,
                                  .key_not_after = 1830297599};
    struct container *made;

    assert_int_equal(keypair_make(spec.algorithm, pool, scalar), FAULT_NONE);
    *certificate = row->certified ? self_signed_new(spec.algorithm, scalar,
                                                    spec.algorithm->curve, 0)
                                  : NULL;
    spec.certificate = *certificate;
    assert_int_equal(ops->store(location, &spec, scalar, pool, &made),
                     FAULT_NONE);
    container_free(&made);
    return scratch_file(row->folder_name);
}

/* OpenSSL verifies what kep signs, by the point that the witness computed. */
static void check_signature(const struct row *row,
                            const struct witness_key *witness)
{
    static const char text[] = "what is signed";
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)text,
                                 sizeof text - 1};
    const bool small = witness->size == 32;
    gnutls_datum_t signature;
    struct bytes key, output;
    struct container *one;
    char where[LOCATION_MAX + 16], *paths[2];

    snprintf(where, sizeof where, "%s/%s", location, row->folder_name);
    assert_int_equal(ops->open(where, row->password, &one), FAULT_NONE);
    assert_int_equal(gnutls_privkey_sign_data2(one->key,
                                               one->info.algorithm->sign, 0,
                                               &data, &signature),
                     0);
    container_free(&one);
    bytes_init(&key, 256);
    hex_put(&key, small ? "3066301f06082a85030701010101301306072a850302022400"
                          "06082a850307010102020343000440"
                        : "3081aa302106082a850307010101023015"
                          "06092a850307010201020106082a85030701010203"
                          "038184000481 80");
    bytes_put(&key, witness->x, witness->size);
    bytes_put(&key, witness->y, witness->size);
    scratch_write("key", key.data, key.size);
    scratch_write("signature", signature.data, signature.size);
    scratch_write("text", text, sizeof text - 1);
    paths[0] = strdup(scratch_file("key"));
    paths[1] = strdup(scratch_file("signature"));
    bytes_init(&output, 65536);
    if (run(&output,
            (const char *const[]){
                "openssl", "dgst", small ? "-md_gost12_256" : "-md_gost12_512",
                "-keyform", "DER", "-verify", paths[0], "-signature", paths[1],
                scratch_file("text"), NULL}) != 0)
        fail_msg("%s", (const char *)output.data);
    bytes_free(&output);
    bytes_free(&key);
    gnutls_free(signature.data);
    free(paths[0]);
    free(paths[1]);
}

static void test_written(void **state)
{
    static const char name[] = "\xCF\xF0\xEE\xE1\xE0 2"; /* CP1251 */

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        uint8_t scalar[ALGORITHM_KEY_MAX];
        struct certificate *certificate;
        const char *where = make(&rows[i], scalar, &certificate), *wrong;
        struct witness witness;

        wrong = witness_open(&witness, where, rows[i].password, 2);
        if (wrong != NULL)
            fail_msg("%s", wrong);
        assert_int_equal(witness.has_password, rows[i].password != NULL);
        assert_true(witness.has_reserve);
        assert_string_equal(witness.name, name);
        assert_string_equal(witness.not_after, "20271231235959Z");
        assert_int_equal(witness.key[0].attributes,
                         rows[i].exportable ? 0xA0 : 0x20);
        assert_memory_equal(witness.key[0].scalar, scalar, witness.key[0].size);
        assert_int_equal(witness.key[0].certificate.at != NULL,
                         rows[i].certified);
        check_signature(&rows[i], &witness.key[0]);
        witness_close(&witness);
        certificate_free(&certificate);
    }
}

static void test_wrong_password(void **state)
{
    struct witness witness;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        const char *where = scratch_file(rows[i].folder_name);

        if (rows[i].password == NULL)
            continue;
        assert_string_equal(witness_open(&witness, where, NULL, 2),
                            "a password is needed");
        witness_close(&witness);
        assert_string_equal(witness_open(&witness, where, "wrong", 2),
                            "the password is wrong");
        witness_close(&witness);
    }
}

/* --- two keys, and a password that changes -------------------------------- */

static const struct {
    const char *word, *password;
    unsigned flags[CONTAINER_KEYS];
    size_t keys;
} pairs[] = {
    {"gost2012-256",
     NULL,
     {CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE, CONTAINER_EXPORTABLE},
     2},
    {"gost2012-512",
     "secret",
     {CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE, 0},
     2},
    {"gost2001", NULL, {CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE, 0}, 1},
    {"gost2001",
     "secret",
     {CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE, CONTAINER_EXPORTABLE},
     2},
    {"gost2012-256", "secret", {CONTAINER_EXPORTABLE, 0}, 1},
};

static struct material *material_of(size_t row)
{
    struct material *material;

    assert_int_equal(material_new(&material), FAULT_NONE);
    snprintf(material->name, sizeof material->name, "two keys");
    material->key_not_after = 1830297599;
    material->keys = pairs[row].keys;
    for (size_t i = 0; i < material->keys; i++) {
        struct material_key *key = &material->key[i];

        key->algorithm = algorithm_find(pairs[row].word);
        assert_non_null(key->algorithm);
        key->flags = pairs[row].flags[i];
        assert_int_equal(keypair_make(key->algorithm, pool, key->scalar),
                         FAULT_NONE);
        if (i == 0)
            key->certificate = self_signed_new(key->algorithm, key->scalar,
                                               key->algorithm->curve, 0);
    }
    return material;
}

static void check_keys(const char *where, const char *password, size_t row,
                       const struct material *material)
{
    struct witness witness;
    const char *wrong = witness_open(&witness, where, password, 2);

    if (wrong != NULL)
        fail_msg("%s", wrong);
    assert_int_equal(witness.has_password, password != NULL);
    for (size_t i = 0; i < WITNESS_KEYS; i++) {
        const struct witness_key *key = &witness.key[i];

        assert_int_equal(key->present, i < material->keys);
        if (!key->present)
            continue;
        assert_int_equal(key->attributes, pairs[row].flags[i]);
        assert_int_equal(key->size, material->key[i].algorithm->key_size);
        assert_memory_equal(key->scalar, material->key[i].scalar, key->size);
        assert_int_equal(key->certificate.at != NULL,
                         material->key[i].certificate != NULL);
    }
    witness_close(&witness);
}

static void test_two_keys(void **state)
{
    static const char *const passwords[] = {"another", NULL, "secret"};

    (void)state;
    for (size_t row = 0; row < sizeof pairs / sizeof pairs[0]; row++) {
        struct material *material = material_of(row);
        const char *password = pairs[row].password;
        char name[16], where[LOCATION_MAX + 16];
        struct container *one;

        snprintf(name, sizeof name, "two%zu.000", row);
        assert_int_equal(
            ops->put_in(location, name, material, password, pool, &one),
            FAULT_NONE);
        snprintf(where, sizeof where, "%s", one->info.where);
        container_free(&one);
        check_keys(scratch_file(name), password, row, material);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(
                ops->set_password(where, password, passwords[i], pool),
                FAULT_NONE);
            password = passwords[i];
            check_keys(scratch_file(name), password, row, material);
        }
        material_free(&material);
    }
}

/* --- damaged ones --------------------------------------------------------- */

static size_t read_file(const char *path, uint8_t *data, size_t room)
{
    FILE *file = fopen(path, "rb");
    size_t size;

    assert_non_null(file);
    size = fread(data, 1, room, file);
    fclose(file);
    return size;
}

static bool refused(const char *where)
{
    struct witness witness;
    bool wrong = witness_open(&witness, where, NULL, 2) != NULL;

    witness_close(&witness);
    return wrong;
}

/* No byte of these files can be another one. The characters in name.key can:
 * they are under no checksum. */
static void test_damaged(void **state)
{
    static const char *const names[] = {"header.key", "masks.key", "masks2.key",
                                        "primary.key", "primary2.key"};
    uint8_t scalar[ALGORITHM_KEY_MAX], data[4096];
    struct certificate *certificate;
    struct row row = rows[1];
    char where[256], name[64];

    (void)state;
    row.folder_name = "damaged.000";
    snprintf(where, sizeof where, "%s", make(&row, scalar, &certificate));
    assert_false(refused(where));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size, step;

        snprintf(name, sizeof name, "damaged.000/%s", names[i]);
        size = read_file(scratch_file(name), data, sizeof data);
        step = size > 200 ? 7 : 1;
        for (size_t at = 0; at < size; at += step) {
            data[at] ^= 1;
            scratch_write(name, data, size);
            if (!refused(where))
                fail_msg("byte %zu of %s", at, names[i]);
            data[at] ^= 1;
        }
        scratch_write(name, data, size - 1);
        assert_true(refused(where));
        scratch_write(name, data, size);
        assert_false(refused(where));
        /* Padding as on a token, and other bytes. */
        memset(data + size, 0xFF, 16);
        scratch_write(name, data, size + 16);
        assert_false(refused(where));
        data[size + 7] = 0;
        scratch_write(name, data, size + 16);
        assert_true(refused(where));
        assert_int_equal(unlink(scratch_file(name)), 0);
        assert_true(refused(where));
        scratch_write(name, data, size);
    }
    certificate_free(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_synthetic),      cmocka_unit_test(test_written),
        cmocka_unit_test(test_wrong_password), cmocka_unit_test(test_two_keys),
        cmocka_unit_test(test_damaged),
    };

    return cmocka_run_group_tests(tests, start, end);
}
