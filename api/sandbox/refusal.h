/* Why the authority does not believe something: errors of the contract
 * (api/openapi.yaml). */
#ifndef API_SANDBOX_REFUSAL_H
#define API_SANDBOX_REFUSAL_H

#include <stdbool.h>

/* All are constant strings. code is "internal" when it was the sandbox that
 * failed, and "" when there is no refusal. */
struct refusal {
    const char *code;    /* "signerMismatch" … */
    const char *target;  /* of requestSubjectMismatch: "fullName", "snils",
                          * "inn", "organizationInn" or the word of an
                          * attribute; NULL else */
    const char *message; /* a Russian sentence for the person */
};

/* Several reasons may share a code and differ in their sentence. */
enum reason {
    ACCEPTED,
    INTERNAL,
    CMS_UNREADABLE,
    NOT_DETACHED,
    NOT_ATTACHED,
    SIGNATURE_INVALID,
    CONTENT_MISMATCH,
    SIGNER_MISMATCH,
    SIGNER_CHAIN,
    SIGNER_EXPIRED,
    SIGNER_REVOKED,
    SIGNER_KEY_PERIOD,
    REQUEST_UNREADABLE,
    REQUEST_SIGNATURE,
    REQUEST_KEY,
    SAME_KEY,
    REQUEST_SUBJECT,
    OTHER_PERSON,
    REQUEST_EXTENSIONS
};

/* Fill *refusal; true where the reason is that there is none. */
bool refusal_set(enum reason reason, const char *target,
                 struct refusal *refusal);

#endif
