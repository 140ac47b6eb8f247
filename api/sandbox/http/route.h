/* The operations of api/openapi.yaml, one row each. */
#ifndef API_SANDBOX_HTTP_ROUTE_H
#define API_SANDBOX_HTTP_ROUTE_H

#include "api/sandbox/http/body.h"
#include "api/sandbox/http/exchange.h"

struct route {
    const char *name; /* the operationId */
    const char *method;
    const char *path; /* "*" stands for an id of 32 hexadecimal digits,
                         "$" for a word of small letters at the end */
    void (*run)(struct exchange *exchange);
    bool signed_in;         /* wants a session */
    bool if_match;          /* wants the etag of the form */
    bool takes_scan;        /* its body is a file */
    const char *query_type; /* the only ?type= there is, NULL: no query */
    struct body_field fields[BODY_FIELDS];
};

/* The operation, and id and word in the path where it has them; or NULL. */
const struct route *route_find(const char *method, const char *path,
                               char id[STORE_ID], char word[STORE_ID]);

/* How large the body may be of what is found so. */
size_t route_body_max(const char *method, const char *path);

/* Check everything that is asked of the operation that was found, and do it.
 * Always leaves a status. */
void route_run(struct exchange *exchange);

/* By its operationId, or NULL. */
const struct route *route_named(const char *name);

#endif
