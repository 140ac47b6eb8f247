/* Chains of certificates up to a trusted root (RFC 5280). */
#ifndef KEYGEN_CHAIN_H
#define KEYGEN_CHAIN_H

#include "keygen/certificate.h"
#include "keygen/fault.h"

enum {
    CHAIN_MAX = 8,        /* of what leads from one certificate to its root */
    CHAIN_ROOTS_MAX = 512 /* of roots: lists of authorities have hundreds */
};

/* A set of certificates. */
struct chain {
    struct certificate *certificate[CHAIN_ROOTS_MAX];
    size_t count;
    size_t most; /* that are taken; 0: CHAIN_MAX */
};

/* Takes ownership of the certificate; FAULT_TOO_LARGE when full (then it is
 * still the caller's). */
MUST_CHECK enum fault chain_add(struct chain *chain, struct certificate *one);
void chain_free(struct chain *chain);

/* All certificates of a PEM or DER text, appended. */
MUST_CHECK enum fault chain_read(struct chain *chain, const void *data,
                                 size_t size);

/* Whether chains can end in it at a moment: it is valid then, an authority's,
 * and of an algorithm that counts. */
bool chain_is_root(const struct certificate *one, time_t when);

/* Verify leaf through any of the intermediates to one of the roots at a
 * moment: signatures, dates, CA bits, path lengths. Only GOST R 34.10-2012
 * signatures count. crl may be NULL (not looked at), else the leaf's issuer
 * must have signed it and it must not be over. FAULT_CHAIN, FAULT_EXPIRED,
 * FAULT_REVOKED. */
MUST_CHECK enum fault chain_verify(const struct certificate *leaf,
                                   const struct chain *intermediates,
                                   const struct chain *roots,
                                   gnutls_x509_crl_t crl, time_t when);

#endif
