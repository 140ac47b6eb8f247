/* The bags of a PKCS#12 file (RFC 7292 4.2), each taken into a pfx. For
 * pfx_reader.c. */
#ifndef TOKEN_PFX_PFX_BAG_H
#define TOKEN_PFX_PFX_BAG_H

#include "token/pfx/pbe.h"
#include "token/pfx/pfx.h"

struct pfx_bags {
    const char *password; /* as in pbe_kdf.h */
    struct pbe_budget *budget;
    struct pfx *pfx;
    bool opened; /* something that was encrypted came out well */
};

/* Of an EncryptedPrivateKeyInfo, with header. */
MUST_CHECK enum fault pfx_bag_shrouded(struct pfx_bags *bags, struct der in);

/* Whether it has the form of one. */
bool pfx_bag_is_shrouded(struct der in);

/* Of a PrivateKeyInfo, with header. */
MUST_CHECK enum fault pfx_bag_plain(struct pfx_bags *bags, struct der in);

/* A certificate that stands by itself; what cannot be read as one is passed
 * over. */
MUST_CHECK enum fault pfx_bag_certificate(struct pfx_bags *bags,
                                          struct der der);

/* All of a SafeContents, with header. */
MUST_CHECK enum fault pfx_bag_contents(struct pfx_bags *bags, struct der in);

/* The same encrypted: the content of an AlgorithmIdentifier, and the data. */
MUST_CHECK enum fault pfx_bag_encrypted(struct pfx_bags *bags,
                                        struct der algorithm, struct der data);

#endif
