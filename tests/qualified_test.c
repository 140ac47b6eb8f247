#include "keygen/certificate.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_qualified(void **state)
{
    const char *missing = "unset";
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    assert_int_equal(certificate_profile(pki.certificate, &missing),
                     FAULT_NONE);
    assert_null(missing);
    pki_free(&pki);
}

static void test_each_point(void **state)
{
    static const char *const points[] = {
        "keyUsage",        "basicConstraints", "certificatePolicies",
        "subjectSignTool", "issuerSignTool",   "snils",
    };

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        const char *missing = NULL;
        struct pki pki;

        pki_make(&pki, &(struct pki_spec){.without = points[i]});
        assert_int_equal(certificate_profile(pki.certificate, &missing),
                         FAULT_PROFILE);
        assert_string_equal(missing, points[i]);
        pki_free(&pki);
    }
}

static const struct {
    const char *der;
    size_t size;
    bool good;
} kinds[] = {
    {"\x02\x01\x00", 3, true},      {"\x02\x01\x01", 3, true},
    {"\x02\x01\x03", 3, true},      {"\x02\x01\x04", 3, false},
    {"\x02\x01\xFF", 3, false},     {"\x02\x02\x00\x01", 4, false},
    {"\x02\x01\x01\x00", 4, false}, {"\x02\x00", 2, false},
    {"\x0A\x01\x01", 3, false},     {"\x0C\x01\x31", 3, false},
};

static void test_identification_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct certificate *one = NULL;
        gnutls_datum_t der = {NULL, 0};
        const char *missing = NULL;
        gnutls_x509_crt_t crt;
        struct pki pki;

        pki_make(&pki, &(struct pki_spec){0});
        crt = certificate_crt(pki.certificate);
        assert_true(
            gnutls_x509_crt_set_extension_by_oid(
                crt, "1.2.643.100.114", kinds[i].der, kinds[i].size, 0) >= 0);
        assert_true(gnutls_x509_crt_privkey_sign(
                        crt, crt, pki.key, pki.algorithm->digest, 0) >= 0);
        assert_true(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >=
                    0);
        assert_int_equal(certificate_read(der.data, der.size, &one),
                         FAULT_NONE);
        assert_int_equal(certificate_profile(one, &missing),
                         kinds[i].good ? FAULT_NONE : FAULT_PROFILE);
        if (!kinds[i].good)
            assert_string_equal(missing, "identificationKind");
        certificate_free(&one);
        gnutls_free(der.data);
        pki_free(&pki);
    }
}

static void test_authority(void **state)
{
    const char *missing = NULL;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){.authority = true});
    assert_int_equal(certificate_profile(pki.certificate, &missing),
                     FAULT_PROFILE);
    assert_string_equal(missing, "basicConstraints");
    pki_free(&pki);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qualified),
        cmocka_unit_test(test_each_point),
        cmocka_unit_test(test_identification_kind),
        cmocka_unit_test(test_authority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
