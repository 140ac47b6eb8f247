/* Signatures and their signers; requests are in examine_request_test.c. */
#include "api/sandbox/examine.h"

#include "keygen/cades.h"
#include "tests/support/exam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void good_statement_is_accepted(void **state)
{
    struct exam *exam = *state;

    exam_sign_statement(exam);
    assert_true(exam_statement(exam));
    assert_string_equal(exam->refusal.code, "");
    assert_null(exam->refusal.target);
}

static void unreadable_letters_are_refused(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } rows[] = {
        {"", 0},
        {"0", 1},
        {"\x30\x00", 2},
        {"\x30\x84\xff\xff\xff\xff", 6},
        {"-----BEGIN PKCS7-----", 21},
    };
    struct exam *exam = *state;
    static uint8_t large[CADES_MAX + 1];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes_free(&exam->cms);
        bytes_put(&exam->cms, rows[i].text, rows[i].size);
        assert_false(exam_statement(exam));
        exam_assert_refused(exam, "cmsUnreadable", NULL);
        assert_false(exam_request(exam));
        exam_assert_refused(exam, "cmsUnreadable", NULL);
    }
    assert_false(examine_statement(
        exam->office->ca, large, sizeof large, exam_text, sizeof exam_text - 1,
        exam->office->certificate, exam->office->now, &exam->refusal));
    exam_assert_refused(exam, "cmsUnreadable", NULL);
}

/* Each length that is too short by some. */
static void truncated_letters_are_refused(void **state)
{
    struct exam *exam = *state;
    size_t whole;

    exam_sign_statement(exam);
    whole = exam->cms.size;
    for (size_t i = 0; i < whole; i += 1 + i / 8) {
        exam->cms.size = i;
        assert_false(exam_statement(exam));
        exam_assert_refused(exam, "cmsUnreadable", NULL);
    }
    exam->cms.size = whole;
    assert_true(exam_statement(exam));
}

static void the_other_form_of_signature_is_refused(void **state)
{
    struct exam *exam = *state;

    exam_sign(exam, exam_text, sizeof exam_text - 1, true);
    assert_false(exam_statement(exam));
    exam_assert_refused(exam, "cmsUnreadable", NULL);
    exam_sign_statement(exam);
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "cmsUnreadable", NULL);
}

static void another_statement_is_refused(void **state)
{
    struct exam *exam = *state;

    exam_sign(exam, exam_text, sizeof exam_text - 2, false);
    assert_false(exam_statement(exam));
    exam_assert_refused(exam, "contentMismatch", NULL);
}

/* The signature stands at the end. */
static void broken_signature_is_refused(void **state)
{
    struct exam *exam = *state;

    exam_sign_statement(exam);
    exam->cms.data[exam->cms.size - 1] ^= 1;
    assert_false(exam_statement(exam));
    exam_assert_refused(exam, "signatureInvalid", NULL);
}

static void another_signer_is_refused(void **state)
{
    struct exam *exam = *state;

    exam_sign_statement(exam);
    office_renew(exam->office, (struct ca_order){.flaws = 0});
    assert_false(exam_statement(exam));
    exam_assert_refused(exam, "signerMismatch", NULL);
}

/* What is wrong with the old certificate is found for both kinds of letter. */
static void signers_that_may_not_sign_are_refused(void **state)
{
    struct exam *exam = *state;
    const time_t now = exam->office->now;
    const struct {
        struct ca_order order;
        const char *code;
        bool revoke;
    } rows[] = {
        {{.flaws = CA_OTHER_CA}, "signerChainInvalid", false},
        {{.flaws = CA_EXPIRED}, "signerExpired", false},
        {{.flaws = CA_NOT_YET_VALID}, "signerExpired", false},
        {{.not_before = now - 400 * OFFICE_DAY,
          .not_after = now + OFFICE_DAY,
          .key_not_after = now - 1},
         "signerKeyPeriodOver",
         false},
        {{.not_before = now - 400 * OFFICE_DAY,
          .not_after = now + OFFICE_DAY,
          .key_not_before = now + 60},
         "signerKeyPeriodOver",
         false},
        {{.classes = 1}, "signerRevoked", true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        office_renew(exam->office, rows[i].order);
        if (rows[i].revoke)
            assert_int_equal(ca_revoke(exam->office->ca,
                                       exam->office->certificate->serial, now),
                             FAULT_NONE);
        exam_sign_statement(exam);
        assert_false(exam_statement(exam));
        exam_assert_refused(exam, rows[i].code, NULL);
        exam_sign(exam, exam_text, sizeof exam_text - 1, true);
        assert_false(exam_request(exam));
        exam_assert_refused(exam, rows[i].code, NULL);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, exam_set_up, exam_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_statement_is_accepted),
        TEST(unreadable_letters_are_refused),
        TEST(truncated_letters_are_refused),
        TEST(the_other_form_of_signature_is_refused),
        TEST(another_statement_is_refused),
        TEST(broken_signature_is_refused),
        TEST(another_signer_is_refused),
        TEST(signers_that_may_not_sign_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
