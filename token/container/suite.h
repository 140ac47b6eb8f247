/* Which cryptography the container of a kind of key uses. */
#ifndef TOKEN_CONTAINER_SUITE_H
#define TOKEN_CONTAINER_SUITE_H

#include "keygen/algorithm.h"
#include "keygen/der.h"
#include "keygen/fault.h"
#include "token/container/cpkdf.h"
#include "token/container/gost28147.h"

struct suite {
    const char *oid;  /* of the key in the header: for exchange keys the
                         agreement, for signature keys the signature */
    const char *word; /* of the algorithm; NULL where it is none of ours */
    enum fault fault; /* what opening answers; FAULT_NONE: it is opened */
    const struct gost28147_sbox *sbox;
    struct cpkdf_hash hash;
};

/* Of an OID as it stands in a header, or NULL. */
const struct suite *suite_find(const struct der *oid);

/* In which keys of an algorithm are written; never NULL. */
const struct suite *suite_of(const struct algorithm *algorithm);

/* The algorithm of its keys on a curve, or NULL where that is not computed
 * here. One curve has several OIDs. */
const struct algorithm *suite_algorithm(const struct suite *suite,
                                        const struct der *curve_oid);

#endif
