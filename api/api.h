/* The enrollment API as operations (api/openapi.yaml): a message in, a
 * message out. */
#ifndef API_API_H
#define API_API_H

#include "api/message.h"

enum api_result {
    API_OK,
    API_REFUSED,     /* the server said no: code, message, traceId in out */
    API_UNREACHABLE, /* no connection, or lost; trying later makes sense */
    API_TIMEOUT,     /* no answer in time */
    API_TLS,         /* the server's certificate is not trusted */
    API_BUSY,        /* 429 or 503 for longer than is waited in one call */
    API_SERVER,      /* 5xx: the server is broken */
    API_GARBAGE,     /* an answer that breaks the contract */
    API_TOO_LARGE,   /* an answer above its maximum */
    API_CANCELLED,   /* interrupted by the person */
    API_MEMORY,
    API_CONFIGURATION /* a URL, a CA file or a call's fields of no use */
};

/* Words of every failure, in out as far as known: "code", "message",
 * "traceId", "target", "status" (HTTP), "retryAfter" (seconds). Words of
 * every answer: "date" (the server's clock, seconds since 1970), "etag",
 * "notModified", "traceId". Lists are numbered ("certificates.0.thumbprint"),
 * a form's members stand at the top ("status", "data.commonName"). */

struct api_settings {
    const char *url;     /* "https://host[:port]", without /v1 */
    const char *ca_file; /* PEM of the server's root, NULL: system's */
    const char *user_agent;
    long connect_seconds; /* 0: the default, 15 */
    long total_seconds;   /* of one exchange; 0: the default, 60 */
    unsigned attempts;    /* of one call; 0: the default, 4 */
    struct pace *pace;    /* shared with others (api/pace.h), or NULL */
};

struct api;

/* One thread at a time uses an api; each thread may have its own. Copies the
 * settings; connects nothing yet. https only, redirects never,
 * verification always; a proxy only where the environment names one
 * (https_proxy, no_proxy). */
enum api_result api_new(const struct api_settings *settings, struct api **api);
void api_free(struct api **api);

/* Do one operation. in: its fields and, where it wants one, "sid". The
 * answer's or the error's fields go into out (cleared first). Transient
 * failures of operations that may be repeated are repeated with growing,
 * jittered pauses that obey Retry-After; it never takes longer than about
 * two minutes. */
enum api_result api_call(struct api *api, const char *operation,
                         const struct message *in, struct message *out);

/* May be called from a signal handler: the call that runs, and every later
 * one, ends with API_CANCELLED. */
void api_cancel(void);

#endif
