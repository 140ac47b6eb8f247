/* Chains as texts, and revocation lists. */
#include "keygen/chain.h"

#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_lists(void **state)
{
    struct house *house = *state;
    const struct {
        const struct pki *issuer;
        const struct certificate *revoked;
        time_t from, until;
        enum fault fault;
    } lists[] = {
        {&house->ca, NULL, PKI_FROM, PKI_UNTIL, FAULT_NONE},
        {&house->ca, house->ca.certificate, PKI_FROM, PKI_UNTIL, FAULT_NONE},
        {&house->ca, house->leaf.certificate, PKI_FROM, PKI_UNTIL,
         FAULT_REVOKED},
        {&house->ca, NULL, PKI_NOW, PKI_NOW, FAULT_NONE},
        {&house->ca, NULL, PKI_FROM, PKI_NOW - 1, FAULT_CHAIN},
        {&house->ca, NULL, PKI_NOW + 1, PKI_UNTIL, FAULT_CHAIN},
        {&house->root, NULL, PKI_FROM, PKI_UNTIL, FAULT_CHAIN},
        {&house->leaf, NULL, PKI_FROM, PKI_UNTIL, FAULT_CHAIN},
    };

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        gnutls_x509_crl_t crl = pki_crl(lists[i].issuer, lists[i].revoked,
                                        lists[i].from, lists[i].until);

        print_message("# list %zu\n", i);
        assert_int_equal(house_verify(house, house->leaf.certificate, crl),
                         lists[i].fault);
        gnutls_x509_crl_deinit(crl);
    }
}

/* A list with the authority's name and another key. */
static void test_list_of_an_impostor(void **state)
{
    struct house *house = *state;
    gnutls_x509_crl_t crl;
    struct pki impostor;

    pki_make(&impostor, &house_ca);
    crl = pki_crl(&impostor, NULL, PKI_FROM, PKI_UNTIL);
    assert_int_equal(house_verify(house, house->leaf.certificate, crl),
                     FAULT_CHAIN);
    gnutls_x509_crl_deinit(crl);
    pki_free(&impostor);
}

static void put_pem(struct bytes *out, const struct pki *pki)
{
    gnutls_datum_t pem = {NULL, 0};

    assert_true(gnutls_pem_base64_encode2("CERTIFICATE", &pki->certificate->der,
                                          &pem) >= 0);
    bytes_put(out, pem.data, pem.size);
    gnutls_free(pem.data);
}

static void test_read(void **state)
{
    struct house *house = *state;
    struct chain chain = {0};
    struct bytes text;

    bytes_init(&text, 1024 * 1024);
    put_pem(&text, &house->root);
    bytes_put(&text, "between\n", 8);
    put_pem(&text, &house->ca);
    assert_int_equal(chain_read(&chain, text.data, text.size), FAULT_NONE);
    assert_int_equal(chain.count, 2);
    assert_string_equal(chain.certificate[1]->thumbprint,
                        house->ca.certificate->thumbprint);

    /* What does not fit or cannot be read leaves the chain as it was. */
    bytes_put(&text, "-----BEGIN CERTIFICATE-----", 27);
    assert_int_equal(chain_read(&chain, text.data, text.size),
                     FAULT_CERTIFICATE);
    assert_int_equal(chain.count, 2);
    bytes_free(&text);
    for (int i = 0; i < CHAIN_MAX - 1; i++)
        put_pem(&text, &house->leaf);
    assert_int_equal(chain_read(&chain, text.data, text.size), FAULT_TOO_LARGE);
    assert_int_equal(chain.count, 2);
    chain_free(&chain);
    assert_int_equal(chain.count, 0);

    bytes_free(&text);
    bytes_put(&text, house->root.certificate->der.data,
              house->root.certificate->der.size);
    bytes_put(&text, house->ca.certificate->der.data,
              house->ca.certificate->der.size);
    assert_int_equal(chain_read(&chain, text.data, text.size), FAULT_NONE);
    assert_int_equal(chain.count, 2);
    assert_int_equal(chain_read(&chain, text.data, text.size - 1),
                     FAULT_CERTIFICATE);
    assert_int_equal(chain_read(&chain, "", 0), FAULT_CERTIFICATE);
    assert_int_equal(chain_read(&chain, "nothing", 7), FAULT_CERTIFICATE);
    assert_int_equal(chain.count, 2);
    chain_free(&chain);
    bytes_free(&text);
}

static void test_full(void **state)
{
    struct house *house = *state;
    struct chain chain = {0};
    struct certificate *one = NULL;

    for (int i = 0; i < CHAIN_MAX; i++)
        house_add(&chain, &house->leaf);
    assert_int_equal(certificate_copy(house->leaf.certificate, &one),
                     FAULT_NONE);
    assert_int_equal(chain_add(&chain, one), FAULT_TOO_LARGE);
    certificate_free(&one);
    chain_free(&chain);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, house_build, house_demolish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lists),
        TEST(test_list_of_an_impostor),
        TEST(test_read),
        TEST(test_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
