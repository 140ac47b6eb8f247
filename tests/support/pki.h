/* Keys and certificates made for one test. Whatever fails ends the test. */
#ifndef TESTS_SUPPORT_PKI_H
#define TESTS_SUPPORT_PKI_H

#include "keygen/bytes.h"
#include "keygen/certificate.h"

#include <gnutls/abstract.h>
#include <stdbool.h>
#include <time.h>

enum {
    PKI_FROM = 1735689600,  /* 2025-01-01 */
    PKI_NOW = 1751328000,   /* 2025-07-01 */
    PKI_UNTIL = 1767225600, /* 2026-01-01 */
};

/* A key and the certificate for it. */
struct pki {
    const struct algorithm *algorithm;
    gnutls_privkey_t key;
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    struct certificate *certificate;
};

/* All zero makes a self-signed qualified certificate of a person. */
struct pki_spec {
    const char *name;         /* commonName; NULL: of the person */
    const char *word;         /* of the algorithm */
    const struct pki *issuer; /* NULL: itself */
    bool authority;
    bool bounded;               /* an authority with a path length */
    unsigned path_length;       /* that one */
    time_t from, until;         /* 0: PKI_FROM, PKI_UNTIL */
    time_t key_until;           /* privateKeyUsagePeriod; 0: left out */
    const char *without;        /* a point of certificate_profile to break */
    const char *critical;       /* OID of a critical extension to add */
    const struct pki *same_key; /* not a new key but this one's */
};

void pki_make(struct pki *pki, const struct pki_spec *spec);
void pki_free(struct pki *pki);

/* A new key alone; free with gnutls_privkey_deinit. */
gnutls_privkey_t pki_key(const struct algorithm *algorithm);

/* A list by issuer, from one moment to another, that revokes the serial
 * number of revoked, which may be NULL. */
gnutls_x509_crl_t pki_crl(const struct pki *issuer,
                          const struct certificate *revoked, time_t from,
                          time_t until);

/* The subject of the person: free with name_free. */
void pki_person(struct name *name);

#endif
