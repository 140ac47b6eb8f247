/* The operations of api/openapi.yaml, one row each. */
#ifndef API_SANDBOX_HTTP_ROUTE_H
#define API_SANDBOX_HTTP_ROUTE_H

#include "api/sandbox/http/body.h"
#include "api/sandbox/http/exchange.h"

struct route {
    const char *name; /* the operationId */
    const char *method;
    const char *path; /* "*" stands for an id of 32 hexadecimal digits */
    void (*run)(struct exchange *exchange);
    bool signed_in;         /* wants a session */
    bool if_match;          /* wants the etag of the form */
    const char *query_type; /* the only ?type= there is, NULL: no query */
    struct body_field fields[BODY_FIELDS];
};

/* The operation, and the id in the path where it has one; or NULL. */
const struct route *route_find(const char *method, const char *path,
                               char id[STORE_ID]);

/* Check everything that is asked of the operation that was found, and do it.
 * Always leaves a status. */
void route_run(struct exchange *exchange);

/* By its operationId, or NULL. */
const struct route *route_named(const char *name);

/* Walk: the i-th, NULL past the last. */
const struct route *route_at(size_t i);

#endif
