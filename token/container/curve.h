/* The curves of GOST R 34.10 that keys of containers lie on, also those that
 * are not computed here, by their names (RFC 4357, RFC 7836). */
#ifndef TOKEN_CONTAINER_CURVE_H
#define TOKEN_CONTAINER_CURVE_H

#include "keygen/der.h"

#include <stdbool.h>
#include <stddef.h>

struct curve {
    const char *oid;
    const char *name;
    size_t size;   /* bytes of a key's scalar on it */
    bool computed; /* by the libraries used here */
};

/* Of an OID as it stands in a header, or NULL. */
const struct curve *curve_find(const struct der *oid);

#endif
