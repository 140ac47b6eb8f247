/* A moment in time as ASN.1 writes it: UTCTime up to 2049, GeneralizedTime
 * after (RFC 5280 4.1.2.5, RFC 5652 11.3), always UTC and to the second. */
#ifndef KEYGEN_MOMENT_H
#define KEYGEN_MOMENT_H

#include "keygen/der.h"

#include <stdbool.h>
#include <time.h>

/* A whole element; false on any other form. */
bool moment_read(const struct der *whole, time_t *when);

/* Append it; out->failed before 1950 and after 9999. */
void moment_put(struct bytes *out, time_t when);

#endif
