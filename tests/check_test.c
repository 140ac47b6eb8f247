#include "client/renewal/check.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60 };

/* The old certificate ends with 2025; it is renewed in July. */
static const time_t later = PKI_UNTIL + 180 * (time_t)DAY;

static struct pki root, issuing, old_one, new_one;
static struct name data;

static struct pki_spec authority(const char *name, const struct pki *issuer)
{
    return (struct pki_spec){.name = name,
                             .issuer = issuer,
                             .authority = true,
                             .until = PKI_UNTIL + 3650 * (time_t)DAY};
}

static struct pki_spec person(const struct pki *issuer)
{
    return (struct pki_spec){.issuer = issuer, .from = PKI_NOW, .until = later};
}

static int make_all(void **state)
{
    struct pki_spec spec = authority("Корень", NULL);

    (void)state;
    pki_make(&root, &spec);
    spec = authority("Выпуск", &root);
    pki_make(&issuing, &spec);
    pki_make(&old_one, &(struct pki_spec){.issuer = &issuing});
    spec = person(&issuing);
    pki_make(&new_one, &spec);
    pki_person(&data);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    name_free(&data);
    pki_free(&new_one);
    pki_free(&old_one);
    pki_free(&issuing);
    pki_free(&root);
    return 0;
}

static struct chain chain_of(const struct pki *a, const struct pki *b)
{
    const struct pki *const all[] = {a, b};
    struct chain chain = {.count = 0};

    for (size_t i = 0; i < 2; i++)
        if (all[i] != NULL)
            chain.certificate[chain.count++] = all[i]->certificate;
    return chain;
}

/* With the usual chain, and the key and data of new_one. */
static enum outcome check_with(const struct certificate *issued,
                               const struct chain *sent,
                               const struct chain *roots, time_t now)
{
    const struct check check = {.issued = issued,
                                .old = old_one.certificate,
                                .point = new_one.point,
                                .point_size = 64,
                                .data = &data,
                                .sent = sent,
                                .roots = roots,
                                .now = now};
    const char *detail = NULL;
    enum outcome outcome = check_issued(&check, &detail);

    assert_non_null(detail);
    return outcome;
}

static enum outcome check_usual(const struct certificate *issued, time_t now)
{
    struct chain sent = chain_of(&issuing, &root);

    return check_with(issued, &sent, NULL, now);
}

/* Make one by a spec, with the key of new_one, and check it. */
static enum outcome check_spec(struct pki_spec spec, time_t now)
{
    struct pki other;
    enum outcome outcome;

    if (spec.same_key == NULL)
        spec.same_key = &new_one;
    pki_make(&other, &spec);
    outcome = check_usual(other.certificate, now);
    pki_free(&other);
    return outcome;
}

static void the_right_one_is_accepted(void **state)
{
    struct chain sent = chain_of(&issuing, &root);
    struct chain roots = chain_of(&root, NULL);
    struct chain without = chain_of(&issuing, NULL);

    (void)state;
    assert_int_equal(check_with(new_one.certificate, &sent, NULL, PKI_NOW),
                     OUTCOME_DONE);
    assert_int_equal(check_with(new_one.certificate, &sent, &roots, PKI_NOW),
                     OUTCOME_DONE);
    assert_int_equal(check_with(new_one.certificate, &without, &roots, PKI_NOW),
                     OUTCOME_DONE);
    assert_int_equal(check_spec(person(&issuing), PKI_NOW), OUTCOME_DONE);
}

static void a_certificate_for_another_key_is_refused(void **state)
{
    struct pki_spec spec = person(&issuing);
    struct pki other;

    (void)state;
    pki_make(&other, &spec);
    assert_int_equal(check_usual(other.certificate, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_KEY);
    pki_free(&other);
    /* … and the old one itself */
    assert_int_equal(check_usual(old_one.certificate, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_KEY);
}

static void a_point_of_another_size_is_another_key(void **state)
{
    const struct check check = {.issued = new_one.certificate,
                                .old = old_one.certificate,
                                .point = new_one.point,
                                .point_size = 128,
                                .data = &data,
                                .now = PKI_NOW};
    const char *detail;

    (void)state;
    assert_int_equal(check_issued(&check, &detail),
                     OUTCOME_CERTIFICATE_WRONG_KEY);
}

/* Each attribute counts, also one that is missing or has come in. */
static void other_data_are_refused(void **state)
{
    (void)state;
    for (int i = 0; i < NAME_COUNT; i++) {
        char *kept = data.value[i];

        data.value[i] = kept == NULL ? strdup("неожиданно") : NULL;
        assert_int_equal(check_usual(new_one.certificate, PKI_NOW),
                         OUTCOME_CERTIFICATE_WRONG_SUBJECT);
        free(data.value[i]);
        if (kept != NULL) {
            data.value[i] = strdup(kept);
            data.value[i][strlen(kept) - 1] ^= 1;
            assert_int_equal(check_usual(new_one.certificate, PKI_NOW),
                             OUTCOME_CERTIFICATE_WRONG_SUBJECT);
            free(data.value[i]);
        }
        data.value[i] = kept;
    }
}

static void dates_must_make_sense(void **state)
{
    static const struct {
        time_t from, until, key_until, now;
        enum outcome outcome;
    } rows[] = {
        /* it begins now, give or take the clocks */
        {PKI_NOW, 0, 0, PKI_NOW, OUTCOME_DONE},
        {PKI_NOW - DAY, 0, 0, PKI_NOW, OUTCOME_DONE},
        {PKI_NOW + 300, 0, 0, PKI_NOW, OUTCOME_DONE},
        {PKI_NOW + 301, 0, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_NOW + DAY, 0, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        /* it ends after the old one, and not at once */
        {PKI_NOW, PKI_UNTIL - 1, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_NOW, PKI_UNTIL, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_NOW, PKI_UNTIL + 1, 0, PKI_NOW, OUTCOME_DONE},
        {PKI_FROM, PKI_NOW, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_FROM, PKI_NOW - DAY, 0, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_NOW, PKI_UNTIL + 2 * DAY, 0, PKI_UNTIL + 2 * DAY,
         OUTCOME_CERTIFICATE_WRONG_DATES},
        /* so does its key */
        {PKI_NOW, 0, PKI_NOW + 3600, PKI_NOW, OUTCOME_CERTIFICATE_WRONG_DATES},
        {PKI_NOW, 0, PKI_NOW + DAY, PKI_NOW, OUTCOME_DONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pki_spec spec = person(&issuing);

        spec.from = rows[i].from;
        spec.until = rows[i].until != 0 ? rows[i].until : later;
        spec.key_until = rows[i].key_until;
        if (check_spec(spec, rows[i].now) != rows[i].outcome)
            fail_msg("row %zu", i);
    }
}

static void only_a_qualified_one_is_accepted(void **state)
{
    static const char *const points[] = {
        "keyUsage", "subjectSignTool", "issuerSignTool", "certificatePolicies",
        "basicConstraints"};

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        struct pki_spec spec = person(&issuing);

        spec.without = points[i];
        if (check_spec(spec, PKI_NOW) != OUTCOME_CERTIFICATE_WRONG_PROFILE)
            fail_msg("without %s", points[i]);
    }
}

/* --- whose it is --------------------------------------------------------- */

/* A stranger's authorities of the same names, and a certificate by them. */
static void forge(struct pki forged[3])
{
    struct pki_spec spec = authority("Корень", NULL);

    pki_make(&forged[0], &spec);
    spec = authority("Выпуск", &forged[0]);
    pki_make(&forged[1], &spec);
    spec = person(&forged[1]);
    spec.same_key = &new_one;
    pki_make(&forged[2], &spec);
}

/* Whatever is sent with it, in whichever order. */
static void a_strangers_certificate_is_refused(void **state)
{
    struct pki forged[3];
    struct chain configured = chain_of(&root, NULL);

    (void)state;
    forge(forged);
    for (int i = 0; i < 2; i++) {
        const struct chain *roots = i == 0 ? NULL : &configured;
        struct chain sent[] = {
            chain_of(&forged[1], &forged[0]), chain_of(&forged[1], &root),
            chain_of(&issuing, &root),        chain_of(&issuing, &forged[0]),
            chain_of(&forged[0], &root),      chain_of(NULL, NULL),
        };

        for (size_t j = 0; j < sizeof sent / sizeof *sent; j++)
            assert_int_equal(
                check_with(forged[2].certificate, &sent[j], roots, PKI_NOW),
                OUTCOME_CERTIFICATE_WRONG_ISSUER);
    }
    for (size_t i = 0; i < 3; i++)
        pki_free(&forged[i]);
}

/* All four authorities at once: neither chain helps the other. */
static void both_chains_together_do_not_help(void **state)
{
    struct pki forged[3];
    struct chain sent = chain_of(&issuing, &root);

    (void)state;
    forge(forged);
    sent.certificate[sent.count++] = forged[0].certificate;
    sent.certificate[sent.count++] = forged[1].certificate;
    assert_int_equal(check_with(forged[2].certificate, &sent, NULL, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_ISSUER);
    assert_int_equal(check_with(new_one.certificate, &sent, NULL, PKI_NOW),
                     OUTCOME_DONE);
    for (size_t i = 0; i < 3; i++)
        pki_free(&forged[i]);
}

static void it_does_not_vouch_for_itself(void **state)
{
    struct pki_spec spec = person(NULL);
    struct chain sent;
    struct pki own;

    (void)state;
    spec.same_key = &new_one;
    pki_make(&own, &spec);
    sent = chain_of(&own, &root);
    assert_int_equal(check_with(own.certificate, &sent, NULL, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_ISSUER);
    pki_free(&own);
}

/* The old certificate is no authority. */
static void the_old_one_vouches_for_nothing(void **state)
{
    struct pki_spec spec = person(&old_one);
    struct chain sent = chain_of(&issuing, &root);
    struct pki own;

    (void)state;
    spec.same_key = &new_one;
    pki_make(&own, &spec);
    sent.certificate[sent.count++] = old_one.certificate;
    assert_int_equal(check_with(own.certificate, &sent, NULL, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_ISSUER);
    pki_free(&own);
}

static void without_an_issuer_nothing_is_believed(void **state)
{
    struct chain sent[] = {chain_of(NULL, NULL), chain_of(&root, NULL)};
    struct chain roots = {.count = 0};

    (void)state;
    for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
        assert_int_equal(
            check_with(new_one.certificate, &sent[i], NULL, PKI_NOW),
            OUTCOME_CERTIFICATE_WRONG_ISSUER);
    sent[0] = chain_of(&issuing, &root);
    assert_int_equal(check_with(new_one.certificate, &sent[0], &roots, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_ISSUER);
}

static void configured_roots_are_the_only_ones(void **state)
{
    struct pki_spec spec = authority("Другой корень", NULL);
    struct chain sent = chain_of(&issuing, &root);
    struct chain roots;
    struct pki other;

    (void)state;
    pki_make(&other, &spec);
    roots = chain_of(&other, NULL);
    assert_int_equal(check_with(new_one.certificate, &sent, &roots, PKI_NOW),
                     OUTCOME_CERTIFICATE_WRONG_ISSUER);
    pki_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_one_is_accepted),
        cmocka_unit_test(a_certificate_for_another_key_is_refused),
        cmocka_unit_test(a_point_of_another_size_is_another_key),
        cmocka_unit_test(other_data_are_refused),
        cmocka_unit_test(dates_must_make_sense),
        cmocka_unit_test(only_a_qualified_one_is_accepted),
        cmocka_unit_test(a_strangers_certificate_is_refused),
        cmocka_unit_test(both_chains_together_do_not_help),
        cmocka_unit_test(it_does_not_vouch_for_itself),
        cmocka_unit_test(the_old_one_vouches_for_nothing),
        cmocka_unit_test(without_an_issuer_nothing_is_believed),
        cmocka_unit_test(configured_roots_are_the_only_ones),
    };

    return cmocka_run_group_tests(tests, make_all, free_all);
}
