/* What the key of an open container signs, wherever it is: where a token
 * does it, the fault is the token's and not only that of a library. */
#ifndef TOKEN_CONTAINER_SIGN_H
#define TOKEN_CONTAINER_SIGN_H

#include "keygen/bytes.h"
#include "keygen/request.h"
#include "token/medium.h"

/* A request for a certificate of its key (keygen/request.h). */
MUST_CHECK enum fault
container_sign_request(const struct container *container,
                       const struct request_content *content,
                       struct bytes *out);

/* A CAdES-BES under its certificate (keygen/cades.h). */
MUST_CHECK enum fault container_sign_cades(const struct container *container,
                                           const void *data, size_t size,
                                           bool attached, time_t when,
                                           struct bytes *out);

/* Its public key; the caller frees it with gnutls_pubkey_deinit. */
MUST_CHECK enum fault container_sign_public(const struct container *container,
                                            gnutls_pubkey_t *public);

/* Whether its key is the one of its point: a key on a token, which opens
 * without that being seen, signs something. FAULT_SIGNATURE. */
MUST_CHECK enum fault container_sign_prove(const struct container *container);

#endif
