/* What else a certificate says: what it may be used for, of which classes and
 * with which tools, and where its issuer answers (RFC 5280 4.2, RFC 9215
 * section 5). Copied out and bounded; what cannot be read counts as absent,
 * for this is for showing and decides nothing. */
#ifndef KEYGEN_PARTICULARS_H
#define KEYGEN_PARTICULARS_H

#include "keygen/certificate.h"

enum {
    PARTICULARS_MAX = 16,           /* of each list; more are passed over */
    PARTICULARS_OID = 64,           /* dotted, with the NUL */
    PARTICULARS_URL = 512,          /* with the NUL; longer ones are left out */
    PARTICULARS_TOOL = 4 * 200 + 1, /* UTF-8 of at most 200 characters */
    PARTICULARS_KEY_ID = 2 * 64 + 1 /* lower-case hex */
};

/* What may be done with the key (RFC 5280 4.2.1.3), bit 0 first. */
enum particulars_usage {
    USAGE_DIGITAL_SIGNATURE,
    USAGE_NON_REPUDIATION,
    USAGE_KEY_ENCIPHERMENT,
    USAGE_DATA_ENCIPHERMENT,
    USAGE_KEY_AGREEMENT,
    USAGE_KEY_CERT_SIGN,
    USAGE_CRL_SIGN,
    USAGE_ENCIPHER_ONLY,
    USAGE_DECIPHER_ONLY,
    USAGE_COUNT
};

/* The issuer's tools (issuerSignTool). */
enum particulars_tool {
    TOOL_SIGN,
    TOOL_CA,
    TOOL_SIGN_CERTIFICATE,
    TOOL_CA_CERTIFICATE,
    TOOL_COUNT
};

struct particulars_oids {
    char oid[PARTICULARS_MAX][PARTICULARS_OID];
    size_t count;
};

struct particulars_urls {
    char url[PARTICULARS_MAX][PARTICULARS_URL]; /* printable ASCII */
    size_t count;
};

struct particulars {
    bool usage[USAGE_COUNT];
    bool authority; /* may issue certificates */
    struct particulars_oids purposes, policies;
    int identification_kind; /* RFC 9215 5.5; -1: not said */
    char subject_tool[PARTICULARS_TOOL];
    char issuer_tool[TOOL_COUNT][PARTICULARS_TOOL];
    struct particulars_urls revocation, ocsp, issuers;
    char key_id[PARTICULARS_KEY_ID], issuer_key_id[PARTICULARS_KEY_ID];
};

/* NULL without memory; the caller frees it with free. */
struct particulars *particulars_read(const struct certificate *certificate);

#endif
