/* The way to the centre: a transport, and api_new as the client finds it. */
#include "api/transport.h"
#include "tests/support/centre.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *header(const struct inquiry *inquiry, const char *name)
{
    const struct buffer *lines = &inquiry->headers;

    for (size_t at = 0; at < lines->size; at += strlen(lines->data + at) + 1)
        if (strncmp(lines->data + at, name, strlen(name)) == 0)
            return lines->data + at + strlen(name);
    return NULL;
}

static void put(struct answer *answer, const char *name, const char *value)
{
    answer_header(answer, name, strlen(name), value, strlen(value));
}

static void take(const struct centre_reply *reply, struct answer *answer)
{
    char text[96];
    struct tm tm;

    gmtime_r(&reply->date, &tm);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    put(answer, "Date", text);
    put(answer, "X-Trace-Id", reply->trace);
    if (reply->type != NULL)
        put(answer, "Content-Type", reply->type);
    snprintf(text, sizeof text, "\"%s\"", reply->etag);
    if (reply->etag[0] != '\0')
        put(answer, "ETag", text);
    snprintf(text, sizeof text, "%ld", reply->retry_after);
    if (reply->retry_after >= 0)
        put(answer, "Retry-After", text);
    answer->status = reply->status;
    if (reply->size > 0)
        buffer_put(&answer->body, reply->body, reply->size);
}

static enum api_result visit(void *self, const struct inquiry *inquiry,
                             long milliseconds, struct answer *answer)
{
    const struct centre_request request = {
        .method = inquiry->method,
        .path = inquiry->path.data,
        .authorization = header(inquiry, "Authorization: "),
        .if_match = header(inquiry, "If-Match: "),
        .if_none_match = header(inquiry, "If-None-Match: "),
        .content_type = header(inquiry, "Content-Type: "),
        .body = inquiry->has_body ? inquiry->body.data : NULL,
        .body_size = inquiry->has_body ? inquiry->body.size : 0,
    };
    struct centre_reply reply = {0};

    (void)self;
    (void)milliseconds;
    centre_answer(&request, &reply);
    answer->sent = true;
    if (!reply.dropped)
        take(&reply, answer);
    free(reply.body);
    return reply.dropped ? API_UNREACHABLE : API_OK;
}

static void close_nothing(void *self)
{
    (void)self;
}

static long long timer_now(void *self)
{
    (void)self;
    return (long long)centre.now * 1000;
}

static void timer_pause(void *self, long milliseconds)
{
    (void)self;
    centre.now += (milliseconds + 999) / 1000;
}

static long timer_random(void *self, long below)
{
    (void)self;
    return below / 2;
}

enum api_result __wrap_api_new(const struct api_settings *settings,
                               struct api **api);

enum api_result __wrap_api_new(const struct api_settings *settings,
                               struct api **api)
{
    static const struct timer timer = {timer_now, timer_pause, timer_random,
                                       NULL};
    const struct transport transport = {visit, close_nothing, NULL};

    snprintf(centre.url, sizeof centre.url, "%s", settings->url);
    return api_new_over(&transport, &timer, settings, api);
}
