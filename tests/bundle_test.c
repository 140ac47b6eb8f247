#include "keygen/bundle.h"

#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gnutls/pkcs7.h>

/* The leaf, its authority, the root, as one PKCS#7. */
static gnutls_datum_t make_pkcs7(const struct house *house, size_t count,
                                 gnutls_x509_crt_fmt_t format)
{
    const struct certificate *all[] = {house->leaf.certificate,
                                       house->ca.certificate,
                                       house->root.certificate};
    gnutls_datum_t out = {NULL, 0};
    gnutls_pkcs7_t pkcs7;

    assert_true(gnutls_pkcs7_init(&pkcs7) >= 0);
    for (size_t i = 0; i < count; i++)
        assert_true(gnutls_pkcs7_set_crt(pkcs7, certificate_crt(all[i % 3])) >=
                    0);
    assert_true(gnutls_pkcs7_export2(pkcs7, format, &out) >= 0);
    gnutls_pkcs7_deinit(pkcs7);
    return out;
}

static bool holds(const struct chain *chain, const struct certificate *one)
{
    for (size_t i = 0; i < chain->count; i++)
        if (strcmp(chain->certificate[i]->thumbprint, one->thumbprint) == 0)
            return true;
    return false;
}

static void test_pkcs7(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 2; i++) {
        gnutls_datum_t file = make_pkcs7(
            house, 3, i == 0 ? GNUTLS_X509_FMT_DER : GNUTLS_X509_FMT_PEM);
        struct chain chain = {.count = 0};

        assert_int_equal(bundle_read(&chain, file.data, file.size), FAULT_NONE);
        assert_int_equal(chain.count, 3);
        assert_true(holds(&chain, house->leaf.certificate));
        assert_true(holds(&chain, house->ca.certificate));
        assert_true(holds(&chain, house->root.certificate));
        chain_free(&chain);
        /* Cut off anywhere it is nothing. */
        for (size_t size = 0; size < file.size; size += 1 + size / 50) {
            enum fault fault;

            if (i == 1 && size > file.size - 3)
                break;
            fault = bundle_read(&chain, file.data, size);
            assert_int_equal(fault, FAULT_CERTIFICATE);
            assert_int_equal(chain.count, 0);
        }
        gnutls_free(file.data);
    }
}

static void test_counts(void **state)
{
    static const struct {
        size_t count, most;
        enum fault fault;
    } rows[] = {
        {1, 0, FAULT_NONE},
        {3, 0, FAULT_NONE},
        {CHAIN_MAX + 1, 0, FAULT_TOO_LARGE},
        {CHAIN_MAX + 1, CHAIN_ROOTS_MAX, FAULT_NONE},
        {CHAIN_ROOTS_MAX, CHAIN_ROOTS_MAX, FAULT_NONE},
        {CHAIN_ROOTS_MAX + 1, CHAIN_ROOTS_MAX, FAULT_TOO_LARGE},
    };
    struct house *house = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gnutls_datum_t file =
            make_pkcs7(house, rows[i].count, GNUTLS_X509_FMT_DER);
        struct chain chain = {.most = rows[i].most};

        assert_int_equal(bundle_read(&chain, file.data, file.size),
                         rows[i].fault);
        assert_int_equal(chain.count,
                         rows[i].fault == FAULT_NONE ? rows[i].count : 0);
        chain_free(&chain);
        gnutls_free(file.data);
    }
}

/* As OpenSSL writes one without anything in it. */
static void test_empty(void **state)
{
    static const uint8_t empty[] = {
        0x30, 0x23, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D,
        0x01, 0x07, 0x02, 0xA0, 0x16, 0x30, 0x14, 0x02, 0x01, 0x01,
        0x31, 0x00, 0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
        0xF7, 0x0D, 0x01, 0x07, 0x01, 0x31, 0x00};
    struct chain chain = {.count = 0};

    (void)state;
    assert_int_equal(bundle_read(&chain, empty, sizeof(empty)),
                     FAULT_NO_CERTIFICATE);
    assert_int_equal(chain.count, 0);
}

/* As it comes out of letters: without the lines of PEM. */
static void test_bare_base64(void **state)
{
    struct house *house = *state;
    gnutls_datum_t pkcs7 = make_pkcs7(house, 3, GNUTLS_X509_FMT_DER);
    const gnutls_datum_t *const rows[] = {&house->leaf.certificate->der,
                                          &pkcs7};

    for (size_t i = 0; i < 2; i++) {
        struct chain chain = {.count = 0};
        gnutls_datum_t text = {NULL, 0};

        assert_true(gnutls_base64_encode2(rows[i], &text) >= 0);
        assert_int_equal(bundle_read(&chain, text.data, text.size), FAULT_NONE);
        assert_int_equal(chain.count, i == 0 ? 1 : 3);
        chain_free(&chain);
        text.data[10] = '-';
        assert_int_equal(bundle_read(&chain, text.data, text.size),
                         FAULT_CERTIFICATE);
        assert_int_equal(chain.count, 0);
        gnutls_free(text.data);
    }
    gnutls_free(pkcs7.data);
}

/* What a chain holds already stays, whatever comes. */
static void test_appended(void **state)
{
    struct house *house = *state;
    const gnutls_datum_t *der = &house->leaf.certificate->der;
    gnutls_datum_t file = make_pkcs7(house, 3, GNUTLS_X509_FMT_DER);
    struct chain chain = {.count = 0};

    assert_int_equal(bundle_read(&chain, der->data, der->size), FAULT_NONE);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bundle_read(&chain, file.data, file.size), FAULT_NONE);
    assert_int_equal(chain.count, 7);
    assert_int_equal(bundle_read(&chain, file.data, file.size),
                     FAULT_TOO_LARGE);
    assert_int_equal(bundle_read(&chain, "x", 1), FAULT_CERTIFICATE);
    assert_int_equal(chain.count, 7);
    assert_string_equal(chain.certificate[0]->thumbprint,
                        house->leaf.certificate->thumbprint);
    chain_free(&chain);
    gnutls_free(file.data);
}

static void test_nothing(void **state)
{
    static const struct {
        const char *data;
        size_t size;
    } rows[] = {
        {"", 0},
        {"\x30", 1},
        {"\x30\x80", 2},
        {"\x30\x80\x06", 3},
        {"\x30\xFF\x06", 3},
        {"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 13},
        {"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01", 13},
        {"-----BEGIN PKCS7-----\n-----END PKCS7-----\n", 42},
        {"-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n", 43},
    };
    struct chain chain = {.count = 0};
    void *huge = calloc(1, BUNDLE_MAX + 1);

    (void)state;
    assert_non_null(huge);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(bundle_read(&chain, rows[i].data, rows[i].size),
                         FAULT_CERTIFICATE);
    assert_int_equal(bundle_read(&chain, huge, BUNDLE_MAX + 1),
                     FAULT_TOO_LARGE);
    assert_int_equal(chain.count, 0);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pkcs7),    cmocka_unit_test(test_counts),
        cmocka_unit_test(test_empty),    cmocka_unit_test(test_bare_base64),
        cmocka_unit_test(test_appended), cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, house_build, house_demolish);
}
