#include "api/sandbox/revocation.h"

#include "tests/support/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void revoked_is_revoked(void **state)
{
    const struct office *office = *state;
    struct certificate *one =
        office_issue(office, (struct ca_order){.flaws = 0});
    struct certificate *other =
        office_issue(office, (struct ca_order){.flaws = 0});

    assert_int_equal(ca_revoke(office->ca, one->serial, office->now),
                     FAULT_NONE);
    assert_int_equal(office_verify(office, one, office->now), FAULT_REVOKED);
    assert_int_equal(office_verify(office, other, office->now), FAULT_NONE);
    assert_int_equal(office_list_number(office, office->now), 2);
    assert_int_equal(ca_revoke(office->ca, one->serial, office->now),
                     FAULT_NONE);
    assert_int_equal(office_list_number(office, office->now), 2);
    assert_int_equal(office_list_count(office), 1);
    certificate_free(&one);
    certificate_free(&other);
}

static void bad_serials_are_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "zz",
        "0",
        "123",
        "00112233445566778899aabbccddeeff0011223344",
        "01 ",
        "0x01",
        "01\n",
    };
    const struct office *office = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(ca_revoke(office->ca, rows[i], office->now),
                         FAULT_ARGUMENT);
    assert_int_equal(office_list_number(office, office->now), 1);
}

static void lists_that_are_over_are_renewed(void **state)
{
    const struct office *office = *state;
    struct certificate *certificate =
        office_issue(office, (struct ca_order){.flaws = 0});
    struct ca *again;

    assert_int_equal(
        ca_revoke(office->ca, certificate->serial, office->now - OFFICE_DAY),
        FAULT_NONE);
    assert_int_equal(office_list_number(office, office->now + 6 * OFFICE_DAY),
                     2);
    assert_int_equal(office_list_number(office, office->now + 7 * OFFICE_DAY),
                     3);
    assert_int_equal(
        ca_open(office->dir, office->now + 20 * OFFICE_DAY, &again),
        FAULT_NONE);
    ca_close(&again);
    assert_int_equal(office_list_number(office, office->now + 20 * OFFICE_DAY),
                     4);
    assert_int_equal(
        office_verify(office, certificate, office->now + 20 * OFFICE_DAY),
        FAULT_REVOKED);
    certificate_free(&certificate);
}

/* Numbers above 127 must stay positive INTEGERs. */
static void numbers_grow_past_a_byte(void **state)
{
    const struct office *office = *state;
    char serial[] = "0100";

    for (int i = 0; i < 130; i++) {
        snprintf(serial, sizeof serial, "%04x", 0x0100 + i);
        assert_int_equal(ca_revoke(office->ca, serial, office->now),
                         FAULT_NONE);
    }
    assert_int_equal(office_list_number(office, office->now), 131);
    assert_int_equal(office_list_count(office), 130);
}

static int revoke_some(const char *dir, int number)
{
    struct ca *ca;
    char serial[8];

    if (ca_open(dir, time(NULL), &ca) != FAULT_NONE)
        return 1;
    for (int i = 0; i < 10; i++) {
        snprintf(serial, sizeof serial, "%02x%02x", 0x10 + number, i);
        if (ca_revoke(ca, serial, time(NULL)) != FAULT_NONE)
            return 2;
    }
    ca_close(&ca);
    return 0;
}

static void revocations_at_once_are_all_kept(void **state)
{
    const struct office *office = *state;

    office_together(revoke_some, office->dir);
    assert_int_equal(office_list_count(office), 10 * OFFICE_PROCESSES);
    assert_int_equal(office_list_number(office, office->now),
                     1 + 10 * OFFICE_PROCESSES);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, office_set_up, office_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(revoked_is_revoked),
        TEST(bad_serials_are_refused),
        TEST(lists_that_are_over_are_renewed),
        TEST(numbers_grow_past_a_byte),
        TEST(revocations_at_once_are_all_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
