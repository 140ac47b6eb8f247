#include "client/renewal/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60, FROM = 1735689600, UNTIL = 1767225600 };

static struct certificate make(time_t key_until)
{
    return (struct certificate){.algorithm = algorithm_by_word(NULL),
                                .not_before = FROM,
                                .not_after = UNTIL,
                                .key_not_before = key_until != 0 ? FROM : 0,
                                .key_not_after = key_until};
}

/* rule_1, rule_2, rule_10, rule_43 */
/* 60 whole days are left until a second after the 60th day before the end
 * has begun, and both ends count. */
static void it_is_offered_from_the_window_to_the_end(void **state)
{
    static const struct {
        time_t now;
        time_t key_until; /* 0: not said */
        long window;
        enum outcome outcome;
    } rows[] = {
        {UNTIL - 61 * DAY, 0, 60, OUTCOME_NOT_DUE},
        {UNTIL - 61 * DAY + 1, 0, 60, OUTCOME_DONE},
        {UNTIL - 60 * DAY - 1, 0, 60, OUTCOME_DONE},
        {UNTIL - 60 * DAY, 0, 60, OUTCOME_DONE},
        {UNTIL - 1, 0, 60, OUTCOME_DONE},
        {UNTIL, 0, 60, OUTCOME_DONE},
        {UNTIL + 1, 0, 60, OUTCOME_EXPIRED},
        {UNTIL + 1000 * (time_t)DAY, 0, 60, OUTCOME_EXPIRED},
        {FROM, 0, 60, OUTCOME_NOT_DUE},
        {FROM - 1, 0, 60, OUTCOME_NOT_YET_VALID},
        {0, 0, 60, OUTCOME_NOT_YET_VALID},

        /* other windows */
        {UNTIL - DAY, 0, 0, OUTCOME_NOT_DUE},
        {UNTIL - DAY + 1, 0, 0, OUTCOME_DONE},
        {FROM, 0, POLICY_WINDOW_MAX, OUTCOME_DONE},
        {UNTIL - 31 * DAY, 0, 30, OUTCOME_NOT_DUE},
        {UNTIL - 31 * DAY + 1, 0, 30, OUTCOME_DONE},

        /* the key's period ends before the certificate */
        {UNTIL - 101 * DAY, UNTIL - 40 * DAY, 60, OUTCOME_NOT_DUE},
        {UNTIL - 101 * DAY + 1, UNTIL - 40 * DAY, 60, OUTCOME_DONE},
        {UNTIL - 40 * DAY, UNTIL - 40 * DAY, 60, OUTCOME_DONE},
        {UNTIL - 40 * DAY + 1, UNTIL - 40 * DAY, 60, OUTCOME_KEY_PERIOD_OVER},
        {UNTIL, UNTIL - 40 * DAY, 60, OUTCOME_KEY_PERIOD_OVER},
        {UNTIL + 1, UNTIL - 40 * DAY, 60, OUTCOME_EXPIRED},

        /* … or after it */
        {UNTIL - 61 * DAY, UNTIL + 90 * DAY, 60, OUTCOME_NOT_DUE},
        {UNTIL - 60 * DAY, UNTIL + 90 * DAY, 60, OUTCOME_DONE},
        {UNTIL + 1, UNTIL + 90 * DAY, 60, OUTCOME_EXPIRED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct certificate certificate = make(rows[i].key_until);

        if (policy_offer(&certificate, rows[i].now, rows[i].window) !=
            rows[i].outcome)
            fail_msg("row %zu", i);
    }
}

static void a_key_that_is_not_computed_is_not_offered(void **state)
{
    struct certificate certificate = make(0);

    (void)state;
    certificate.algorithm = NULL;
    assert_int_equal(policy_offer(&certificate, UNTIL - DAY, 60),
                     OUTCOME_KEY_UNSUPPORTED);
    assert_int_equal(policy_offer(&certificate, UNTIL + 1, 60),
                     OUTCOME_EXPIRED);
}

/* rule_6 */
static void one_that_goes_another_way_is_not_offered(void **state)
{
    char region[] = "78 г. Санкт-Петербург", issuer[] = "ФГУП ЦентрИнформ";
    struct certificate certificate = make(0);

    (void)state;
    certificate.subject.value[NAME_STATE] = region;
    assert_int_equal(policy_offer(&certificate, UNTIL - DAY, 60), OUTCOME_DONE);
    certificate.issuer.value[NAME_COMMON_NAME] = issuer;
    assert_int_equal(policy_offer(&certificate, UNTIL - DAY, 60),
                     OUTCOME_OTHER_CENTRE);
    region[1] = '7';
    assert_int_equal(policy_offer(&certificate, UNTIL - DAY, 60), OUTCOME_DONE);
}

static void exclusions_are_known_by_their_words(void **state)
{
    (void)state;
    assert_int_equal(policy_excluded("kindChanged"), OUTCOME_KIND_CHANGED);
    assert_int_equal(policy_excluded("revoked"), OUTCOME_REVOKED);
    assert_int_equal(policy_excluded("rejected"), OUTCOME_DONE);
    assert_int_equal(policy_excluded("withdrawn"), OUTCOME_DONE);
    assert_int_equal(policy_excluded(""), OUTCOME_DONE);
    assert_int_equal(policy_excluded(NULL), OUTCOME_DONE);
}

static void days_are_whole(void **state)
{
    static const struct {
        time_t now;
        time_t key_until;
        long days;
    } rows[] = {
        {UNTIL, 0, 0},
        {UNTIL - 1, 0, 0},
        {UNTIL - DAY + 1, 0, 0},
        {UNTIL - DAY, 0, 1},
        {UNTIL + 1, 0, -1},
        {UNTIL + DAY, 0, -1},
        {UNTIL + DAY + 1, 0, -2},
        {UNTIL - 10 * DAY, UNTIL - 3 * DAY, 7},
        {UNTIL - 10 * DAY, UNTIL + 3 * DAY, 10},
        {0, 0, UNTIL / DAY},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct certificate certificate = make(rows[i].key_until);

        assert_int_equal(policy_days_left(&certificate, rows[i].now),
                         rows[i].days);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_offered_from_the_window_to_the_end),
        cmocka_unit_test(a_key_that_is_not_computed_is_not_offered),
        cmocka_unit_test(one_that_goes_another_way_is_not_offered),
        cmocka_unit_test(exclusions_are_known_by_their_words),
        cmocka_unit_test(days_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
