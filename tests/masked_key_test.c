#include "token/container/masked_key.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

/* A published container of CSP with two keys ("jcnx"). */
#define FIELD_A                                                                \
    "ED09D5A5244C02D0F71B361BDE1FA72AFD29C6BF867BE3A0392FE2F1DBC5BC75"
#define FIELD_0                                                                \
    "EED9A5789F642A1A1ABD03CFB136FCF7D646020AEA333E1437D97C70347CE2AB"
#define MASK "ADF4166647178A023958F128EE9A3102133C0168946B217E22E556ED2981AD7F"
#define SALT "13368456DE015B3FCFF62D82"
#define MASKS "3036 0420" MASK "040C" SALT "0404 D2C35C84"

/* Their scalars, little-endian. */
#define SCALAR_A                                                               \
    "99 68 9D EE 02 97 34 1E BB 6E 0C 63 7C D5 45 8C"                          \
    "5D CC 95 3B 9F 58 EE D4 B3 EC DF FF 7A EA 02 52"
#define SCALAR_0                                                               \
    "3B BC 7A 31 BD 1D 54 10 3A F4 E7 6A 52 69 C0 55"                          \
    "0C 9C BF 3E 45 84 72 1B D5 AC 2C F5 27 CB 1E FF"

static const struct row {
    const char *what, *primary, *masks;
    enum fault fault;
    const char *scalar;
    size_t key;
} rows[] = {
    {"first key", "3022 0420" FIELD_A, MASKS, FAULT_NONE, SCALAR_A, 0},
    {"second key", "3022 0420" FIELD_0, MASKS, FAULT_NONE, SCALAR_0, 0},
    {"with a token's padding", "3022 0420" FIELD_A "FFFFFFFF", MASKS "FFFF",
     FAULT_NONE, SCALAR_A, 0},
    {"the first of both", "3044 0420" FIELD_A "8020" FIELD_0, MASKS, FAULT_NONE,
     SCALAR_A, 0},
    {"the second of both", "3044 0420" FIELD_A "8020" FIELD_0, MASKS,
     FAULT_NONE, SCALAR_0, 1},
    {"no second", "3022 0420" FIELD_A, MASKS, FAULT_DAMAGED, NULL, 1},
    {"a short second", "3043 0420" FIELD_A "801F" FIELD_0, MASKS, FAULT_DAMAGED,
     NULL, 1},
    {"format V1", "3028 0420" FIELD_A "0404 01020304", MASKS, FAULT_OLD_FORMAT,
     NULL, 0},
    {"nothing", "", "", FAULT_DAMAGED, NULL, 0},
    {"no masks", "3022 0420" FIELD_A, "", FAULT_DAMAGED, NULL, 0},
    {"no key", "", MASKS, FAULT_DAMAGED, NULL, 0},
    {"a short key", "3021 041F" FIELD_A, MASKS, FAULT_DAMAGED, NULL, 0},
    {"a key of 512 bits", "3042 0440" FIELD_A FIELD_A, MASKS, FAULT_DAMAGED,
     NULL, 0},
    {"something behind", "3024 0420" FIELD_A "0500", MASKS, FAULT_DAMAGED, NULL,
     0},
    {"another salt", "3022 0420" FIELD_A,
     "3036 0420" MASK "040C 13368456DE015B3FCFF62D83 0404 D2C35C84",
     FAULT_DAMAGED, NULL, 0},
    {"a short salt", "3022 0420" FIELD_A,
     "3035 0420" MASK "040B 13368456DE015B3FCFF62D 0404 D2C35C84",
     FAULT_DAMAGED, NULL, 0},
    {"a short checksum", "3022 0420" FIELD_A,
     "3035 0420" MASK "040C" SALT "0403 D2C35C", FAULT_DAMAGED, NULL, 0},
    {"a mask of 512 bits", "3022 0420" FIELD_A,
     "3056 0440" MASK MASK "040C" SALT "0404 D2C35C84", FAULT_DAMAGED, NULL, 0},
};

static struct container_password *password_new(const char *text)
{
    struct container_password *password;

    assert_int_equal(
        container_password_cells(text, CONTAINER_PASSWORD_UTF32, &password),
        FAULT_NONE);
    return password;
}

static void test_rows(void **state)
{
    struct container_password *password = password_new("");
    const struct algorithm *algorithm = algorithm_by_word("gost2012-256");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t scalar[32], expected[32];
        struct bytes primary, masks;
        struct masked_key_pair pair;

        print_message("# %s\n", rows[i].what);
        bytes_init(&primary, MASKED_KEY_MAX);
        bytes_init(&masks, MASKED_KEY_MAX);
        hex_put(&primary, rows[i].primary);
        hex_put(&masks, rows[i].masks);
        pair.primary = (struct der){primary.data, primary.size};
        pair.masks = (struct der){masks.data, masks.size};
        assert_int_equal(masked_key_open(suite_of(algorithm), algorithm, &pair,
                                         rows[i].key, password, scalar),
                         rows[i].fault);
        if (rows[i].scalar != NULL) {
            hex_read(expected, sizeof expected, rows[i].scalar);
            assert_memory_equal(scalar, expected, sizeof expected);
        }
        bytes_free(&primary);
        bytes_free(&masks);
    }
    secret_free(&password);
}

/* A mask of 0 or q has no inverse; its checksum is right all the same. */
static void test_bad_mask(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word("gost2012-256");
    uint8_t files[56], primary[36], scalar[32], mac[4];
    const struct masked_key_pair pair = {{primary, sizeof primary},
                                         {files, sizeof files}};
    struct container_password *password = password_new("");

    (void)state;
    hex_read(primary, sizeof primary, "3022 0420" FIELD_A);
    hex_read(files, sizeof files, MASKS);
    for (int zero = 0; zero < 2; zero++) {
        for (size_t i = 0; i < 32; i++)
            files[4 + i] = zero ? 0 : algorithm->order[31 - i];
        gost28147_mac(&gost28147_z, files + 4, files + 38, MASKED_KEY_SALT,
                      mac);
        memcpy(files + 52, mac, sizeof mac);
        assert_int_equal(masked_key_open(suite_of(algorithm), algorithm, &pair,
                                         0, password, scalar),
                         FAULT_DAMAGED);
    }
    secret_free(&password);
}

static void mask_and_back(const struct algorithm *algorithm,
                          struct entropy *pool, const char *text)
{
    struct container_password *password = password_new(text);
    uint8_t scalar[ALGORITHM_KEY_MAX], back[ALGORITHM_KEY_MAX];
    struct masked_key_files *a = secret_new(sizeof *a),
                            *b = secret_new(sizeof *b);
    const uint8_t *const scalars[] = {scalar};
    const size_t key = algorithm->key_size;
    struct masked_key_pair pair;

    assert_int_equal(keypair_make(algorithm, pool, scalar), FAULT_NONE);
    assert_int_equal(masked_key_make(algorithm, scalars, 1, pool, password, a),
                     FAULT_NONE);
    assert_int_equal(masked_key_make(algorithm, scalars, 1, pool, password, b),
                     FAULT_NONE);
    assert_int_equal(a->primary_size, key + 4);
    assert_int_equal(a->masks_size, key + 24);
    /* Mask, salt and what is masked are fresh each time. */
    assert_memory_not_equal(a->masks + 4, b->masks + 4, key);
    assert_memory_not_equal(a->masks + 6 + key, b->masks + 6 + key,
                            MASKED_KEY_SALT);
    assert_memory_not_equal(a->primary + 4, b->primary + 4, key);
    pair.primary = (struct der){a->primary, a->primary_size};
    pair.masks = (struct der){a->masks, a->masks_size};
    assert_int_equal(masked_key_open(suite_of(algorithm), algorithm, &pair, 0,
                                     password, back),
                     FAULT_NONE);
    assert_int_equal(password->derived, 2);
    assert_memory_equal(scalar, back, key);
    secret_free(&a);
    secret_free(&b);
    secret_free(&password);
}

static void test_round_trip(void **state)
{
    struct entropy *pool;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    for (const struct algorithm *const *one = algorithm_all(); *one; one++) {
        for (int i = 0; i < 20; i++)
            mask_and_back(*one, pool, "");
        mask_and_back(*one, pool, "pw");
    }
    entropy_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_bad_mask),
        cmocka_unit_test(test_round_trip),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
