/* One certificate authority: its certificate, its key, and its signature
 * under the certificates of others. */
#ifndef API_SANDBOX_AUTHORITY_H
#define API_SANDBOX_AUTHORITY_H

#include "keygen/certificate.h"
#include "keygen/fault.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <time.h>

enum authority_role {
    AUTHORITY_ROOT,
    AUTHORITY_ISSUING,  /* under the root */
    AUTHORITY_STRANGER, /* its own root, trusted by nobody */
    AUTHORITY_COUNT
};

struct authority {
    const char *word; /* "root", "issuing", "stranger": its files' name */
    struct certificate *certificate;
    gnutls_privkey_t key;
};

/* Read WORD.pem and WORD.key of a folder, or make both where there is no
 * certificate yet. Whoever calls holds the folder's lock. parent: the root,
 * for the issuing one; NULL: it certifies itself. FAULT_KEY_MISMATCH where
 * the two files do not belong together. */
MUST_CHECK enum fault authority_open(int folder, enum authority_role role,
                                     const struct authority *parent, time_t now,
                                     struct authority *authority);
void authority_close(struct authority *authority);

/* Complete a certificate that has its subject, key, dates and own extensions:
 * a random serial number, key identifiers, where to find the issuer and its
 * list, the issuer's signature. An issuer without a certificate certifies
 * itself. Free *certificate with certificate_free. */
MUST_CHECK enum fault authority_certify(const struct authority *issuer,
                                        gnutls_x509_crt_t crt,
                                        struct certificate **certificate);

/* A new key of 256 bits. */
MUST_CHECK enum fault authority_make_key(gnutls_x509_privkey_t *key);

#endif
