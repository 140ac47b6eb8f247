/* The line of --log that tells of an exchange: all of it but sessions, and of
 * a scan its size alone. */
#ifndef API_SANDBOX_HTTP_LOG_LINE_H
#define API_SANDBOX_HTTP_LOG_LINE_H

#include "api/sandbox/http/exchange.h"
#include "api/sandbox/http/reply.h"

#include <microhttpd.h>

/* response NULL: the connection is closed without one; rule NULL: nothing was
 * ordered to go wrong. */
void log_line_write(struct exchange *exchange,
                    struct MHD_Connection *connection,
                    const struct reply *reply, struct MHD_Response *response,
                    const struct mischief_rule *rule);

#endif
