/* Which cryptography the container of a kind of key uses. */
#ifndef TOKEN_CONTAINER_SUITE_H
#define TOKEN_CONTAINER_SUITE_H

#include "keygen/algorithm.h"
#include "token/container/cpkdf.h"
#include "token/container/curve.h"
#include "token/container/gost28147.h"

struct suite {
    const char *word; /* of the algorithm of its keys */
    /* In the header an exchange key is named by its agreement, a signature
     * key by its signature. */
    const char *exchange_oid, *signature_oid;
    const struct gost28147_sbox *sbox;
    struct cpkdf_hash hash;
};

/* Of either OID as it stands in a header, or NULL. */
const struct suite *suite_find(const struct der *oid);

/* In which keys of an algorithm are written; never NULL. */
const struct suite *suite_of(const struct algorithm *algorithm);

/* The algorithm of its keys on a curve, or NULL where that is not computed
 * here. */
const struct algorithm *suite_algorithm(const struct suite *suite,
                                        const struct curve *curve);

#endif
