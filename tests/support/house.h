/* A root, an authority below it and a leaf, good ones. */
#ifndef TESTS_SUPPORT_HOUSE_H
#define TESTS_SUPPORT_HOUSE_H

#include "keygen/chain.h"
#include "tests/support/pki.h"

struct house {
    struct pki root, ca, leaf;
    struct chain roots, between;
};

/* Of what the two above the leaf are made; the issuer is missing. */
extern const struct pki_spec house_root, house_ca;

/* Set-up and tear-down of cmocka. */
int house_build(void **state);
int house_demolish(void **state);

/* A copy of its certificate. */
void house_add(struct chain *chain, const struct pki *pki);

/* Verify at PKI_NOW. */
enum fault house_verify(const struct house *house,
                        const struct certificate *leaf, gnutls_x509_crl_t crl);

#endif
