/* A PrivateKeyInfo (PKCS#8, RFC 5958) with a GOST key (RFC 9215 4.3). */
#ifndef TOKEN_PFX_PRIVATE_KEY_H
#define TOKEN_PFX_PRIVATE_KEY_H

#include "keygen/der.h"
#include "token/material.h"

/* The parts of its beginning. */
struct private_key_info {
    struct der oid;        /* of the key's algorithm */
    struct der parameters; /* what follows it */
    struct der value;      /* of the key */
    struct der attributes; /* at NULL: none */
};

/* False where in is something else. */
bool private_key_split(struct der in, struct private_key_info *info);

/* The key of an algorithm and a curve, from the OID and the content of an
 * AlgorithmIdentifier behind it. FAULT_UNSUPPORTED where it is not computed
 * here, FAULT_DAMAGED. */
MUST_CHECK enum fault private_key_kind(const struct der *oid,
                                       struct der parameters,
                                       struct material_key *key);

/* The whole: key gets all but certificate and flags. The number may stand
 * there as little-endian bytes, bare or in an OCTET STRING, as an INTEGER, or
 * masked (R 50.1.112). FAULT_DAMAGED, FAULT_UNSUPPORTED. */
MUST_CHECK enum fault private_key_read(struct der in, struct material_key *key);

/* What encloses the bytes of the number, which are the last of it: append it
 * with zeros in their place. Little-endian, bare (RFC 9548). */
void private_key_put_shell(const struct material_key *key, struct bytes *out);

/* Append { OID, { curve, digest } }; oid may be NULL: the key's own. */
void private_key_put_kind(const struct material_key *key, const char *oid,
                          struct bytes *out);

#endif
