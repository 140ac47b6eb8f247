#include "api/sandbox/profile.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60, NOW = PKI_NOW };

enum {
    USAGE = 1,
    CLIENT = 2,
    EMAIL = 4,
    POLICY = 8,
    TOOL = 16,
    KIND = 32,
    PERIOD = 64,
    ALL = 127
};

/* DER of one extension and what it is of. */
struct extension {
    unsigned bit;
    const char *oid;
    bool critical;
    const char *der;
    size_t size;
};

#define DER(text) text, sizeof text - 1
#define POLICY_KC(digit) "\x30\x08\x06\x06\x2a\x85\x03\x64\x71" digit

static const struct extension good[] = {
    {USAGE, "2.5.29.15", true, DER("\x03\x02\x06\xc0")},
    {POLICY, "2.5.29.32", false, DER("\x30\x0a" POLICY_KC("\x01"))},
    {TOOL, "1.2.643.100.111", false, DER("\x0c\x01x")},
    {KIND, "1.2.643.100.114", false, DER("\x02\x01\x01")},
};

static void put_extension(gnutls_x509_crq_t crq, const struct extension *one)
{
    assert_int_equal(gnutls_x509_crq_set_extension_by_oid(
                         crq, one->oid, one->der, one->size, one->critical),
                     0);
}

static void put_extensions(gnutls_x509_crq_t crq, unsigned mask,
                           const struct extension *instead)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (mask & good[i].bit)
            put_extension(crq, instead != NULL && instead->bit == good[i].bit
                                   ? instead
                                   : &good[i]);
    if (mask & CLIENT)
        gnutls_x509_crq_set_key_purpose_oid(crq, GNUTLS_KP_TLS_WWW_CLIENT, 0);
    if (mask & EMAIL)
        gnutls_x509_crq_set_key_purpose_oid(crq, GNUTLS_KP_EMAIL_PROTECTION, 0);
    if (mask & PERIOD)
        gnutls_x509_crq_set_private_key_usage_period(crq, NOW, NOW + DAY);
}

/* A request with the extensions of the mask, where instead may stand for one
 * of them, is read: as a server gets it, from its DER. */
static enum fault ask_with(unsigned mask, const struct extension *instead,
                           struct profile *profile)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    gnutls_privkey_t key = pki_key(algorithm);
    gnutls_pubkey_t public;
    gnutls_x509_crq_t crq, read;
    gnutls_datum_t der;
    enum fault fault;

    assert_int_equal(gnutls_x509_crq_init(&crq), 0);
    assert_int_equal(gnutls_x509_crq_init(&read), 0);
    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    assert_int_equal(gnutls_x509_crq_set_version(crq, 1), 0);
    assert_int_equal(gnutls_x509_crq_set_pubkey(crq, public), 0);
    assert_int_equal(gnutls_x509_crq_set_dn(crq, "CN=x", NULL), 0);
    put_extensions(crq, mask, instead);
    assert_int_equal(
        gnutls_x509_crq_privkey_sign(crq, key, algorithm->digest, 0), 0);
    assert_int_equal(gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der),
                     0);
    assert_int_equal(gnutls_x509_crq_import(read, &der, GNUTLS_X509_FMT_DER),
                     0);
    fault = profile_of_request(read, profile);
    gnutls_free(der.data);
    gnutls_x509_crq_deinit(crq);
    gnutls_x509_crq_deinit(read);
    gnutls_pubkey_deinit(public);
    gnutls_privkey_deinit(key);
    return fault;
}

static void profile_is_what_was_asked_for(void **state)
{
    struct profile profile;

    (void)state;
    assert_int_equal(ask_with(ALL, NULL, &profile), FAULT_NONE);
    assert_string_equal(profile.sign_tool, "x");
    assert_int_equal(profile.classes, 1);
    assert_int_equal(profile.identification_kind, 1);
    assert_int_equal(profile.key_not_before, NOW);
    assert_int_equal(profile.key_not_after, NOW + DAY);
}

static void needed_extensions_are_needed(void **state)
{
    struct profile profile;

    (void)state;
    for (unsigned bit = 1; bit < ALL; bit <<= 1)
        assert_int_equal(ask_with(ALL & ~bit, NULL, &profile),
                         bit == PERIOD ? FAULT_NONE : FAULT_PROFILE);
    assert_int_equal(ask_with(0, NULL, &profile), FAULT_PROFILE);
}

static void extensions_are_read_strictly(void **state)
{
    static char long_tool[4 + 201] = "\x0c\x81\xc9";
    static const struct {
        struct extension instead;
        bool accepted;
    } rows[] = {
        {{USAGE, "2.5.29.15", false, DER("\x03\x02\x06\xc0")}, false},
        {{USAGE, "2.5.29.15", true, DER("\x03\x02\x07\x80")}, false},
        {{USAGE, "2.5.29.15", true, DER("\x03\x02\x04\xf0")}, true},
        {{POLICY, "2.5.29.32", false, DER("\x30\x0a" POLICY_KC("\x02"))},
         false},
        {{POLICY, "2.5.29.32", false,
          DER("\x30\x14" POLICY_KC("\x01") POLICY_KC("\x02"))},
         true},
        {{POLICY, "2.5.29.32", false, DER("\x30\x0b" POLICY_KC("\x01"))},
         false},
        {{POLICY, "2.5.29.32", false, DER("\x30\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x13\x01x")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\x1b")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\xd0")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x01xx")}, false},
        {{TOOL, "1.2.643.100.111", false, long_tool, 3 + 201}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\x00")}, true},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\x04")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\xff")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x02\x00\x01")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x00")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x0a\x01\x01")}, false},
    };
    struct profile profile;

    (void)state;
    memset(long_tool + 3, 'x', 201);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((ask_with(ALL, &rows[i].instead, &profile) == FAULT_NONE) !=
            rows[i].accepted)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profile_is_what_was_asked_for),
        cmocka_unit_test(needed_extensions_are_needed),
        cmocka_unit_test(extensions_are_read_strictly),
    };

    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
