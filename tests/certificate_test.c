#include "keygen/certificate.h"

#include "tests/support/pki.h"

#include <gnutls/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* On the heap and exact, so that the sanitizer sees a step over the end. */
static enum fault read_exact(const uint8_t *data, size_t size,
                             struct certificate **one)
{
    uint8_t *copy = calloc(1, size + (size == 0));
    enum fault fault;

    assert_non_null(copy);
    memcpy(copy, data, size);
    fault = certificate_read(copy, size, one);
    free(copy);
    return fault;
}

static void test_fields(void **state)
{
    struct pki pki;
    const struct certificate *one;
    uint8_t hash[20];
    char text[THUMBPRINT_TEXT];
    size_t size = sizeof text;

    (void)state;
    pki_make(&pki, &(struct pki_spec){.key_until = PKI_NOW});
    one = pki.certificate;
    assert_ptr_equal(one->algorithm, algorithm_by_word(NULL));
    assert_true(one->not_before == PKI_FROM && one->not_after == PKI_UNTIL);
    assert_true(one->key_not_before == PKI_FROM);
    assert_true(one->key_not_after == PKI_NOW);
    assert_int_equal(strlen(one->serial), 8);
    assert_memory_equal(one->serial, "800000", 6); /* without the sign's 00 */
    assert_string_equal(one->subject.value[NAME_SNILS], "11223344595");
    assert_true(name_equal(&one->subject, &one->issuer));
    assert_true(gnutls_hash_fast(GNUTLS_DIG_SHA1, one->der.data, one->der.size,
                                 hash) >= 0);
    assert_true(gnutls_hex_encode(&(gnutls_datum_t){hash, sizeof hash}, text,
                                  &size) >= 0);
    assert_string_equal(one->thumbprint, text);
    pki_free(&pki);
}

static void test_signs_until(void **state)
{
    static const struct {
        time_t until, key_until, wanted;
    } rows[] = {
        {PKI_UNTIL, 0, PKI_UNTIL},
        {PKI_UNTIL, PKI_NOW, PKI_NOW},
        {PKI_NOW, PKI_UNTIL, PKI_NOW},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pki pki;

        pki_make(&pki, &(struct pki_spec){.until = rows[i].until,
                                          .key_until = rows[i].key_until});
        assert_true(certificate_signs_until(pki.certificate) == rows[i].wanted);
        pki_free(&pki);
    }
}

static void test_point(void **state)
{
    struct pki small, large;

    (void)state;
    pki_make(&small, &(struct pki_spec){.word = "gost2012-256"});
    pki_make(&large, &(struct pki_spec){.word = "gost2012-512"});
    assert_true(certificate_has_point(small.certificate, small.point, 64));
    assert_true(certificate_has_point(large.certificate, large.point, 128));
    assert_false(certificate_has_point(small.certificate, large.point, 64));
    assert_false(certificate_has_point(small.certificate, small.point, 63));
    assert_false(certificate_has_point(small.certificate, small.point, 128));
    assert_false(certificate_has_point(small.certificate, small.point, 0));
    for (size_t i = 0; i < 64; i++) {
        small.point[i] ^= 1;
        assert_false(certificate_has_point(small.certificate, small.point, 64));
        small.point[i] ^= 1;
    }
    pki_free(&small);
    pki_free(&large);
}

static void test_pem_and_copy(void **state)
{
    struct certificate *one = NULL, *copy = NULL;
    gnutls_datum_t pem = {NULL, 0};
    struct pki pki;
    struct bytes text;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    assert_true(gnutls_pem_base64_encode2("CERTIFICATE", &pki.certificate->der,
                                          &pem) >= 0);
    bytes_init(&text, 16 * 1024);
    bytes_put(&text, "words in front\n", 15);
    bytes_put(&text, pem.data, pem.size);
    bytes_put(&text, "words behind\n", 13);
    assert_int_equal(read_exact(text.data, text.size, &one), FAULT_NONE);
    assert_string_equal(one->thumbprint, pki.certificate->thumbprint);
    assert_int_equal(certificate_copy(one, &copy), FAULT_NONE);
    certificate_free(&one);
    assert_null(one);
    assert_string_equal(copy->thumbprint, pki.certificate->thumbprint);
    certificate_free(&copy);
    certificate_free(&copy);
    for (size_t i = 0; i + 30 < text.size; i += 7) {
        assert_int_not_equal(read_exact(text.data, i, &one), FAULT_NONE);
        assert_null(one);
    }
    bytes_free(&text);
    gnutls_free(pem.data);
    pki_free(&pki);
}

static void test_truncated(void **state)
{
    struct certificate *one = NULL;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    for (size_t i = 0; i < pki.certificate->der.size; i++) {
        assert_int_equal(read_exact(pki.certificate->der.data, i, &one),
                         FAULT_CERTIFICATE);
        assert_null(one);
    }
    pki_free(&pki);
}

/* Whatever comes out of a certificate with one bit wrong is bounded. */
static void test_every_byte_wrong(void **state)
{
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){.key_until = PKI_NOW});
    for (size_t i = 0; i < pki.certificate->der.size; i++) {
        uint8_t *at = pki.certificate->der.data + i;
        struct certificate *one = NULL;

        *at ^= (uint8_t)(1 << i % 8);
        if (read_exact(pki.certificate->der.data, pki.certificate->der.size,
                       &one) == FAULT_NONE) {
            assert_int_equal(strlen(one->thumbprint), 40);
            assert_in_range(strlen(one->serial), 2, 40);
            assert_string_not_equal(one->thumbprint,
                                    pki.certificate->thumbprint);
        } else {
            assert_null(one);
        }
        certificate_free(&one);
        *at ^= (uint8_t)(1 << i % 8);
    }
    pki_free(&pki);
}

static void test_junk(void **state)
{
    static const struct {
        const char *data;
        size_t size;
    } rows[] = {
        {"", 0},
        {"\0", 1},
        {"0", 1},
        {"\x30\x00", 2},
        {"\x30\x80\0\0", 4},
        {"\x30\x84\xFF\xFF\xFF\xFF", 6},
        {"-----BEGIN CERTIFICATE-----", 27},
        {"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 54},
        {"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", 59},
        {"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", 59},
        {"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", 59},
    };
    struct certificate *one = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            read_exact((const uint8_t *)rows[i].data, rows[i].size, &one),
            FAULT_CERTIFICATE);
        assert_null(one);
    }
}

static void test_something_behind(void **state)
{
    struct certificate *one = NULL;
    struct pki pki;
    uint8_t *data;
    size_t size;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    size = pki.certificate->der.size;
    data = calloc(1, size + 1);
    memcpy(data, pki.certificate->der.data, size);
    assert_int_equal(read_exact(data, size + 1, &one), FAULT_CERTIFICATE);
    free(data);
    pki_free(&pki);
}

static void test_bounds(void **state)
{
    uint8_t *data = calloc(1, 2 * CERTIFICATE_MAX + 1);
    struct certificate *one = NULL;

    (void)state;
    data[0] = 0x30;
    assert_int_equal(certificate_read(data, CERTIFICATE_MAX + 1, &one),
                     FAULT_TOO_LARGE);
    assert_int_equal(certificate_read(data, CERTIFICATE_MAX, &one),
                     FAULT_CERTIFICATE);
    data[0] = '-';
    assert_int_equal(certificate_read(data, 2 * CERTIFICATE_MAX + 1, &one),
                     FAULT_TOO_LARGE);
    assert_int_equal(certificate_read(data, 2 * CERTIFICATE_MAX, &one),
                     FAULT_CERTIFICATE);
    assert_null(one);
    free(data);
}

/* RFC 5280 4.1.2.2 gives a serial number 20 octets. */
static void test_long_serial(void **state)
{
    static const uint8_t serial[21] = {0x00, 0x80};

    (void)state;
    for (size_t extra = 0; extra <= 1; extra++) {
        const size_t skip = extra == 0 ? 1 : 0;
        gnutls_datum_t der = {NULL, 0};
        struct certificate *one = NULL;
        uint8_t number[22] = {0x00, 0x80};
        struct pki pki;

        memcpy(number + 1 - skip, serial, sizeof serial);
        pki_make(&pki, &(struct pki_spec){0});
        number[0] = extra == 0 ? 0x00 : 0x11;
        assert_true(gnutls_x509_crt_set_serial(certificate_crt(pki.certificate),
                                               number, sizeof serial) >= 0);
        assert_true(gnutls_x509_crt_privkey_sign(
                        certificate_crt(pki.certificate),
                        certificate_crt(pki.certificate), pki.key,
                        GNUTLS_DIG_STREEBOG_256, 0) >= 0);
        assert_true(gnutls_x509_crt_export2(certificate_crt(pki.certificate),
                                            GNUTLS_X509_FMT_DER, &der) >= 0);
        assert_int_equal(read_exact(der.data, der.size, &one),
                         extra == 0 ? FAULT_NONE : FAULT_CERTIFICATE);
        if (one != NULL)
            assert_int_equal(strlen(one->serial), 40);
        certificate_free(&one);
        gnutls_free(der.data);
        pki_free(&pki);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_signs_until),
        cmocka_unit_test(test_point),
        cmocka_unit_test(test_pem_and_copy),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_byte_wrong),
        cmocka_unit_test(test_junk),
        cmocka_unit_test(test_something_behind),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_long_serial),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
