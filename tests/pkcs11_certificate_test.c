/* Certificates beside keys on a token: the medium "pkcs11:" on the tests' own
 * module. */
#include "token/pkcs11/pkcs11_certificate.h"

#include "tests/support/pki.h"
#include "tests/support/tokens.h"
#include "token/pkcs11/pkcs11_medium.h"
#include "token/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FIRST TOKENS_FIRST

static const struct medium_ops *const ops = &pkcs11_medium;

struct seen {
    size_t good, bad;
    enum fault fault;
    char where[LOCATION_MAX];
    char thumbprint[THUMBPRINT_TEXT];
};

static enum fault see(void *context, const char *where, enum fault fault,
                      const struct container_info *info)
{
    struct seen *seen = context;

    if (info == NULL) {
        seen->bad++;
        seen->fault = fault;
        return FAULT_NONE;
    }
    seen->good++;
    assert_string_equal(where, info->where);
    memcpy(seen->where, where, sizeof seen->where);
    if (info->certificate != NULL)
        memcpy(seen->thumbprint, info->certificate->thumbprint,
               THUMBPRINT_TEXT);
    return FAULT_NONE;
}

static void test_certificate(void **state)
{
    struct certificate *old, *next;
    struct container *container;
    struct container_report *report;
    struct seen seen = {0};

    (void)state;
    tokens_new();
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "k", NULL, &container),
        FAULT_NONE);
    old = tokens_certify(container, PKI_UNTIL);
    next = tokens_certify(container, PKI_UNTIL + 1);
    assert_int_equal(ops->write_certificate(container->info.where, old),
                     FAULT_NONE);
    assert_int_equal(ops->list(tokens_place(FIRST), see, &seen), FAULT_NONE);
    assert_int_equal(seen.good, 1);
    assert_string_equal(seen.thumbprint, old->thumbprint);
    /* The same once more is no second one. */
    assert_int_equal(ops->write_certificate(container->info.where, old),
                     FAULT_NONE);
    assert_int_equal(tokens_calls("C_CreateObject"), 1);
    assert_int_equal(ops->write_certificate(container->info.where, next),
                     FAULT_NONE);
    assert_int_equal(tokens_calls("C_DestroyObject"), 1);
    assert_int_equal(
        ops->inspect(container->info.where, MEDIUM_WHOLE, NULL, &report),
        FAULT_NONE);
    assert_int_equal(report->keys, 1);
    assert_int_equal(report->key[0].certificate, CHECK_GOOD);
    assert_true(report->whole);
    assert_string_equal(report->key[0].info.certificate->thumbprint,
                        next->thumbprint);
    report_free(&report);
    container_free(&container);
    assert_int_equal(ops->open(seen.where, NULL, &container), FAULT_NONE);
    assert_string_equal(container->info.certificate->thumbprint,
                        next->thumbprint);
    container_free(&container);
    certificate_free(&old);
    certificate_free(&next);
    tokens_end();
}

/* Old or new, whatever fails; both, and the later one counts. */
static void test_certificate_fails(void **state)
{
    static const struct {
        const char *settings;
        enum fault fault;
    } rows[] = {
        {"fail C_CreateObject 0x31\n", FAULT_TOKEN_SPACE},
        {"fail C_CreateObject 0x32\n", FAULT_TOKEN_GONE},
        {"fail C_CreateObject 0xd0\n", FAULT_TOKEN_REFUSED},
        {"fail C_Login 0xa0\n", FAULT_PIN_WRONG},
        {"fail C_OpenSession 0xe2\n", FAULT_READ_ONLY},
        {"absent 0\n", FAULT_NO_TOKEN},
        {"fail C_DestroyObject 0x30\n", FAULT_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *old, *next;
        struct container *container;
        char where[LOCATION_MAX];
        struct seen seen = {0};

        print_message("# %s", rows[i].settings);
        tokens_new();
        assert_int_equal(
            tokens_generate(tokens_place(FIRST), "k", NULL, &container),
            FAULT_NONE);
        old = tokens_certify(container, PKI_UNTIL);
        next = tokens_certify(container, PKI_UNTIL + 1);
        memcpy(where, container->info.where, sizeof where);
        assert_int_equal(ops->write_certificate(where, old), FAULT_NONE);
        container_free(&container);
        tokens_set(rows[i].settings);
        tokens_pins(TOKENS_PIN, NULL, false);
        assert_int_equal(ops->write_certificate(where, next), rows[i].fault);
        tokens_set("");
        assert_int_equal(ops->list(where, see, &seen), FAULT_NONE);
        assert_string_equal(seen.thumbprint, rows[i].fault == FAULT_NONE
                                                 ? next->thumbprint
                                                 : old->thumbprint);
        certificate_free(&old);
        certificate_free(&next);
        tokens_end();
    }
}

/* Said to be done, and not to be seen. */
static void test_certificate_hidden(void **state)
{
    struct certificate *certificate;
    struct container *container;
    char where[LOCATION_MAX];
    struct seen seen = {0};

    (void)state;
    tokens_new();
    assert_int_equal(
        tokens_generate(tokens_place(FIRST), "k", NULL, &container),
        FAULT_NONE);
    certificate = tokens_certify(container, PKI_UNTIL);
    memcpy(where, container->info.where, sizeof where);
    container_free(&container);
    tokens_set("hidden\n");
    assert_int_equal(ops->write_certificate(where, certificate),
                     FAULT_TOKEN_REFUSED);
    assert_int_equal(tokens_calls("C_CreateObject"), 1);
    assert_int_equal(tokens_calls("C_DestroyObject"), 1);
    tokens_set("");
    assert_int_equal(ops->list(where, see, &seen), FAULT_NONE);
    assert_int_equal(seen.good, 1);
    assert_string_equal(seen.thumbprint, "");
    /* What the module calls the new one may be the key. */
    tokens_set("hidden\ncareless\n");
    assert_int_equal(ops->write_certificate(where, certificate),
                     FAULT_TOKEN_REFUSED);
    assert_int_equal(tokens_calls("C_DestroyObject"), 1);
    tokens_set("");
    assert_int_equal(ops->open(where, NULL, &container), FAULT_NONE);
    container_free(&container);
    certificate_free(&certificate);
    tokens_end();
}

/* A certificate of another key under the id is told and is not used. */
static void test_misfit(void **state)
{
    struct container *one, *other;
    struct container_report *report;
    struct container_info info;
    struct certificate *certificate;
    char where[LOCATION_MAX];

    (void)state;
    tokens_new();
    assert_int_equal(tokens_generate(tokens_place(FIRST), "k", NULL, &one),
                     FAULT_NONE);
    assert_int_equal(tokens_generate(tokens_place(FIRST), "l", NULL, &other),
                     FAULT_NONE);
    memcpy(where, one->info.where, sizeof where);
    certificate = tokens_certify(other, PKI_UNTIL);
    assert_int_equal(ops->write_certificate(where, certificate), FAULT_NONE);
    container_free(&one);
    container_free(&other);
    assert_int_equal(ops->describe(where, &info), FAULT_NONE);
    assert_true(info.misfit);
    container_info_free(&info);
    assert_int_equal(ops->open(where, NULL, &one), FAULT_KEY_MISMATCH);
    assert_int_equal(ops->inspect(where, MEDIUM_WHOLE, NULL, &report),
                     FAULT_NONE);
    assert_false(report->whole);
    report_free(&report);
    /* Of a key that is not computed here it cannot be said. */
    tokens_set("value 0x100 0000000000000000\n");
    assert_int_equal(ops->describe(where, &info), FAULT_NONE);
    assert_non_null(info.certificate);
    assert_null(info.algorithm);
    assert_false(info.misfit);
    container_info_free(&info);
    assert_int_equal(ops->inspect(where, MEDIUM_WHOLE, NULL, &report),
                     FAULT_NONE);
    assert_int_equal(report->key[0].certificate, CHECK_NOT_MADE);
    report_free(&report);
    certificate_free(&certificate);
    tokens_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_certificate_fails),
        cmocka_unit_test(test_certificate_hidden),
        cmocka_unit_test(test_misfit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
