/* PKCS#10 requests with the extensions of a qualified certificate. */
#ifndef KEYGEN_REQUEST_H
#define KEYGEN_REQUEST_H

#include "keygen/algorithm.h"
#include "keygen/bytes.h"
#include "keygen/fault.h"
#include "keygen/name.h"

#include <gnutls/abstract.h>
#include <time.h>

enum { REQUEST_MAX = 16 * 1024 };

struct request_content {
    const struct name *subject;
    const char *sign_tool;   /* subjectSignTool, at most 200 characters */
    unsigned classes;        /* policies КС1 up to this many: 1 to 6 */
    int identification_kind; /* RFC 9215: 0 personal, 1 by a valid КЭП */
    time_t key_not_before;   /* privateKeyUsagePeriod; 0: left out */
    time_t key_not_after;
};

/* DER of a request signed with the key it is for; appended to out. Key usage
 * (critical) digitalSignature, nonRepudiation, keyEncipherment,
 * dataEncipherment; purposes clientAuth, emailProtection. */
MUST_CHECK enum fault request_make(gnutls_privkey_t key,
                                   const struct algorithm *algorithm,
                                   const struct request_content *content,
                                   struct bytes *out);

/* The same where the key cannot tell its public part (external_key.h). */
MUST_CHECK enum fault request_make_for(gnutls_pubkey_t public,
                                       gnutls_privkey_t key,
                                       const struct algorithm *algorithm,
                                       const struct request_content *content,
                                       struct bytes *out);

/* A request as received: the self-signature verified, the subject read.
 * *crq is the caller's (gnutls_x509_crq_deinit). FAULT_REQUEST,
 * FAULT_SIGNATURE, FAULT_UNSUPPORTED. */
MUST_CHECK enum fault request_read(const void *der, size_t size,
                                   gnutls_x509_crq_t *crq,
                                   struct name *subject);

#endif
