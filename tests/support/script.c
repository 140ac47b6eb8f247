#include "tests/support/script.h"

#include <string.h>

static void note(struct script *script, const struct inquiry *inquiry)
{
    const struct buffer *headers = &inquiry->headers;
    struct buffer *text = &script->request[script->asked % SCRIPT_MAX];

    buffer_free(text);
    text->max = 4 * MESSAGE_SIZE_MAX;
    buffer_put_text(text, inquiry->method);
    buffer_put_text(text, " ");
    buffer_put_text(text, inquiry->path.data);
    buffer_put_text(text, "\n");
    for (size_t at = 0; at < headers->size;
         at += strlen(headers->data + at) + 1) {
        buffer_put_text(text, headers->data + at);
        buffer_put_text(text, "\n");
    }
    buffer_put_text(text, "\n");
    if (inquiry->has_body)
        buffer_put(text, inquiry->body.data, inquiry->body.size);
}

static void put_headers(const char *lines, struct answer *answer)
{
    while (*lines != '\0') {
        size_t size = strcspn(lines, "\n");
        const char *colon = memchr(lines, ':', size);

        if (colon != NULL)
            answer_header(answer, lines, (size_t)(colon - lines), colon + 2,
                          size - (size_t)(colon + 2 - lines));
        lines += size + (lines[size] == '\n');
    }
}

static enum api_result exchange(void *self, const struct inquiry *inquiry,
                                long milliseconds, struct answer *answer)
{
    struct script *script = self;
    const struct script_answer *given =
        &script->answers[script->asked % SCRIPT_MAX];

    note(script, inquiry);
    script->limit[script->asked % SCRIPT_MAX] = milliseconds;
    script->asked++;
    script->now += given->takes < milliseconds ? given->takes : milliseconds;
    answer->sent = !given->unsent;
    answer->status = given->status;
    put_headers(given->headers == NULL ? "Content-Type: application/json"
                                       : given->headers,
                answer);
    if (given->body != NULL)
        buffer_put_text(&answer->body, given->body);
    return answer->body.full ? API_TOO_LARGE : given->result;
}

static void close_script(void *self)
{
    struct script *script = self;

    for (size_t i = 0; i < SCRIPT_MAX; i++)
        buffer_free(&script->request[i]);
    script->closed = true;
}

static long long now(void *self)
{
    return ((struct script *)self)->now;
}

static void pause_script(void *self, long milliseconds)
{
    struct script *script = self;

    script->pauses[script->paused++ % SCRIPT_MAX] = milliseconds;
    script->now += milliseconds;
}

static long random_of(void *self, long below)
{
    return (below - 1) * ((struct script *)self)->chance / 100;
}

struct transport script_transport(struct script *script)
{
    return (struct transport){
        .exchange = exchange, .close = close_script, .self = script};
}

struct timer script_timer(struct script *script)
{
    return (struct timer){
        .now = now, .pause = pause_script, .random = random_of, .self = script};
}
