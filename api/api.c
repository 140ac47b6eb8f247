#include "api/api.h"

#include "api/pace.h"
#include "api/retry.h"
#include "api/transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct api {
    struct transport transport;
    const struct timer *timer;
    unsigned attempts;
    long total; /* ms of one exchange */
    struct pace *pace;
};

enum api_result api_new_over(const struct transport *transport,
                             const struct timer *timer,
                             const struct api_settings *settings,
                             struct api **api)
{
    const long seconds = 60;

    *api = calloc(1, sizeof **api);
    if (*api == NULL) {
        transport->close(transport->self);
        return API_MEMORY;
    }
    **api = (struct api){
        .transport = *transport,
        .timer = timer,
        .attempts = settings->attempts,
        .total = 1000 * (settings->total_seconds > 0 &&
                                 settings->total_seconds < seconds * 60
                             ? settings->total_seconds
                             : seconds),
        .pace = settings->pace,
    };
    return API_OK;
}

enum api_result api_new(const struct api_settings *settings, struct api **api)
{
    struct transport transport;
    enum api_result result = transport_curl(settings, &transport);

    *api = NULL;
    if (result != API_OK)
        return result;
    return api_new_over(&transport, &timer_system, settings, api);
}

void api_free(struct api **api)
{
    if (*api == NULL)
        return;
    (*api)->transport.close((*api)->transport.self);
    free(*api);
    *api = NULL;
}

static long patience(const struct operation *operation)
{
    return operation->patience > 0 ? (long)operation->patience : 1;
}

/* One exchange, and what it means. */
static enum api_result try(struct api *api, const struct operation *operation,
                           const struct inquiry *inquiry, long milliseconds,
                           struct answer *answer, struct message *out)
{
    struct transport *transport = &api->transport;
    const long most = api->total * patience(operation);
    enum api_result result;

    answer_clear(answer);
    message_clear(out);
    result =
        transport->exchange(transport->self, inquiry,
                            milliseconds < most ? milliseconds : most, answer);
    if (result == API_OK)
        return answer_read(answer, operation, inquiry, out);
    answer->status = 0; /* of an answer that did not come whole */
    return result;
}

/* A server that is left alone because it asked another job for that is busy
 * for this one too, and no longer waited for than if it had asked this one. */
static enum api_result await_turn(struct api *api, const struct retry *retry,
                                  struct message *out)
{
    const long most = RETRY_AFTER_MAX * 1000L, left = retry_left(retry);
    char seconds[24];

    if (api->pace == NULL ||
        pace_wait(api->pace, api->timer, left < most ? left : most))
        return API_OK;
    if (timer_cancelled())
        return API_CANCELLED;
    message_clear(out);
    snprintf(seconds, sizeof seconds, "%ld",
             pace_left(api->pace, api->timer) / 1000 + 1);
    message_put_text(out, "retryAfter", seconds);
    return API_BUSY;
}

/* Not what concerns this call alone: a message that is asked for too soon. */
static void take_pace(struct api *api, const struct answer *answer,
                      const struct message *out)
{
    const long seconds = message_number(out, "retryAfter", ANSWER_RETRY_MAX, 0);
    const char *code = message_text(out, "code");

    if (api->pace != NULL && seconds > 0 &&
        (answer->status == 429 || answer->status == 503) &&
        (code == NULL || strcmp(code, "resendTooEarly") != 0))
        pace_hold(api->pace, api->timer, seconds);
}

static enum api_result try_all(struct api *api,
                               const struct operation *operation,
                               const struct inquiry *inquiry,
                               struct answer *answer, struct message *out)
{
    enum api_result result = API_CANCELLED;
    struct retry retry;

    retry_begin(&retry, api->timer, api->attempts, patience(operation));
    while (!timer_cancelled()) {
        long pause;

        result = await_turn(api, &retry, out);
        if (result != API_OK)
            break;
        result = try(api, operation, inquiry, retry_left(&retry), answer, out);
        if (result == API_OK)
            break;
        take_pace(api, answer, out);
        pause = retry_pause(
            &retry, &(struct retry_failure){
                        .result = result,
                        .status = answer->status,
                        .once = inquiry->once,
                        .sent = answer->sent,
                        .retry_after = message_number(out, "retryAfter",
                                                      ANSWER_RETRY_MAX, -1)});
        if (pause < 0)
            break;
        api->timer->pause(api->timer->self, pause);
        if (timer_cancelled())
            result = API_CANCELLED;
    }
    return result;
}

enum api_result api_call(struct api *api, const char *name,
                         const struct message *in, struct message *out)
{
    const struct operation *operation = operation_find(name);
    enum api_result result = API_CONFIGURATION;
    struct inquiry inquiry = {0};
    struct answer answer = {0};

    message_clear(out);
    if (operation == NULL)
        goto out;
    result = inquiry_make(operation, in, &inquiry);
    if (result != API_OK)
        goto out;
    answer.body.max = inquiry.maximum;
    result = try_all(api, operation, &inquiry, &answer, out);
out:
    inquiry_free(&inquiry);
    buffer_free(&answer.body);
    return result;
}
