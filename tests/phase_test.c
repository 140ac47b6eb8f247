#include "api/sandbox/desk/phase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const operations[] = {
    "readForm",    "changeData",      "readStatement",
    "submitForm",  "giveConsent",     "sendStatementSignature",
    "sendRequest", "confirmRequest",  "resendConfirmation",
    "cancelForm",  "readCertificate", "reportInstalled",
};

static void words_lead_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        assert_non_null(phase_word((enum phase)i));
        assert_int_equal(phase_find(phase_word((enum phase)i)), i);
    }
    assert_int_equal(phase_find("backedUp"), PHASE_COUNT);
    assert_int_equal(phase_find(""), PHASE_COUNT);
}

/* The contract wants a reason with exactly these. */
static void reasons_are_of_what_went_wrong(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        enum phase phase = (enum phase)i;
        bool wrong = phase == PHASE_VALIDATION_ERROR ||
                     (phase_final(phase) && phase != PHASE_INSTALLED);

        assert_int_equal(phase_reason(phase) != NULL, wrong);
    }
}

/* From each phase along the way of an express form to its end. */
static void the_way_of_a_form(void **state)
{
    static const struct {
        enum phase from;
        const char *operation;
        enum phase to;
    } way[] = {
        {PHASE_CREATED, "changeData", PHASE_DATA_CONFIRMED},
        {PHASE_VALIDATION_ERROR, "changeData", PHASE_DATA_CONFIRMED},
        {PHASE_DATA_CONFIRMED, "sendStatementSignature",
         PHASE_STATEMENT_SIGNED},
        {PHASE_STATEMENT_SIGNED, "submitForm", PHASE_SUBMITTED},
        {PHASE_APPROVED, "giveConsent", PHASE_RELEASE_CONFIRMED},
        {PHASE_RELEASE_CONFIRMED, "sendRequest", PHASE_AWAITING_CONFIRMATION},
        {PHASE_AWAITING_CONFIRMATION, "confirmRequest", PHASE_ISSUING},
        {PHASE_AWAITING_CONFIRMATION, "resendConfirmation",
         PHASE_AWAITING_CONFIRMATION},
        {PHASE_ISSUED, "readCertificate", PHASE_ISSUED},
        {PHASE_ISSUED, "reportInstalled", PHASE_INSTALLED},
        {PHASE_ISSUING, "cancelForm", PHASE_CANCELLED},
    };
    enum phase next;

    (void)state;
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        assert_int_equal(phase_leave(way[i].from, way[i].operation, &next),
                         PHASE_ALLOWED);
        assert_int_equal(next, way[i].to);
    }
}

static void nothing_leaves_the_end(void **state)
{
    enum phase next;

    (void)state;
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        for (size_t j = 0; j < sizeof operations / sizeof *operations; j++) {
            enum phase_leave leave =
                phase_leave((enum phase)i, operations[j], &next);

            if (phase_final((enum phase)i) || leave == PHASE_REFUSED)
                assert_int_equal(next, i);
        }
        assert_int_equal(phase_leave((enum phase)i, "readForm", &next),
                         PHASE_ALLOWED);
        assert_int_equal(phase_leave((enum phase)i, "nothing", &next),
                         PHASE_REFUSED);
        assert_int_equal(phase_leave((enum phase)i, "", &next), PHASE_REFUSED);
    }
}

static void an_issued_certificate_is_not_cancelled(void **state)
{
    enum phase next;

    (void)state;
    assert_int_equal(phase_leave(PHASE_ISSUED, "cancelForm", &next),
                     PHASE_REFUSED);
    assert_int_equal(phase_leave(PHASE_INSTALLED, "cancelForm", &next),
                     PHASE_REFUSED);
}

static void what_has_happened_is_known_again(void **state)
{
    enum phase next;

    (void)state;
    assert_int_equal(
        phase_leave(PHASE_SUBMITTED, "sendStatementSignature", &next),
        PHASE_AGAIN);
    assert_int_equal(next, PHASE_SUBMITTED);
    assert_int_equal(phase_leave(PHASE_ISSUED, "sendRequest", &next),
                     PHASE_AGAIN);
    assert_int_equal(phase_leave(PHASE_CREATED, "sendRequest", &next),
                     PHASE_REFUSED);
}

struct row {
    struct phase_moment moment;
    enum phase next;
    bool consumed;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct phase_moment moment = rows[i].moment;
        bool consumed = !rows[i].consumed;

        if (!moment.fate)
            moment.fate = "";
        if (!moment.expires)
            moment.expires = 1000000;
        assert_int_equal(phase_next(&moment, &consumed), rows[i].next);
        assert_int_equal(consumed, rows[i].consumed);
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

/* rule_96 */
static void a_review(void **state)
{
    const struct row rows[] = {
        {{.phase = PHASE_SUBMITTED, .express = true, .review_after = -1},
         PHASE_APPROVED,
         false},
        {{.phase = PHASE_SUBMITTED, .review_after = -1, .now = 999999},
         PHASE_SUBMITTED,
         false},
        {{.phase = PHASE_SUBMITTED,
          .review_after = 10,
          .changed = 100,
          .now = 109},
         PHASE_SUBMITTED,
         false},
        {{.phase = PHASE_SUBMITTED,
          .review_after = 10,
          .changed = 100,
          .now = 110},
         PHASE_APPROVED,
         false},
        {{.phase = PHASE_SUBMITTED,
          .express = true,
          .review_after = 0,
          .fate = "review"},
         PHASE_SUBMITTED,
         false},
        {{.phase = PHASE_SUBMITTED, .fate = "approved", .review_after = -1},
         PHASE_APPROVED,
         true},
        {{.phase = PHASE_PAPER_STATEMENT, .fate = "approved"},
         PHASE_APPROVED,
         true},
        {{.phase = PHASE_SUBMITTED, .express = true, .fate = "rejected"},
         PHASE_REJECTED,
         true},
        {{.phase = PHASE_CREATED, .fate = "approved"}, PHASE_CREATED, false},
    };

    (void)state;
    CHECK(rows);
}

static void a_payment(void **state)
{
    const struct row rows[] = {
        {{.phase = PHASE_APPROVED, .unpaid = true},
         PHASE_PAYMENT_REQUIRED,
         false},
        {{.phase = PHASE_APPROVED}, PHASE_APPROVED, false},
        {{.phase = PHASE_PAYMENT_REQUIRED, .unpaid = true},
         PHASE_PAYMENT_REQUIRED,
         false},
        {{.phase = PHASE_PAYMENT_REQUIRED}, PHASE_APPROVED, false},
        {{.phase = PHASE_RELEASE_CONFIRMED, .unpaid = true},
         PHASE_RELEASE_CONFIRMED,
         false},
    };

    (void)state;
    CHECK(rows);
}

static void the_time_of_a_form(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PHASE_COUNT; i++) {
        enum phase phase = (enum phase)i;
        bool stays = phase_final(phase) || phase == PHASE_ISSUING ||
                     phase == PHASE_ISSUED;
        const struct row rows[] = {
            {{.phase = phase, .now = 5, .expires = 5, .review_after = -1},
             stays ? phase : PHASE_FORM_EXPIRED,
             false}};

        CHECK(rows);
    }
}

static void fates_come_where_they_can(void **state)
{
    const struct row rows[] = {
        {{.phase = PHASE_ISSUING, .fate = "issue-failed"},
         PHASE_ISSUE_FAILED,
         true},
        {{.phase = PHASE_APPROVED, .fate = "issue-failed"},
         PHASE_APPROVED,
         false},
        {{.phase = PHASE_CREATED, .fate = "validation-error"},
         PHASE_VALIDATION_ERROR,
         true},
        {{.phase = PHASE_VALIDATION_ERROR, .fate = "validation-error"},
         PHASE_VALIDATION_ERROR,
         false},
        {{.phase = PHASE_AWAITING_CONFIRMATION, .fate = "expired-form"},
         PHASE_FORM_EXPIRED,
         true},
        {{.phase = PHASE_AWAITING_CONFIRMATION, .fate = "cancelled"},
         PHASE_CANCELLED,
         true},
        {{.phase = PHASE_ISSUED, .fate = "cancelled"}, PHASE_ISSUED, false},
        {{.phase = PHASE_REJECTED, .fate = "cancelled"}, PHASE_REJECTED, false},
        {{.phase = PHASE_CREATED, .fate = "nothing"}, PHASE_CREATED, false},
    };

    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_lead_back),
        cmocka_unit_test(reasons_are_of_what_went_wrong),
        cmocka_unit_test(the_way_of_a_form),
        cmocka_unit_test(nothing_leaves_the_end),
        cmocka_unit_test(an_issued_certificate_is_not_cancelled),
        cmocka_unit_test(what_has_happened_is_known_again),
        cmocka_unit_test(a_review),
        cmocka_unit_test(a_payment),
        cmocka_unit_test(the_time_of_a_form),
        cmocka_unit_test(fates_come_where_they_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
