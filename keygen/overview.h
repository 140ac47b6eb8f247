/* What a list shows of a certificate, where reading is slow: whose it is and
 * until when. It is read from a third of the bytes, without the issuer's name,
 * key, extensions and signature: for display alone, nothing is to be decided
 * by it. */
#ifndef KEYGEN_OVERVIEW_H
#define KEYGEN_OVERVIEW_H

#include "keygen/certificate.h"
#include "keygen/der.h"
#include "keygen/fault.h"
#include "keygen/name.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct overview {
    char serial[2 * CERTIFICATE_SERIAL_MAX + 1]; /* lower-case hex */
    time_t not_before, not_after;
    struct name subject;
};

/* Puts the bytes of the certificate there that belong there: size from at. */
typedef enum fault overview_fetch(void *context, const uint8_t *at,
                                  size_t size);

/* Read one of which so many bytes are there and the others are zero; the rest
 * that it takes is fetched, in as few parts as can be. FAULT_CERTIFICATE where
 * it is not written plainly (keygen/outline.h) or its names are very long: all
 * of it is to be read then. Free with overview_free. */
MUST_CHECK enum fault overview_read(struct der certificate, size_t there,
                                    overview_fetch *fetch, void *context,
                                    struct overview **overview);
MUST_CHECK enum fault overview_copy(const struct overview *from,
                                    struct overview **to);
void overview_free(struct overview **overview);

#endif
