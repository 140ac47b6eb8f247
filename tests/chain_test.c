#include "keygen/chain.h"

#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *what;
    struct pki_spec root, ca, leaf; /* all zero: as always */
    time_t when;                    /* 0: PKI_NOW */
    enum fault fault;
} rows[] = {
    {.what = "good", .fault = FAULT_NONE},
    {.what = "first second", .when = PKI_FROM, .fault = FAULT_NONE},
    {.what = "last second", .when = PKI_UNTIL, .fault = FAULT_NONE},
    {.what = "too early", .when = PKI_FROM - 1, .fault = FAULT_EXPIRED},
    {.what = "too late", .when = PKI_UNTIL + 1, .fault = FAULT_EXPIRED},
    {.what = "leaf over",
     .leaf = {.until = PKI_NOW - 1},
     .fault = FAULT_EXPIRED},
    {.what = "leaf not yet",
     .leaf = {.from = PKI_NOW + 1},
     .fault = FAULT_EXPIRED},
    {.what = "authority over",
     .ca = {.name = "Центр", .authority = true, .until = PKI_NOW - 1},
     .fault = FAULT_EXPIRED},
    {.what = "root over",
     .root = {.name = "Корень", .authority = true, .until = PKI_NOW - 1},
     .fault = FAULT_EXPIRED},
    {.what = "the middle is no authority",
     .ca = {.name = "Центр"},
     .fault = FAULT_CHAIN},
    {.what = "the middle says cA FALSE",
     .ca = {.name = "Центр", .authority = true, .without = "cA"},
     .fault = FAULT_CHAIN},
    {.what = "the middle may not sign certificates",
     .ca = {.name = "Центр", .authority = true, .without = "keyCertSign"},
     .fault = FAULT_CHAIN},
    {.what = "the root is no authority",
     .root = {.name = "Корень"},
     .fault = FAULT_CHAIN},
    {.what = "path length 0 with one between",
     .root = {.name = "Корень", .authority = true, .bounded = true},
     .fault = FAULT_CHAIN},
    {.what = "path length 1 with one between",
     .root = {.name = "Корень",
              .authority = true,
              .bounded = true,
              .path_length = 1},
     .fault = FAULT_NONE},
    {.what = "path length 0 of the last",
     .ca = {.name = "Центр", .authority = true, .bounded = true},
     .fault = FAULT_NONE},
    {.what = "unknown critical extension of the leaf",
     .leaf = {.critical = "1.2.3.4"},
     .fault = FAULT_CHAIN},
    {.what = "unknown critical extension of the authority",
     .ca = {.name = "Центр", .authority = true, .critical = "1.2.3.4"},
     .fault = FAULT_CHAIN},
    {.what = "constraints on names",
     .ca = {.name = "Центр", .authority = true, .critical = "2.5.29.30"},
     .fault = FAULT_CHAIN},
};

static void test_chains(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pki root, ca, leaf;
        struct chain roots = {0}, between = {0};
        struct pki_spec spec;

        print_message("# %s\n", rows[i].what);
        pki_make(&root,
                 rows[i].root.name != NULL ? &rows[i].root : &house_root);
        spec = rows[i].ca.name != NULL ? rows[i].ca : house_ca;
        spec.issuer = &root;
        pki_make(&ca, &spec);
        spec = rows[i].leaf;
        spec.issuer = &ca;
        pki_make(&leaf, &spec);
        house_add(&roots, &root);
        house_add(&between, &ca);
        assert_int_equal(
            chain_verify(leaf.certificate, &between, &roots, NULL,
                         rows[i].when != 0 ? rows[i].when : PKI_NOW),
            rows[i].fault);
        chain_free(&roots);
        chain_free(&between);
        pki_free(&root);
        pki_free(&ca);
        pki_free(&leaf);
    }
}

static void test_missing_links(void **state)
{
    struct house *house = *state;
    const struct chain none = {0};
    const struct certificate *leaf = house->leaf.certificate;

    assert_int_equal(chain_verify(leaf, &none, &house->roots, NULL, PKI_NOW),
                     FAULT_CHAIN);
    assert_int_equal(chain_verify(leaf, NULL, &house->roots, NULL, PKI_NOW),
                     FAULT_CHAIN);
    assert_int_equal(chain_verify(leaf, &house->between, &none, NULL, PKI_NOW),
                     FAULT_CHAIN);
    /* An authority that is trusted itself is enough. */
    assert_int_equal(chain_verify(leaf, NULL, &house->between, NULL, PKI_NOW),
                     FAULT_NONE);
}

/* Who signs itself is nobody, also where it stands among the others. */
static void test_self_signed(void **state)
{
    struct house *house = *state;
    struct pki own;

    pki_make(&own, &(struct pki_spec){0});
    house_add(&house->between, &own);
    assert_int_equal(house_verify(house, own.certificate, NULL), FAULT_CHAIN);
    pki_free(&own);
}

/* The same names, another root's key. */
static void test_impostor(void **state)
{
    struct house *house = *state;
    struct pki_spec spec = house_ca;
    struct pki root, ca, leaf;

    pki_make(&root, &house_root);
    spec.issuer = &root;
    pki_make(&ca, &spec);
    pki_make(&leaf, &(struct pki_spec){.issuer = &ca});
    house_add(&house->between, &ca);
    house_add(&house->between, &root);
    assert_int_equal(house_verify(house, leaf.certificate, NULL), FAULT_CHAIN);
    assert_int_equal(house_verify(house, house->leaf.certificate, NULL),
                     FAULT_NONE);
    pki_free(&root);
    pki_free(&ca);
    pki_free(&leaf);
}

/* Some bits of what is signed, and of the signature. */
static void test_changed(void **state)
{
    struct house *house = *state;
    const gnutls_datum_t *der = &house->leaf.certificate->der;

    for (size_t i = 4; i < der->size; i += 3) {
        struct certificate *one = NULL;

        der->data[i] ^= (uint8_t)(1 << i % 8);
        if (certificate_read(der->data, der->size, &one) == FAULT_NONE)
            assert_int_not_equal(house_verify(house, one, NULL), FAULT_NONE);
        certificate_free(&one);
        der->data[i] ^= (uint8_t)(1 << i % 8);
    }
}

/* Cross-signed authorities of one name: the number of ways grows with the
 * factorial, the work does not. */
static void test_maze(void **state)
{
    struct house *house = *state;
    struct pki maze[CHAIN_MAX], leaf;
    struct chain between = {0};
    struct pki_spec spec = house_ca;
    clock_t begun;

    pki_make(&maze[0], &spec);
    house_add(&between, &maze[0]);
    for (size_t i = 1; i < CHAIN_MAX; i++) {
        spec.issuer = &maze[0];
        spec.same_key = &maze[0];
        pki_make(&maze[i], &spec);
        house_add(&between, &maze[i]);
    }
    pki_make(&leaf, &(struct pki_spec){.issuer = &maze[0]});
    begun = clock();
    assert_int_equal(
        chain_verify(leaf.certificate, &between, &house->roots, NULL, PKI_NOW),
        FAULT_CHAIN);
    assert_true(clock() - begun < 5 * CLOCKS_PER_SEC);
    chain_free(&between);
    for (size_t i = 0; i < CHAIN_MAX; i++)
        pki_free(&maze[i]);
    pki_free(&leaf);
}

/* Lists of authorities have hundreds: the last of them counts as the first. */
static void test_many_roots(void **state)
{
    struct house *house = *state;
    struct chain roots = {.most = CHAIN_ROOTS_MAX};
    struct pki other;

    pki_make(&other,
             &(struct pki_spec){.name = "Другой корень", .authority = true});
    while (roots.count < CHAIN_ROOTS_MAX - 1)
        house_add(&roots, &other);
    assert_int_equal(chain_verify(house->leaf.certificate, &house->between,
                                  &roots, NULL, PKI_NOW),
                     FAULT_CHAIN);
    house_add(&roots, &house->root);
    assert_int_equal(chain_verify(house->leaf.certificate, &house->between,
                                  &roots, NULL, PKI_NOW),
                     FAULT_NONE);
    chain_free(&roots);
    pki_free(&other);
}

static void test_what_can_be_a_root(void **state)
{
    static const struct {
        struct pki_spec spec;
        time_t when;
        bool is_root;
    } cases[] = {
        {{.name = "К", .authority = true}, PKI_NOW, true},
        {{.name = "К", .authority = true}, PKI_UNTIL, true},
        {{.name = "К", .authority = true}, PKI_UNTIL + 1, false},
        {{.name = "К", .authority = true}, PKI_FROM - 1, false},
        {{.name = "К"}, PKI_NOW, false},
        {{.name = "К", .authority = true, .without = "keyCertSign"},
         PKI_NOW,
         false},
        {{.name = "К", .authority = true, .critical = "2.5.29.30"},
         PKI_NOW,
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pki one;

        pki_make(&one, &cases[i].spec);
        if (chain_is_root(one.certificate, cases[i].when) != cases[i].is_root)
            fail_msg("row %zu", i);
        pki_free(&one);
    }
}

/* An RSA authority with SHA-256 counts for nothing here. */
static void test_other_algorithm(void **state)
{
    struct house *house = *state;
    gnutls_x509_crt_t crt = certificate_crt(house->ca.certificate);
    struct certificate *one = NULL;
    gnutls_privkey_t key = NULL;
    gnutls_pubkey_t public = NULL;
    gnutls_datum_t der = {NULL, 0};
    struct chain roots = {0};

    assert_true(gnutls_privkey_init(&key) >= 0);
    assert_true(gnutls_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0) >= 0);
    assert_true(gnutls_pubkey_init(&public) >= 0);
    assert_true(gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0);
    assert_true(gnutls_x509_crt_set_pubkey(crt, public) >= 0);
    assert_true(
        gnutls_x509_crt_privkey_sign(crt, crt, key, GNUTLS_DIG_SHA256, 0) >= 0);
    assert_true(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0);
    assert_int_equal(certificate_read(der.data, der.size, &one), FAULT_NONE);
    assert_null(one->algorithm);
    assert_int_equal(chain_add(&roots, one), FAULT_NONE);
    gnutls_free(der.data);
    assert_true(gnutls_x509_crt_privkey_sign(
                    certificate_crt(house->leaf.certificate),
                    certificate_crt(one), key, GNUTLS_DIG_SHA256, 0) >= 0);
    assert_true(
        gnutls_x509_crt_export2(certificate_crt(house->leaf.certificate),
                                GNUTLS_X509_FMT_DER, &der) >= 0);
    assert_int_equal(certificate_read(der.data, der.size, &one), FAULT_NONE);
    assert_int_equal(chain_verify(one, NULL, &roots, NULL, PKI_NOW),
                     FAULT_CHAIN);
    certificate_free(&one);
    chain_free(&roots);
    gnutls_free(der.data);
    gnutls_pubkey_deinit(public);
    gnutls_privkey_deinit(key);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, house_build, house_demolish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_can_be_a_root),
        cmocka_unit_test(test_chains),
        TEST(test_missing_links),
        TEST(test_self_signed),
        TEST(test_impostor),
        TEST(test_changed),
        TEST(test_maze),
        TEST(test_many_roots),
        TEST(test_other_algorithm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
