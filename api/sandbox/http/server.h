/* HTTPS on 127.0.0.1 (libmicrohttpd): a thread a connection, at most
 * SERVER_PARALLEL requests that are worked on at once. */
#ifndef API_SANDBOX_HTTP_SERVER_H
#define API_SANDBOX_HTTP_SERVER_H

#include "api/sandbox/http/tls.h"
#include "api/sandbox/sandbox.h"

#include <stdint.h>

enum { SERVER_PARALLEL = 20, SERVER_CONNECTIONS = 256 };

struct server;

/* Both sandbox and tls outlive the server. port 0: a free one. NULL on
 * failure. */
struct server *server_start(struct sandbox *sandbox, const struct tls *tls,
                            uint16_t port);
uint16_t server_port(const struct server *server);

/* Waits for what is being answered, but not for pauses. */
void server_stop(struct server **server);

#endif
