/* The sandbox's own TLS: an authority (ECDSA P-256) made on first use and
 * kept in the store, and a server certificate that it signs for each run. */
#ifndef API_SANDBOX_HTTP_TLS_H
#define API_SANDBOX_HTTP_TLS_H

#include "api/sandbox/store.h"

enum tls_flaw { TLS_GOOD, TLS_UNTRUSTED, TLS_EXPIRED, TLS_OTHER_NAME };

/* PEM, owned. */
struct tls {
    char *authority; /* certificate */
    char *certificate;
    char *key;
};

/* The flaw of its word ("untrusted", "expired", "other-name"), or TLS_GOOD. */
enum tls_flaw tls_find(const char *word);

/* For 127.0.0.1 and localhost. False where GnuTLS or the store fails. */
bool tls_prepare(struct store *store, enum tls_flaw flaw, struct tls *tls);
void tls_free(struct tls *tls);

#endif
