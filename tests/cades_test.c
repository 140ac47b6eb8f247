#include "keygen/cades.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "Прошу выдать сертификат.";

enum { TEXT = sizeof text - 1 };

/* Verify from memory that is exact, so that the sanitizer sees a step over
 * the end; what comes out goes. */
static enum fault verify(const void *cms, size_t cms_size, const void *data,
                         size_t size, struct bytes *content)
{
    uint8_t *copy = calloc(1, cms_size + (cms_size == 0));
    struct certificate *signer = NULL;
    enum fault fault;
    time_t when;

    assert_non_null(copy);
    memcpy(copy, cms, cms_size);
    fault = cades_verify(copy, cms_size, data, size, content, &signer, &when);
    assert_int_equal(signer != NULL, fault == FAULT_NONE);
    certificate_free(&signer);
    free(copy);
    return fault;
}

static void sign(const struct pki *pki, bool attached, struct bytes *out)
{
    bytes_init(out, CADES_MAX);
    assert_int_equal(cades_sign(pki->key, pki->certificate, text, TEXT,
                                attached, PKI_NOW, out),
                     FAULT_NONE);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        for (int attached = 0; attached <= 1; attached++) {
            struct certificate *signer = NULL;
            struct bytes cms, content;
            struct pki pki;
            time_t when = 0;

            pki_make(&pki, &(struct pki_spec){.word = (*one)->word});
            sign(&pki, attached != 0, &cms);
            bytes_init(&content, 100);
            bytes_put(&content, "before:", 7);
            assert_int_equal(cades_verify(cms.data, cms.size,
                                          attached ? NULL : text, TEXT,
                                          &content, &signer, &when),
                             FAULT_NONE);
            assert_string_equal(signer->thumbprint,
                                pki.certificate->thumbprint);
            assert_true(when == PKI_NOW);
            assert_int_equal(content.size, 7 + (attached ? TEXT : 0));
            if (attached)
                assert_memory_equal(content.data + 7, text, TEXT);
            certificate_free(&signer);
            bytes_free(&content);
            bytes_free(&cms);
            pki_free(&pki);
        }
    }
}

static void test_content(void **state)
{
    struct bytes attached, detached, content, none;
    char other[TEXT];
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &attached);
    sign(&pki, false, &detached);
    bytes_init(&content, 100);
    for (size_t i = 0; i < TEXT; i++) {
        memcpy(other, text, TEXT);
        other[i] ^= 1;
        assert_int_equal(
            verify(detached.data, detached.size, other, TEXT, &content),
            FAULT_SIGNATURE);
        assert_int_equal(
            verify(attached.data, attached.size, other, TEXT, &content),
            FAULT_SIGNATURE);
        assert_int_equal(
            verify(detached.data, detached.size, text, i, &content),
            FAULT_SIGNATURE);
    }
    /* Inside and beside, the same. */
    assert_int_equal(verify(attached.data, attached.size, text, TEXT, &content),
                     FAULT_NONE);
    /* Neither inside nor beside. */
    assert_int_equal(verify(detached.data, detached.size, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(content.size, 0);
    bytes_init(&none, TEXT - 1);
    assert_int_equal(verify(attached.data, attached.size, NULL, 0, &none),
                     FAULT_TOO_LARGE);
    bytes_free(&none);
    bytes_free(&content);
    bytes_free(&attached);
    bytes_free(&detached);
    pki_free(&pki);
}

static void test_refuses_to_sign(void **state)
{
    struct pki pki, other, large;
    struct bytes out;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    pki_make(&other, &(struct pki_spec){0});
    pki_make(&large, &(struct pki_spec){.word = "gost2012-512"});
    bytes_init(&out, CADES_MAX);
    assert_int_equal(cades_sign(pki.key, other.certificate, text, TEXT, false,
                                PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, large.certificate, text, TEXT, false,
                                PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, pki.certificate, text, TEXT, false,
                                (time_t)INT64_MAX, &out),
                     FAULT_ARGUMENT);
    assert_int_equal(
        cades_sign(pki.key, pki.certificate, "", 0, false, PKI_NOW, &out),
        FAULT_ARGUMENT);
    assert_int_equal(cades_sign(pki.key, pki.certificate, text, CADES_MAX + 1,
                                true, PKI_NOW, &out),
                     FAULT_TOO_LARGE);
    assert_int_equal(out.size, 0);
    bytes_init(&out, 100);
    assert_int_equal(
        cades_sign(pki.key, pki.certificate, text, TEXT, false, PKI_NOW, &out),
        FAULT_TOO_LARGE);
    bytes_free(&out);
    pki_free(&pki);
    pki_free(&other);
    pki_free(&large);
}

static void test_truncated(void **state)
{
    struct bytes cms, content;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &cms);
    bytes_init(&content, 100);
    for (size_t i = 0; i < cms.size; i++)
        assert_int_equal(verify(cms.data, i, NULL, 0, &content),
                         FAULT_SIGNATURE);
    bytes_put_byte(&cms, 0);
    assert_int_equal(verify(cms.data, cms.size, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(content.size, 0);
    bytes_free(&cms);
    pki_free(&pki);
}

/* Two versions and the set of digest algorithms are not signed and say
 * nothing; any other bit that is wrong is noticed. */
static void test_every_byte_wrong(void **state)
{
    struct bytes cms, content;
    unsigned unnoticed = 0;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &cms);
    for (size_t i = 0; i < cms.size; i++) {
        bytes_init(&content, 100);
        cms.data[i] ^= (uint8_t)(1 << i % 8);
        if (verify(cms.data, cms.size, NULL, 0, &content) == FAULT_NONE) {
            unnoticed++;
            assert_int_equal(content.size, TEXT);
            assert_memory_equal(content.data, text, TEXT);
        }
        cms.data[i] ^= (uint8_t)(1 << i % 8);
        bytes_free(&content);
    }
    assert_in_range(unnoticed, 0, 2 + 12);
    bytes_free(&cms);
    pki_free(&pki);
}

static void test_bounds(void **state)
{
    uint8_t *data = calloc(1, CADES_MAX + 1);
    struct bytes content;

    (void)state;
    bytes_init(&content, 10);
    assert_int_equal(verify(data, CADES_MAX + 1, NULL, 0, &content),
                     FAULT_TOO_LARGE);
    assert_int_equal(verify(data, CADES_MAX, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(verify(data, 0, NULL, 0, &content), FAULT_SIGNATURE);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_refuses_to_sign),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_byte_wrong),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
