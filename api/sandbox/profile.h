/* The extensions that make a certificate a qualified one (order 795 of the
 * FSB, RFC 9215): written into a certificate, looked for in a request. */
#ifndef API_SANDBOX_PROFILE_H
#define API_SANDBOX_PROFILE_H

#include "keygen/fault.h"

#include <gnutls/x509.h>
#include <time.h>

enum {
    PROFILE_SIGN_TOOL_MAX = 200,     /* characters of subjectSignTool */
    PROFILE_SIGN_TOOL_SIZE = 4 * 200 /* bytes of them in UTF-8 */
};

struct profile {
    char sign_tool[PROFILE_SIGN_TOOL_SIZE + 1]; /* subjectSignTool */
    unsigned classes;        /* policies КС1 up to this many: 1 to 6 */
    int identification_kind; /* 0 to 3 */
    time_t key_not_before;   /* privateKeyUsagePeriod; 0 and 0: absent */
    time_t key_not_after;
};

/* Put keyUsage (critical), extKeyUsage, certificatePolicies,
 * privateKeyUsagePeriod, subjectSignTool, issuerSignTool and
 * identificationKind. FAULT_ARGUMENT where a value is out of its range. */
MUST_CHECK enum fault profile_put(gnutls_x509_crt_t certificate,
                                  const struct profile *profile);

/* The issuerSignTool and the policies of an authority's own certificate. */
MUST_CHECK enum fault profile_put_authority(gnutls_x509_crt_t certificate);

/* What a request asks for. FAULT_PROFILE where it is not the form that a
 * qualified certificate needs: keyUsage critical with digitalSignature and
 * nonRepudiation, the purposes clientAuth and emailProtection, the policy
 * КС1, subjectSignTool, identificationKind. */
MUST_CHECK enum fault profile_of_request(gnutls_x509_crq_t request,
                                         struct profile *profile);

#endif
