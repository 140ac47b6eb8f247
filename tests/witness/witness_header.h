/* header.key, and as much of a certificate as its public key. */
#ifndef TESTS_WITNESS_WITNESS_HEADER_H
#define TESTS_WITNESS_WITNESS_HEADER_H

#include "tests/witness/witness.h"

/* From the content of the outer sequence. Checksums are not looked at. */
bool witness_header_read(struct witness *witness, struct span header);

/* The coordinates in a certificate for a key of that size. */
bool witness_header_point(struct span certificate, size_t size, struct span *x,
                          struct span *y);

#endif
