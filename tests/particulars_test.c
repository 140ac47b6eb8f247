#include "keygen/particulars.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pki person;

static int set_up(void **state)
{
    (void)state;
    pki_make(&person, &(struct pki_spec){.word = NULL});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pki_free(&person);
    return 0;
}

/* The person's certificate once more with extensions as bytes. */
struct extra {
    const char *oid;
    const char *value;
    size_t size;
};

static void set_key(gnutls_x509_crt_t crt)
{
    gnutls_pubkey_t key;

    assert_true(gnutls_pubkey_init(&key) >= 0);
    assert_true(gnutls_pubkey_import_privkey(key, person.key, 0, 0) >= 0);
    assert_true(gnutls_x509_crt_set_pubkey(crt, key) >= 0);
    gnutls_pubkey_deinit(key);
}

static struct particulars *with(const struct extra *extra, size_t count)
{
    struct certificate *certificate = NULL;
    struct particulars *all;
    gnutls_datum_t der = {NULL, 0};
    gnutls_x509_crt_t crt;

    assert_true(gnutls_x509_crt_init(&crt) >= 0);
    assert_true(gnutls_x509_crt_set_version(crt, 3) >= 0);
    assert_true(gnutls_x509_crt_set_serial(crt, "\x01", 1) >= 0);
    assert_true(gnutls_x509_crt_set_dn(crt, "CN=x", NULL) >= 0);
    assert_true(gnutls_x509_crt_set_activation_time(crt, PKI_FROM) >= 0);
    assert_true(gnutls_x509_crt_set_expiration_time(crt, PKI_UNTIL) >= 0);
    for (size_t i = 0; i < count; i++)
        assert_true(gnutls_x509_crt_set_extension_by_oid(
                        crt, extra[i].oid, extra[i].value,
                        (unsigned)extra[i].size, 0) >= 0);
    set_key(crt);
    assert_true(gnutls_x509_crt_privkey_sign(crt, crt, person.key,
                                             person.algorithm->digest, 0) >= 0);
    assert_true(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0);
    assert_int_equal(certificate_read(der.data, der.size, &certificate),
                     FAULT_NONE);
    all = particulars_read(certificate);
    assert_non_null(all);
    certificate_free(&certificate);
    gnutls_free(der.data);
    gnutls_x509_crt_deinit(crt);
    return all;
}

#define ROW(oid, bytes)                                                        \
    {                                                                          \
        oid, bytes, sizeof bytes - 1                                           \
    }

static void test_nothing(void **state)
{
    struct particulars *all = with(NULL, 0);

    (void)state;
    for (int i = 0; i < USAGE_COUNT; i++)
        assert_false(all->usage[i]);
    assert_false(all->authority);
    assert_int_equal(all->purposes.count + all->policies.count +
                         all->revocation.count + all->ocsp.count +
                         all->issuers.count,
                     0);
    assert_int_equal(all->identification_kind, -1);
    assert_string_equal(all->subject_tool, "");
    assert_string_equal(all->key_id, "");
    free(all);
}

static void test_person(void **state)
{
    struct particulars *all = particulars_read(person.certificate);

    (void)state;
    assert_non_null(all);
    assert_true(all->usage[USAGE_DIGITAL_SIGNATURE]);
    assert_true(all->usage[USAGE_NON_REPUDIATION]);
    assert_false(all->usage[USAGE_KEY_CERT_SIGN]);
    assert_int_equal(all->policies.count, 1);
    assert_string_equal(all->policies.oid[0], "1.2.643.100.113.1");
    assert_true(all->subject_tool[0] != '\0');
    for (int i = 0; i < TOOL_COUNT; i++)
        assert_true(all->issuer_tool[i][0] != '\0');
    free(all);
}

/* Each by hand, as RFC 5280 and RFC 9215 write them. */
static void test_everything(void **state)
{
    static const struct extra rows[] = {
        ROW("2.5.29.15", "\x03\x02\x01\x06"),
        ROW("2.5.29.19", "\x30\x03\x01\x01\xFF"),
        ROW("2.5.29.37", "\x30\x0A\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02"),
        ROW("2.5.29.32", "\x30\x08\x30\x06\x06\x04\x2A\x85\x03\x64"),
        ROW("2.5.29.14", "\x04\x02\xAB\xCD"),
        ROW("2.5.29.35", "\x30\x04\x80\x02\x12\x34"),
        ROW("2.5.29.31", "\x30\x10\x30\x0E\xA0\x0C\xA0\x0A\x86\x08http://a"),
        ROW("1.3.6.1.5.5.7.1.1",
            "\x30\x16\x30\x14\x06\x08\x2B\x06\x01\x05\x05\x07\x30\x01\x86\x08"
            "http://o"),
        ROW("1.2.643.100.111", "\x0C\x04\xD0\xAD\xD0\x9F"),
        ROW("1.2.643.100.112", "\x30\x0C\x0C\x01"
                               "a\x0C\x01"
                               "b\x0C\x01"
                               "c\x0C\x01"
                               "d"),
        ROW("1.2.643.100.114", "\x02\x01\x01"),
    };
    struct particulars *all = with(rows, sizeof rows / sizeof rows[0]);

    (void)state;
    assert_true(all->usage[USAGE_KEY_CERT_SIGN]);
    assert_true(all->usage[USAGE_CRL_SIGN]);
    assert_true(all->authority);
    assert_int_equal(all->purposes.count, 1);
    assert_string_equal(all->purposes.oid[0], "1.3.6.1.5.5.7.3.2");
    assert_int_equal(all->policies.count, 1);
    assert_string_equal(all->policies.oid[0], "1.2.643.100");
    assert_string_equal(all->key_id, "abcd");
    assert_string_equal(all->issuer_key_id, "1234");
    assert_int_equal(all->revocation.count, 1);
    assert_string_equal(all->revocation.url[0], "http://a");
    assert_int_equal(all->ocsp.count, 1);
    assert_string_equal(all->ocsp.url[0], "http://o");
    assert_string_equal(all->subject_tool, "ЭП");
    assert_string_equal(all->issuer_tool[TOOL_SIGN], "a");
    assert_string_equal(all->issuer_tool[TOOL_CA_CERTIFICATE], "d");
    assert_int_equal(all->identification_kind, 1);
    free(all);
}

/* What is nonsense is not there, and harms nothing beside it. */
static void test_nonsense(void **state)
{
    static const struct extra rows[] = {
        ROW("2.5.29.15", "\x03\x7F\x01"),
        ROW("2.5.29.37", "\x30\x03\x06\x00\x00"),
        ROW("2.5.29.31", "\x30\x10\x30\x0E\xA0\x0C\xA0\x0A\x86\x08http:\n/a"),
        ROW("1.2.643.100.111", "\x0C\x82\xFF\xFF"
                               "abc"),
        ROW("1.2.643.100.112", "\x30\x06\x0C\x01"
                               "a\x0C\x7F"
                               "b"),
        ROW("1.2.643.100.114", "\x02\x01\x09"),
    };
    struct particulars *all = with(rows, sizeof rows / sizeof rows[0]);

    (void)state;
    assert_int_equal(all->purposes.count, 0);
    assert_int_equal(all->revocation.count, 0);
    assert_string_equal(all->subject_tool, "");
    assert_string_equal(all->issuer_tool[TOOL_SIGN], "a");
    assert_string_equal(all->issuer_tool[TOOL_CA], "");
    assert_int_equal(all->identification_kind, -1);
    free(all);
}

/* Control characters, other types, and what is longer than allowed. */
static void test_tools(void **state)
{
    static const struct {
        struct extra extra;
        const char *tool;
    } rows[] = {
        {ROW("1.2.643.100.111", "\x0C\x05"
                                "a\x1B[\n"
                                "b"),
         "a [ b"},
        {ROW("1.2.643.100.111", "\x0C\x03"
                                "a\0b"),
         "a b"},
        {ROW("1.2.643.100.111", "\x1E\x02\x04\x2D"), "Э"},
        {ROW("1.2.643.100.111", "\x14\x01\xDD"), "Э"},
        {ROW("1.2.643.100.111", "\x0C\x00"), ""},
        {ROW("1.2.643.100.111", "\x0C\x01\xFF"), ""},
        {ROW("1.2.643.100.111", "\x02\x01\x01"), ""},
    };
    char huge[1004] = "\x0C\x82\x03\xE8";
    struct particulars *all;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        all = with(&rows[i].extra, 1);
        assert_string_equal(all->subject_tool, rows[i].tool);
        free(all);
    }
    memset(huge + 4, 'x', sizeof huge - 4);
    all = with(&(struct extra){"1.2.643.100.111", huge, sizeof huge}, 1);
    assert_string_equal(all->subject_tool, "");
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),    cmocka_unit_test(test_person),
        cmocka_unit_test(test_everything), cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_tools),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
