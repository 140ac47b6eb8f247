/* Files of CryptoPro's kind by the word of a reader that shares nothing with
 * the writer. */
#include "tests/witness/witness_pfx.h"

#include "tests/support/pfx_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static const struct row {
    const char *word;
    bool signature;
    const char *algorithm, *agreement, *curve, *provider;
    uint32_t number;
} rows[] = {
    {"gost2012-256", false, "1.2.643.7.1.1.1.1", "1.2.643.7.1.1.6.1",
     "1.2.643.2.2.36.0",
     "Crypto-Pro GOST R 34.10-2012 Cryptographic Service Provider", 0xAA46},
    {"gost2012-256", true, "1.2.643.7.1.1.1.1", "1.2.643.7.1.1.1.1",
     "1.2.643.2.2.36.0",
     "Crypto-Pro GOST R 34.10-2012 Cryptographic Service Provider", 0x2E49},
    {"gost2012-512", false, "1.2.643.7.1.1.1.2", "1.2.643.7.1.1.6.2",
     "1.2.643.7.1.2.1.2.1",
     "Crypto-Pro GOST R 34.10-2012 Strong Cryptographic Service Provider",
     0xAA42},
};

static const uint8_t password[] = {'s', 0, 0x3F, 0x04, '1', 0};

static void write_file(const struct row *row, struct entropy *pool,
                       struct pfx **pfx, struct bytes *out)
{
    *pfx = pfx_sample_new(algorithm_by_word(row->word), pool);
    if (row->signature)
        (*pfx)->key[0].key.flags = CONTAINER_EXPORTABLE;
    snprintf((*pfx)->key[0].name, sizeof(*pfx)->key[0].name, "name 1");
    pfx_sample_add_certificate(*pfx, pool);
    bytes_init(out, PFX_MAX);
    assert_int_equal(pfx_write(*pfx, PFX_CRYPTOPRO, "sп1", pool, out),
                     FAULT_NONE);
}

static void compare(const struct row *row, const struct witness_pfx *said,
                    const struct pfx *pfx)
{
    const struct material_key *key = &pfx->key[0].key;

    assert_string_equal(said->algorithm, row->algorithm);
    assert_string_equal(said->agreement, row->agreement);
    assert_string_equal(said->curve, row->curve);
    assert_string_equal(said->provider, row->provider);
    assert_string_equal(said->name, "name 1");
    assert_string_equal(said->not_after, "20280101000000Z");
    assert_int_equal(said->number, row->number);
    assert_int_equal(said->attributes, row->signature ? 0x80 : 0xA0);
    assert_int_equal(said->key_spec, row->signature ? 2 : 1);
    assert_int_equal(said->size, key->algorithm->key_size);
    assert_memory_equal(said->scalar, key->scalar, said->size);
    assert_int_equal(said->keys, 1);
    assert_int_equal(said->certificates, 2);
    assert_int_equal(said->certificate.size, key->certificate->der.size);
    assert_memory_equal(said->certificate.at, key->certificate->der.data,
                        said->certificate.size);
}

static void test_rows(void **state)
{
    struct entropy *pool = NULL;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct witness_pfx said;
        struct pfx *pfx;
        struct bytes out;

        write_file(&rows[i], pool, &pfx, &out);
        assert_null(witness_pfx_open(&said, (struct span){out.data, out.size},
                                     (struct span){password, sizeof password}));
        compare(&rows[i], &said, pfx);
        free(said.plain);
        assert_string_equal(
            witness_pfx_open(&said, (struct span){out.data, out.size},
                             (struct span){password, sizeof password - 2}),
            "the checksum of the file is wrong");
        free(said.plain);
        bytes_free(&out);
        pfx_free(&pfx);
    }
    entropy_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
