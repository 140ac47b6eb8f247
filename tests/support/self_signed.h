/* A certificate for a key, by nobody but the key. */
#ifndef TESTS_SUPPORT_SELF_SIGNED_H
#define TESTS_SUPPORT_SELF_SIGNED_H

#include "keygen/algorithm.h"
#include "keygen/certificate.h"
#include "token/medium.h"

#include <stdint.h>

/* For a scalar; curve names the curve, as GnuTLS knows more names than one.
 * padding bytes are added to its size. Ends the test where that fails. Free
 * with certificate_free. */
struct certificate *self_signed_new(const struct algorithm *algorithm,
                                    const uint8_t *scalar,
                                    gnutls_ecc_curve_t curve, size_t padding);

/* The same for a key that stays on its token (container->external). */
struct certificate *self_signed_inside(const struct container *container);

#endif
