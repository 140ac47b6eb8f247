/* The body of a request: JSON of a shallow depth, an object of exactly the
 * fields that an operation knows; or a scan, of which the body is the word in
 * the path, "kind", alone. */
#ifndef API_SANDBOX_HTTP_BODY_H
#define API_SANDBOX_HTTP_BODY_H

#include "api/sandbox/http/exchange.h"

enum body_rule {
    BODY_PHONE,
    BODY_CODE,
    BODY_TOKEN,
    BODY_EXTERNAL_ID,
    BODY_THUMBPRINT,
    BODY_MODE,
    BODY_CMS,
    BODY_VERSION,
    BODY_VALUE, /* of an attribute of a name */
    BODY_DATA,  /* an object of such values; may be left out */
    BODY_ESIA,  /* the same of the data for ЕСИА */
    BODY_TRUE,
    BODY_RULES
};

struct body_field {
    const char *word;
    enum body_rule rule;
};

enum { BODY_FIELDS = 4, BODY_MAX = 1024 * 1024, BODY_DEPTH = 8 };

/* Parse and check the upload of an exchange whose route is known. True: body
 * and digest are set. False: it has been refused. */
bool body_check(struct exchange *exchange);

/* A field of a checked body as text. */
const char *body_text(const struct exchange *exchange, const char *word);

#endif
