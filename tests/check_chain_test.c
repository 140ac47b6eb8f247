/* Whose certificates a renewal believes in. */
#include "client/renewal/check.h"

#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60, FROM = PKI_NOW - 60, UNTIL = PKI_UNTIL + 90 * DAY };

/* A new certificate of the house, of the person and her data. */
struct visit {
    struct house *house;
    struct pki issued;
    struct name data;
    struct chain sent;
};

static void issue(struct visit *visit, const struct pki *issuer)
{
    pki_make(
        &visit->issued,
        &(struct pki_spec){.issuer = issuer, .from = FROM, .until = UNTIL});
    visit->data = (struct name){{NULL}};
    pki_person(&visit->data);
}

static int enter(void **state)
{
    struct visit *visit = calloc(1, sizeof *visit);
    void *house = NULL;

    house_build(&house);
    visit->house = house;
    house_add(&visit->sent, &visit->house->ca);
    house_add(&visit->sent, &visit->house->root);
    *state = visit;
    return 0;
}

static int leave(void **state)
{
    struct visit *visit = *state;
    void *house = visit->house;

    chain_free(&visit->sent);
    name_free(&visit->data);
    pki_free(&visit->issued);
    house_demolish(&house);
    free(visit);
    return 0;
}

static void assert_outcome(const struct visit *visit, const struct chain *roots,
                           enum outcome outcome)
{
    const struct check check = {.issued = visit->issued.certificate,
                                .old = visit->house->leaf.certificate,
                                .point = visit->issued.point,
                                .point_size = 64,
                                .data = &visit->data,
                                .sent = &visit->sent,
                                .roots = roots,
                                .now = PKI_NOW};
    const char *detail = NULL;

    assert_int_equal(check_issued(&check, &detail), outcome);
    assert_non_null(detail);
}

static void test_same_issuer(void **state)
{
    struct visit *visit = *state;

    issue(visit, &visit->house->ca);
    assert_outcome(visit, NULL, OUTCOME_DONE);
    assert_outcome(visit, &visit->house->roots, OUTCOME_DONE);
    /* The issuer alone is enough where no root is asked for. */
    certificate_free(&visit->sent.certificate[1]);
    visit->sent.count = 1;
    assert_outcome(visit, NULL, OUTCOME_DONE);
    chain_free(&visit->sent);
    assert_outcome(visit, NULL, OUTCOME_CERTIFICATE_WRONG_ISSUER);
}

/* The key that issued the old certificate may name its successor. */
static void test_successor(void **state)
{
    struct visit *visit = *state;
    struct pki_spec spec = house_ca;
    struct pki next;

    spec.issuer = &visit->house->ca;
    spec.name = "Центр, новый ключ";
    pki_make(&next, &spec);
    issue(visit, &next);
    house_add(&visit->sent, &next);
    assert_outcome(visit, NULL, OUTCOME_DONE);
    pki_free(&next);
}

/* Another key of the same root: only who has the root can tell. */
static void test_other_authority_of_the_root(void **state)
{
    struct visit *visit = *state;
    struct pki_spec spec = house_ca;
    struct pki other;

    spec.issuer = &visit->house->root;
    pki_make(&other, &spec);
    issue(visit, &other);
    house_add(&visit->sent, &other);
    assert_outcome(visit, NULL, OUTCOME_CERTIFICATE_WRONG_ISSUER);
    assert_outcome(visit, &visit->house->roots, OUTCOME_DONE);
    pki_free(&other);
}

/* Anybody can certify anybody's public key: a root of the server's own that
 * does so for the issuer of the old certificate is no root of it. */
static void test_root_of_the_server(void **state)
{
    struct visit *visit = *state;
    struct pki_spec spec = house_ca;
    struct pki root, cross, fake;

    pki_make(&root, &house_root);
    spec.issuer = &root;
    spec.same_key = &visit->house->ca;
    pki_make(&cross, &spec);
    spec.same_key = NULL;
    pki_make(&fake, &spec);
    issue(visit, &fake);
    chain_free(&visit->sent);
    house_add(&visit->sent, &fake);
    house_add(&visit->sent, &cross);
    house_add(&visit->sent, &root);
    assert_outcome(visit, NULL, OUTCOME_CERTIFICATE_WRONG_ISSUER);
    assert_outcome(visit, &visit->house->roots,
                   OUTCOME_CERTIFICATE_WRONG_ISSUER);
    pki_free(&root);
    pki_free(&cross);
    pki_free(&fake);
}

/* Nor is another subscriber of the same centre an issuer. */
static void test_issued_by_a_subscriber(void **state)
{
    struct visit *visit = *state;
    struct pki other;

    pki_make(&other, &(struct pki_spec){.issuer = &visit->house->ca});
    issue(visit, &other);
    house_add(&visit->sent, &other);
    assert_outcome(visit, NULL, OUTCOME_CERTIFICATE_WRONG_ISSUER);
    assert_outcome(visit, &visit->house->roots,
                   OUTCOME_CERTIFICATE_WRONG_ISSUER);
    pki_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_same_issuer),
        TEST(test_successor),
        TEST(test_other_authority_of_the_root),
        TEST(test_root_of_the_server),
        TEST(test_issued_by_a_subscriber),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
