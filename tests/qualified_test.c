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

static void test_authority(void **state)
{
    const char *missing = NULL;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){.authority = true});
    assert_int_equal(certificate_profile(pki.certificate, &missing),
                     FAULT_PROFILE);
    assert_string_equal(missing, "keyUsage");
    pki_free(&pki);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qualified),
        cmocka_unit_test(test_each_point),
        cmocka_unit_test(test_authority),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
