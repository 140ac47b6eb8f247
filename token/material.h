/* What a container holds, outside of any: what is copied into another one,
 * into an archive or a PFX. Lives in secret memory. */
#ifndef TOKEN_MATERIAL_H
#define TOKEN_MATERIAL_H

#include "keygen/algorithm.h"
#include "keygen/bytes.h"
#include "keygen/certificate.h"
#include "keygen/chain.h"
#include "token/medium.h"

enum { MATERIAL_EXTENSIONS_MAX = 64 * 1024 };

struct material_key {
    const struct algorithm *algorithm;
    unsigned flags; /* of enum container_flag */
    /* The OID of its curve, which has several names; "": the usual one. */
    char curve_oid[CONTAINER_OID_MAX];
    uint8_t scalar[ALGORITHM_KEY_MAX]; /* little-endian, key_size bytes */
    struct certificate *certificate;   /* owned; NULL: none */
};

struct material {
    char name[4 * CONTAINER_NAME_MAX];    /* UTF-8 */
    time_t key_not_before, key_not_after; /* of the keys; 0: not said */
    size_t keys;                          /* 1 or 2 */
    size_t from_reserve; /* keys whose first copy was damaged where they were
                            taken from */
    struct material_key key[CONTAINER_KEYS];
    /* The other extensions of the header as they stand: whole DER elements,
     * one behind the other, without the key's period. */
    struct bytes extensions;
};

/* An empty one. */
MUST_CHECK enum fault material_new(struct material **material);
void material_free(struct material **material);

/* What a new container with one exchange key is to hold; scalar NULL: it is
 * not there yet. */
MUST_CHECK enum fault material_of_spec(const struct container_spec *spec,
                                       const uint8_t *scalar,
                                       struct material **material);

/* The certificates of the chain that the extensions hold, appended to chain;
 * what cannot be read as one is passed over. */
MUST_CHECK enum fault material_chain(const struct material *material,
                                     struct chain *chain);

/* Put a chain into the extensions (1.2.643.2.2.37.3.1). */
MUST_CHECK enum fault material_set_chain(struct material *material,
                                         const struct chain *chain);

/* What is computed of its keys: each as it would be opened, but for what its
 * container says of it; NULL where there is none. FAULT_ARGUMENT where a scalar
 * is none, FAULT_KEY_MISMATCH where a certificate is for another key. Free each
 * with container_free, also after a fault. */
MUST_CHECK enum fault material_keys(const struct material *material,
                                    struct container *key[CONTAINER_KEYS]);

#endif
