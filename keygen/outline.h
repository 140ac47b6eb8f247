/* The parts of a certificate that is written plainly: X.509 version 3 (RFC
 * 5280 4.1) in strict DER, signed with and for GOST (RFC 9215). Reading one
 * builds nothing, so it costs a tenth of what GnuTLS's reading does. Whatever
 * is written otherwise has no outline, which says nothing against it. */
#ifndef KEYGEN_OUTLINE_H
#define KEYGEN_OUTLINE_H

#include "keygen/algorithm.h"
#include "keygen/der.h"

#include <stdbool.h>
#include <time.h>

/* Windows on the bytes that were read. */
struct outline {
    struct der serial;          /* content of the INTEGER */
    struct der issuer, subject; /* whole */
    struct der extensions;      /* elements of the list, at least one */
    const struct algorithm *algorithm;
    struct der point; /* of its key, X ‖ Y, little-endian */
    time_t not_before, not_after;
    time_t key_not_before, key_not_after; /* 0 where absent */
};

/* False where there is none. */
bool outline_read(const void *der, size_t size, struct outline *outline);

/* The same of a certificate that is at hand in parts, what is missing being
 * zero: serial and issuer, whose names are not looked at, and where it goes
 * on. Then from there both times and the subject. */
bool outline_read_front(struct der certificate, struct outline *outline,
                        struct der *rest);
bool outline_read_owner(struct der rest, struct outline *outline);

#endif
