/* An answer as it goes out, and the ways in which it is spoilt. */
#ifndef API_SANDBOX_HTTP_REPLY_H
#define API_SANDBOX_HTTP_REPLY_H

#include "api/sandbox/http/exchange.h"
#include "api/sandbox/http/mischief.h"

struct reply {
    unsigned status;
    const char *type; /* Content-Type; NULL: none */
    const char *location;
    char *body; /* owned; NULL where size is 0 */
    size_t size;
    uint64_t promised; /* Content-Length */
    bool filled;       /* what body lacks of it is made up; else it breaks */
    bool dropped;      /* the connection is closed instead */
};

/* Set up what a rule wants of an exchange before it runs; false: it is not
 * to be run. rule NULL: nothing. */
bool reply_prepare(struct exchange *exchange, const struct mischief_rule *rule);

/* Make the reply of an exchange and spoil it. False: no memory. Free the
 * body. */
bool reply_make(struct exchange *exchange, const struct mischief_rule *rule,
                struct reply *reply);

#endif
