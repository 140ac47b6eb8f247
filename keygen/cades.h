/* CAdES-BES signatures (ETSI TS 101 733; CMS of RFC 5652 with the attributes
 * contentType, messageDigest, signingTime, signingCertificateV2 of RFC 5035
 * with Streebog). */
#ifndef KEYGEN_CADES_H
#define KEYGEN_CADES_H

#include "keygen/bytes.h"
#include "keygen/certificate.h"
#include "keygen/fault.h"

enum { CADES_MAX = 256 * 1024 };

/* Sign data, 1 to CADES_MAX bytes; the DER is appended to out. attached: the
 * data is inside. The certificate must be that of the key
 * (FAULT_KEY_MISMATCH). What was made is read back and verified before it is
 * handed out. */
MUST_CHECK enum fault cades_sign(gnutls_privkey_t key,
                                 const struct certificate *certificate,
                                 const void *data, size_t size, bool attached,
                                 time_t when, struct bytes *out);

/* Verify a signature by one signer. data NULL: attached, and the content is
 * appended to content. The signer's certificate, as found inside, goes into
 * *signer (free it): its chain is the caller's to check. The signed
 * attributes above must be there, but for signingTime (*signing_time is 0
 * then), and signingCertificateV2 must name the signer. FAULT_SIGNATURE,
 * FAULT_SIGNER, FAULT_CERTIFICATE, FAULT_UNSUPPORTED, FAULT_TOO_LARGE. */
MUST_CHECK enum fault cades_verify(const void *cms, size_t cms_size,
                                   const void *data, size_t size,
                                   struct bytes *content,
                                   struct certificate **signer,
                                   time_t *signing_time);

#endif
