/* Arithmetic modulo the order q of a curve, in constant time (GMP's
 * mpn_sec_*) or blinded. Numbers are little-endian, algorithm->key_size bytes.
 */
#ifndef KEYGEN_SCALAR_H
#define KEYGEN_SCALAR_H

#include "keygen/algorithm.h"
#include "keygen/fault.h"

#include <stdbool.h>

/* out = a * b mod q. out may be a or b. */
MUST_CHECK enum fault scalar_multiply(const struct algorithm *algorithm,
                                      const uint8_t *a, const uint8_t *b,
                                      uint8_t *out);

/* out = a^-1 mod q; FAULT_ARGUMENT where a is 0 or not below q. out may be
 * a. */
MUST_CHECK enum fault scalar_invert(const struct algorithm *algorithm,
                                    const uint8_t *a, uint8_t *out);

/* out = 1 + (wide mod (q - 1)), so 0 < out < q (FIPS 186-5 A.2.1, extra
 * random bits); wide is at least key_size + 8 and at most 2 * key_size
 * bytes. */
MUST_CHECK enum fault scalar_reduce(const struct algorithm *algorithm,
                                    const uint8_t *wide, size_t wide_size,
                                    uint8_t *out);

/* Whether 0 < a < q. */
bool scalar_valid(const struct algorithm *algorithm, const uint8_t *a);

#endif
