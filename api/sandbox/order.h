/* A certificate as it was ordered, up to the signature. */
#ifndef API_SANDBOX_ORDER_H
#define API_SANDBOX_ORDER_H

#include "api/sandbox/ca.h"

/* Put subject, key, dates and the extensions of a subscriber into an empty
 * certificate, with the flaws that were ordered. Faults as of ca_issue. */
MUST_CHECK enum fault order_fill(const struct ca_order *order, time_t now,
                                 gnutls_x509_crt_t crt);

#endif
