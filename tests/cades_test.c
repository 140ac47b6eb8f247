#include "keygen/cades.h"

#include "tests/support/cms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
            cms_sign(&pki, attached != 0, &cms);
            bytes_init(&content, 100);
            bytes_put(&content, "before:", 7);
            assert_int_equal(
                cades_verify(cms.data, cms.size, attached ? NULL : CMS_TEXT,
                             CMS_TEXT_SIZE, &content, &signer, &when),
                FAULT_NONE);
            assert_string_equal(signer->thumbprint,
                                pki.certificate->thumbprint);
            assert_true(when == PKI_NOW);
            assert_int_equal(content.size, 7 + (attached ? CMS_TEXT_SIZE : 0));
            if (attached)
                assert_memory_equal(content.data + 7, CMS_TEXT, CMS_TEXT_SIZE);
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
    char other[CMS_TEXT_SIZE];
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    cms_sign(&pki, true, &attached);
    cms_sign(&pki, false, &detached);
    bytes_init(&content, 100);
    for (size_t i = 0; i < CMS_TEXT_SIZE; i++) {
        memcpy(other, CMS_TEXT, CMS_TEXT_SIZE);
        other[i] ^= 1;
        assert_int_equal(cms_verify(detached.data, detached.size, other,
                                    CMS_TEXT_SIZE, &content),
                         FAULT_SIGNATURE);
        assert_int_equal(cms_verify(attached.data, attached.size, other,
                                    CMS_TEXT_SIZE, &content),
                         FAULT_SIGNATURE);
        assert_int_equal(
            cms_verify(detached.data, detached.size, CMS_TEXT, i, &content),
            FAULT_SIGNATURE);
    }
    /* Inside and beside, the same. */
    assert_int_equal(cms_verify(attached.data, attached.size, CMS_TEXT,
                                CMS_TEXT_SIZE, &content),
                     FAULT_NONE);
    /* Neither inside nor beside. */
    assert_int_equal(
        cms_verify(detached.data, detached.size, NULL, 0, &content),
        FAULT_SIGNATURE);
    assert_int_equal(content.size, 0);
    bytes_init(&none, CMS_TEXT_SIZE - 1);
    assert_int_equal(cms_verify(attached.data, attached.size, NULL, 0, &none),
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
    assert_int_equal(cades_sign(pki.key, other.certificate, CMS_TEXT,
                                CMS_TEXT_SIZE, false, PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, large.certificate, CMS_TEXT,
                                CMS_TEXT_SIZE, false, PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, pki.certificate, CMS_TEXT,
                                CMS_TEXT_SIZE, false, (time_t)INT64_MAX, &out),
                     FAULT_ARGUMENT);
    assert_int_equal(
        cades_sign(pki.key, pki.certificate, "", 0, false, PKI_NOW, &out),
        FAULT_ARGUMENT);
    assert_int_equal(cades_sign(pki.key, pki.certificate, CMS_TEXT,
                                CADES_MAX + 1, true, PKI_NOW, &out),
                     FAULT_TOO_LARGE);
    assert_int_equal(out.size, 0);
    bytes_init(&out, 100);
    assert_int_equal(cades_sign(pki.key, pki.certificate, CMS_TEXT,
                                CMS_TEXT_SIZE, false, PKI_NOW, &out),
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
    cms_sign(&pki, true, &cms);
    bytes_init(&content, 100);
    for (size_t i = 0; i < cms.size; i++)
        assert_int_equal(cms_verify(cms.data, i, NULL, 0, &content),
                         FAULT_SIGNATURE);
    bytes_put_byte(&cms, 0);
    assert_int_equal(cms_verify(cms.data, cms.size, NULL, 0, &content),
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
    cms_sign(&pki, true, &cms);
    for (size_t i = 0; i < cms.size; i++) {
        bytes_init(&content, 100);
        cms.data[i] ^= (uint8_t)(1 << i % 8);
        if (cms_verify(cms.data, cms.size, NULL, 0, &content) == FAULT_NONE) {
            unnoticed++;
            assert_int_equal(content.size, CMS_TEXT_SIZE);
            assert_memory_equal(content.data, CMS_TEXT, CMS_TEXT_SIZE);
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
    assert_int_equal(cms_verify(data, CADES_MAX + 1, NULL, 0, &content),
                     FAULT_TOO_LARGE);
    assert_int_equal(cms_verify(data, CADES_MAX, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(cms_verify(data, 0, NULL, 0, &content), FAULT_SIGNATURE);
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
