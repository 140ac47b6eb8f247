#include "api/sandbox/http/server.h"

#include "api/sandbox/http/body.h"
#include "api/sandbox/http/exchange.h"
#include "api/sandbox/http/log_line.h"
#include "api/sandbox/http/reply.h"
#include "api/sandbox/http/route.h"
#include "keygen/bytes.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    UPLOAD_MORE = 8 * BODY_MAX, /* thrown away before hanging up */
    IDLE_SECONDS = 60,
    MEMORY = 64 * 1024, /* of a connection: its headers */
    BLOCK = 16 * 1024,
    NUMBER = 24
};

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
    uint16_t port;
    atomic_int working;
    pthread_mutex_t lock;
    pthread_cond_t stopping;
    bool stop;
};

/* A request while it comes in. */
struct visit {
    struct bytes upload;
    size_t received;
};

/* Ends early when the server stops. */
static void wait_for(struct server *server, long milliseconds)
{
    struct timespec until;

    if (milliseconds <= 0 || clock_gettime(CLOCK_MONOTONIC, &until) != 0)
        return;
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += milliseconds % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&server->lock);
    while (!server->stop && pthread_cond_timedwait(&server->stopping,
                                                   &server->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&server->lock);
}

/* --- answering ----------------------------------------------------------- */

static ssize_t read_reply(void *from, uint64_t at, char *to, size_t max)
{
    const struct reply *reply = from;

    if (at < reply->size) {
        size_t left = reply->size - (size_t)at;

        if (max > left)
            max = left;
        memcpy(to, reply->body + at, max);
        return (ssize_t)max;
    }
    if (!reply->filled)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    memset(to, 'a', max);
    return (ssize_t)max;
}

static void free_reply(void *reply)
{
    free(((struct reply *)reply)->body);
    free(reply);
}

/* The reply is the response's from here on. */
static struct MHD_Response *make_response(struct reply *reply)
{
    struct MHD_Response *response;

    if (reply->promised == reply->size)
        response = MHD_create_response_from_buffer(reply->size, reply->body,
                                                   MHD_RESPMEM_MUST_COPY);
    else
        response = MHD_create_response_from_callback(
            reply->promised, BLOCK, read_reply, reply, free_reply);
    return response;
}

static void add_headers(const struct exchange *exchange,
                        const struct reply *reply,
                        struct MHD_Response *response)
{
    char etag[EXCHANGE_ETAG + 2], seconds[NUMBER];

    MHD_add_response_header(response, "X-Trace-Id", exchange->trace);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (reply->type)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->location)
        MHD_add_response_header(response, "Location", reply->location);
    if (exchange->etag[0]) {
        snprintf(etag, sizeof etag, "\"%s\"", exchange->etag);
        MHD_add_response_header(response, "ETag", etag);
    }
    if (exchange->retry_after >= 0) {
        snprintf(seconds, sizeof seconds, "%ld", exchange->retry_after);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
}

/* MHD_NO closes the connection without a word. */
static enum MHD_Result send_reply(struct exchange *exchange,
                                  struct MHD_Connection *connection,
                                  const struct mischief_rule *rule)
{
    struct reply *reply = calloc(1, sizeof *reply);
    struct MHD_Response *response = NULL;
    enum MHD_Result result = MHD_NO;
    bool streamed = false;

    if (!reply || !reply_make(exchange, rule, reply))
        goto out;
    if (!reply->dropped) {
        response = make_response(reply);
        if (!response)
            goto out;
        streamed = reply->promised != reply->size;
        add_headers(exchange, reply, response);
    }
    log_line_write(exchange, connection, reply, response, rule);
    if (response)
        result = MHD_queue_response(connection, reply->status, response);
out:
    if (reply && !streamed)
        free_reply(reply);
    if (response)
        MHD_destroy_response(response);
    return result;
}

/* Names of queries are compared as they are, unlike those of headers. */
static enum MHD_Result take_query(void *to, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    struct exchange *exchange = to;

    (void)kind;
    exchange->queries++;
    if (strcmp(name, "type") == 0)
        exchange->query_type = value;
    return MHD_YES;
}

static void take_request(struct exchange *exchange,
                         struct MHD_Connection *connection,
                         const struct visit *visit)
{
    const struct {
        const char *name;
        const char **to;
    } headers[] = {{"Authorization", &exchange->authorization},
                   {"If-Match", &exchange->if_match},
                   {"If-None-Match", &exchange->if_none_match},
                   {"Content-Type", &exchange->content_type}};

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        *headers[i].to = MHD_lookup_connection_value(
            connection, MHD_HEADER_KIND, headers[i].name);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_query,
                              exchange);
    exchange->upload = visit->upload.data;
    exchange->upload_size = visit->upload.size;
    exchange->too_large = visit->upload.failed;
}

/* What was ordered to go wrong with it, or NULL. */
static const struct mischief_rule *work(struct server *server,
                                        struct exchange *exchange)
{
    const struct mischief_rule *rule = NULL;
    long wait = server->sandbox->settings.latency;

    if (exchange->route)
        rule = mischief_take(&server->sandbox->mischief, exchange->route->name);
    if (rule && rule->kind == MISCHIEF_SLOW)
        wait += rule->argument * 1000;
    wait_for(server, wait);
    exchange->now = time(NULL);
    if (reply_prepare(exchange, rule))
        route_run(exchange);
    return rule;
}

static enum MHD_Result answer(struct server *server, const struct visit *visit,
                              struct MHD_Connection *connection,
                              const char *path, const char *method)
{
    const struct mischief_rule *rule = NULL;
    struct exchange exchange;
    enum MHD_Result result;

    exchange_init(&exchange, server->sandbox);
    exchange.method = method;
    exchange.path = path;
    exchange.route = route_find(method, path, exchange.id, exchange.word);
    take_request(&exchange, connection, visit);
    if (atomic_fetch_add(&server->working, 1) < SERVER_PARALLEL)
        rule = work(server, &exchange);
    else
        exchange_refuse(&exchange, "tooManyRequests", NULL, NULL);
    atomic_fetch_sub(&server->working, 1);
    result = send_reply(&exchange, connection, rule);
    exchange_clear(&exchange);
    return result;
}

/* --- libmicrohttpd ------------------------------------------------------- */

static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
                              const char *path, const char *method,
                              const char *version, const char *data,
                              size_t *size, void **state)
{
    struct visit *visit = *state;

    (void)version;
    if (!visit) {
        visit = calloc(1, sizeof *visit);
        *state = visit;
        if (!visit)
            return MHD_NO;
        bytes_init(&visit->upload, route_body_max(method, path));
        return MHD_YES;
    }
    if (*size == 0)
        return answer(context, visit, connection, path, method);
    bytes_put(&visit->upload, data, *size);
    visit->received += *size;
    *size = 0;
    return visit->received > visit->upload.max + UPLOAD_MORE ? MHD_NO : MHD_YES;
}

static void finish(void *context, struct MHD_Connection *connection,
                   void **state, enum MHD_RequestTerminationCode code)
{
    struct visit *visit = *state;

    (void)context;
    (void)connection;
    (void)code;
    if (visit)
        bytes_free(&visit->upload);
    free(visit);
    *state = NULL;
}

static bool listen_on(struct server *server, const struct tls *tls,
                      uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port)};
    const union MHD_DaemonInfo *info;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
            MHD_USE_TLS | MHD_USE_POLL | MHD_USE_ITC,
        port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_HTTPS_MEM_KEY, tls->key, MHD_OPTION_HTTPS_MEM_CERT,
        tls->certificate, MHD_OPTION_HTTPS_PRIORITIES,
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        MHD_OPTION_NOTIFY_COMPLETED, finish, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MEMORY, MHD_OPTION_END);
    if (!server->daemon)
        return false;
    info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : port;
    return true;
}

static bool init_waiting(struct server *server)
{
    pthread_condattr_t attributes;
    bool ok;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
         pthread_cond_init(&server->stopping, &attributes) == 0 &&
         pthread_mutex_init(&server->lock, NULL) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

struct server *server_start(struct sandbox *sandbox, const struct tls *tls,
                            uint16_t port)
{
    struct server *server = calloc(1, sizeof *server);

    if (!server)
        return NULL;
    server->sandbox = sandbox;
    atomic_init(&server->working, 0);
    if (init_waiting(server) && listen_on(server, tls, port))
        return server;
    free(server);
    return NULL;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

void server_stop(struct server **out)
{
    struct server *server = *out;

    *out = NULL;
    if (!server)
        return;
    pthread_mutex_lock(&server->lock);
    server->stop = true;
    pthread_cond_broadcast(&server->stopping);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    pthread_cond_destroy(&server->stopping);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
