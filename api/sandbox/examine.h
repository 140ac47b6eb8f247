/* What a certificate authority looks at before it believes a signature or a
 * request. */
#ifndef API_SANDBOX_EXAMINE_H
#define API_SANDBOX_EXAMINE_H

#include "api/sandbox/ca.h"
#include "api/sandbox/refusal.h"
#include "keygen/bytes.h"
#include "keygen/certificate.h"
#include "keygen/name.h"

#include <stdbool.h>
#include <time.h>

enum {
    EXAMINE_KEY_ID = 65 /* of examine_request, with the NUL */
};

/* Whether cms is a detached CAdES-BES signature of the statement by the old
 * certificate, and that certificate could sign at this moment: its chain to
 * the authority's root, its own dates, the list of revoked ones, its key's
 * period. False: *refusal says why.
 *
 * cmsUnreadable, signatureInvalid, contentMismatch, signerMismatch,
 * signerChainInvalid, signerExpired, signerRevoked, signerKeyPeriodOver. */
bool examine_statement(const struct ca *ca, const void *cms, size_t cms_size,
                       const void *statement, size_t statement_size,
                       const struct certificate *old, time_t now,
                       struct refusal *refusal);

/* Whether cms is an attached CAdES-BES signature by the old certificate (with
 * all of the above but contentMismatch) of a PKCS#10 that the authority can
 * certify: signed with the key that it is for, an algorithm known here, not
 * the old key, its subject the data of the form in every attribute and of the
 * same person as the old certificate, and the extensions of a qualified
 * certificate.
 *
 * True: its DER is appended to request, and key_id is filled with lower-case
 * hexadecimal that is the same for the same public key. False: *refusal.
 *
 * requestUnreadable, requestSignatureInvalid, requestKeyUnsupported, sameKey,
 * requestSubjectMismatch, requestExtensionsInvalid. */
bool examine_request(const struct ca *ca, const void *cms, size_t cms_size,
                     const struct name *data, const struct certificate *old,
                     time_t now, struct bytes *request,
                     char key_id[EXAMINE_KEY_ID], struct refusal *refusal);

/* The same of the bare PKCS#10 of an application on paper, which no old
 * certificate has signed: its subject may be of another person, and the old
 * certificate may be over. */
bool examine_plain_request(const void *der, size_t size,
                           const struct name *data,
                           const struct certificate *old, struct bytes *request,
                           char key_id[EXAMINE_KEY_ID],
                           struct refusal *refusal);

#endif
