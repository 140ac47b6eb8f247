#include "api/sandbox/order.h"

#include "keygen/keypair.h"
#include "tests/support/office.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void certificate_is_qualified(void **state)
{
    const struct office *office = *state;
    struct certificate *certificate =
        office_issue(office, (struct ca_order){.flaws = 0});
    const char *missing = NULL;

    assert_int_equal(certificate_profile(certificate, &missing), FAULT_NONE);
    assert_int_equal(office_verify(office, certificate, office->now),
                     FAULT_NONE);
    assert_true(name_equal(&certificate->subject, &office->subject));
    assert_true(name_equal(&certificate->issuer,
                           &ca_chain(office->ca)->certificate[0]->subject));
    assert_int_equal(certificate->not_before, office->now);
    assert_int_equal(certificate->not_after, ca_months(office->now, 15));
    assert_int_equal(certificate->key_not_before, office->now);
    assert_int_equal(certificate->key_not_after, ca_months(office->now, 15));
    certificate_free(&certificate);
}

static void certificate_has_the_ordered_dates(void **state)
{
    const struct office *office = *state;
    const struct ca_order order = {
        .key = office->public,
        .subject = &office->subject,
        .not_before = office->now - 400 * OFFICE_DAY,
        .not_after = office->now + 30 * OFFICE_DAY,
        .key_not_before = office->now - 399 * OFFICE_DAY,
        .key_not_after = office->now - OFFICE_DAY,
    };
    struct certificate *certificate;

    assert_int_equal(ca_issue(office->ca, &order, office->now, &certificate),
                     FAULT_NONE);
    assert_int_equal(certificate->not_before, order.not_before);
    assert_int_equal(certificate->not_after, order.not_after);
    assert_int_equal(certificate->key_not_before, order.key_not_before);
    assert_int_equal(certificate->key_not_after, order.key_not_after);
    assert_int_equal(office_verify(office, certificate, office->now),
                     FAULT_NONE);
    certificate_free(&certificate);
}

static void serials_are_long_and_positive(void **state)
{
    const struct office *office = *state;
    char last[2 * CERTIFICATE_SERIAL_MAX + 1] = "";

    for (int i = 0; i < 20; i++) {
        struct certificate *certificate =
            office_issue(office, (struct ca_order){.flaws = 0});

        assert_int_equal(strlen(certificate->serial), 40);
        assert_in_range(certificate->serial[0], '0', '7');
        assert_string_not_equal(certificate->serial, last);
        memcpy(last, certificate->serial, sizeof last);
        certificate_free(&certificate);
    }
}

static void keys_of_both_algorithms_are_certified(void **state)
{
    const struct office *office = *state;

    for (size_t i = 0; algorithm_all()[i] != NULL; i++) {
        const struct algorithm *algorithm = algorithm_all()[i];
        struct ca_order order = {.subject = &office->subject};
        gnutls_privkey_t key = pki_key(algorithm);
        struct certificate *certificate;

        assert_int_equal(gnutls_pubkey_init(&order.key), 0);
        assert_int_equal(gnutls_pubkey_import_privkey(order.key, key, 0, 0), 0);
        assert_int_equal(
            ca_issue(office->ca, &order, office->now, &certificate),
            FAULT_NONE);
        assert_ptr_equal(certificate->algorithm, algorithm);
        certificate_free(&certificate);
        gnutls_pubkey_deinit(order.key);
        gnutls_privkey_deinit(key);
    }
}

static void flaws_are_what_they_say(void **state)
{
    static const struct {
        unsigned flaw;
        enum fault chain;
        enum fault profile;
        bool same_key, same_person;
    } rows[] = {
        {CA_OTHER_KEY, FAULT_NONE, FAULT_NONE, false, true},
        {CA_OTHER_PERSON, FAULT_NONE, FAULT_NONE, true, false},
        {CA_OTHER_CA, FAULT_CHAIN, FAULT_NONE, true, true},
        {CA_EXPIRED, FAULT_EXPIRED, FAULT_NONE, true, true},
        {CA_NOT_YET_VALID, FAULT_EXPIRED, FAULT_NONE, true, true},
        {CA_NO_PROFILE, FAULT_NONE, FAULT_PROFILE, true, true},
    };
    const struct office *office = *state;
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t point[2 * ALGORITHM_KEY_MAX];

    assert_int_equal(keypair_point(office->public, algorithm, point),
                     FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *certificate =
            office_issue(office, (struct ca_order){.flaws = rows[i].flaw});
        const char *missing;

        assert_int_equal(office_verify(office, certificate, office->now),
                         rows[i].chain);
        assert_int_equal(certificate_profile(certificate, &missing),
                         rows[i].profile);
        assert_int_equal(certificate_has_point(certificate, point, 64),
                         rows[i].same_key);
        assert_int_equal(name_equal(&certificate->subject, &office->subject),
                         rows[i].same_person);
        certificate_free(&certificate);
    }
}

static void impossible_orders_are_refused(void **state)
{
    const struct office *office = *state;
    static const char words[] = "no request";
    char long_tool[202];
    const struct {
        struct ca_order order;
        enum fault fault;
    } rows[] = {
        {{.subject = &office->subject}, FAULT_ARGUMENT},
        {{.key = office->public}, FAULT_ARGUMENT},
        {{.subject = &office->subject,
          .request = words,
          .request_size = sizeof words},
         FAULT_REQUEST},
        {{.subject = &office->subject, .request = words, .request_size = 0},
         FAULT_REQUEST},
        {{.subject = &office->subject,
          .key = office->public,
          .not_before = office->now,
          .not_after = office->now - 1},
         FAULT_ARGUMENT},
        {{.subject = &office->subject,
          .key = office->public,
          .key_not_before = office->now,
          .key_not_after = office->now - 1},
         FAULT_ARGUMENT},
        {{.subject = &office->subject, .key = office->public, .classes = 7},
         FAULT_ARGUMENT},
        {{.subject = &office->subject,
          .key = office->public,
          .identification_kind = 4},
         FAULT_ARGUMENT},
        {{.subject = &office->subject,
          .key = office->public,
          .identification_kind = -1},
         FAULT_ARGUMENT},
        {{.subject = &office->subject, .key = office->public, .sign_tool = ""},
         FAULT_ARGUMENT},
        {{.subject = &office->subject,
          .key = office->public,
          .sign_tool = long_tool},
         FAULT_ARGUMENT},
    };

    memset(long_tool, 'a', sizeof long_tool - 1);
    long_tool[sizeof long_tool - 1] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *certificate;

        assert_int_equal(
            ca_issue(office->ca, &rows[i].order, office->now, &certificate),
            rows[i].fault);
        assert_null(certificate);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, office_set_up, office_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(certificate_is_qualified),
        TEST(certificate_has_the_ordered_dates),
        TEST(serials_are_long_and_positive),
        TEST(keys_of_both_algorithms_are_certified),
        TEST(flaws_are_what_they_say),
        TEST(impossible_orders_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
