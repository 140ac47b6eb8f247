/* The checksum of a PKCS#12 file under its password (RFC 7292 4 and 5;
 * with GOST hashes R 50.1.112 5). */
#ifndef TOKEN_PFX_PFX_MAC_H
#define TOKEN_PFX_PFX_MAC_H

#include "token/pfx/pbe.h"

/* Check the content of a MacData over data. password as in pbe_kdf.h.
 * FAULT_SIGNATURE where it does not agree; FAULT_UNSUPPORTED, FAULT_DAMAGED,
 * FAULT_TOO_LARGE. */
MUST_CHECK enum fault pfx_mac_check(struct der mac_data, const char *password,
                                    struct pbe_budget *budget, struct der data);

enum pfx_mac_kind { PFX_MAC_SHA1, PFX_MAC_STREEBOG_512 };

/* Append a MacData over data. */
MUST_CHECK enum fault pfx_mac_put(enum pfx_mac_kind kind, const char *password,
                                  struct entropy *pool, struct der data,
                                  struct bytes *out);

#endif
