#include "tests/support/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

const struct pki_spec house_root = {
    .name = "Корень", .authority = true, .word = "gost2012-512"};
const struct pki_spec house_ca = {.name = "Центр", .authority = true};

void house_add(struct chain *chain, const struct pki *pki)
{
    struct certificate *copy = NULL;

    assert_int_equal(certificate_copy(pki->certificate, &copy), FAULT_NONE);
    assert_int_equal(chain_add(chain, copy), FAULT_NONE);
}

int house_build(void **state)
{
    struct house *house = calloc(1, sizeof *house);
    struct pki_spec spec = house_ca;

    pki_make(&house->root, &house_root);
    spec.issuer = &house->root;
    pki_make(&house->ca, &spec);
    pki_make(&house->leaf, &(struct pki_spec){.issuer = &house->ca});
    house_add(&house->roots, &house->root);
    house_add(&house->between, &house->ca);
    *state = house;
    return 0;
}

int house_demolish(void **state)
{
    struct house *house = *state;

    chain_free(&house->roots);
    chain_free(&house->between);
    pki_free(&house->root);
    pki_free(&house->ca);
    pki_free(&house->leaf);
    free(house);
    return 0;
}

enum fault house_verify(const struct house *house,
                        const struct certificate *leaf, gnutls_x509_crl_t crl)
{
    return chain_verify(leaf, &house->between, &house->roots, crl, PKI_NOW);
}
