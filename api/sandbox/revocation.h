/* Lists of revoked certificates (RFC 5280 section 5). */
#ifndef API_SANDBOX_REVOCATION_H
#define API_SANDBOX_REVOCATION_H

#include "keygen/fault.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    REVOCATION_DAYS = 7, /* how long a list is good */
    REVOCATION_ENTRIES_MAX = 5000,
    REVOCATION_MAX = 512 * 1024 /* bytes of DER; of PEM twice that */
};

/* What a list is to say next. */
struct revocation {
    const uint8_t *serial; /* NULL: nothing new */
    size_t serial_size;
    time_t revoked; /* of the new entry */
    time_t now;     /* the list begins just before, and never before the last
                     * one did */
};

/* The next list: all entries of the last one (NULL: it is the first) and the
 * new entry, with the next number. FAULT_TOO_LARGE when full. */
MUST_CHECK enum fault revocation_next(gnutls_x509_crl_t last,
                                      const struct revocation *what,
                                      gnutls_x509_crt_t issuer,
                                      gnutls_privkey_t key,
                                      gnutls_x509_crl_t *next);

/* Whether the list names this serial number. */
bool revocation_has(gnutls_x509_crl_t list, const uint8_t *serial, size_t size);

/* Whether the list is no longer good at this moment. */
bool revocation_over(gnutls_x509_crl_t list, time_t now);

#endif
