/* The way to a server, behind a small table so that a test can script it. */
#ifndef API_TRANSPORT_H
#define API_TRANSPORT_H

#include "api/answer.h"
#include "api/timer.h"

struct transport {
    /* One exchange in at most so many milliseconds. API_OK with any status;
     * API_UNREACHABLE, API_TIMEOUT, API_TLS, API_GARBAGE (not HTTP),
     * API_TOO_LARGE, API_CANCELLED, API_MEMORY or API_CONFIGURATION. The
     * answer comes empty with body.max set. */
    enum api_result (*exchange)(void *self, const struct inquiry *inquiry,
                                long milliseconds, struct answer *answer);
    void (*close)(void *self);
    void *self;
};

/* https with libcurl (api/curl.c). A proxy only where the environment names
 * one (https_proxy, no_proxy). */
enum api_result transport_curl(const struct api_settings *settings,
                               struct transport *transport);

/* An api over any transport, which it closes, also on failure. Of the
 * settings only attempts and total_seconds count. */
enum api_result api_new_over(const struct transport *transport,
                             const struct timer *timer,
                             const struct api_settings *settings,
                             struct api **api);

#endif
