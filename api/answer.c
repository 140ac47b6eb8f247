#include "api/answer.h"

#include "api/date.h"
#include "api/foreign.h"

#include <json-c/json.h>
#include <json-c/json_visit.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void answer_header(struct answer *answer, const char *name, size_t name_size,
                   const char *value, size_t value_size)
{
    struct headers *headers = &answer->headers;
    const struct {
        const char *name;
        char *place;
        size_t room;
    } known[] = {
        {"Content-Type", headers->content_type, sizeof headers->content_type},
        {"Date", headers->date, sizeof headers->date},
        {"ETag", headers->etag, sizeof headers->etag},
        {"X-Trace-Id", headers->trace_id, sizeof headers->trace_id},
        {"Retry-After", headers->retry_after, sizeof headers->retry_after},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strlen(known[i].name) != name_size ||
            strncasecmp(known[i].name, name, name_size) != 0)
            continue;
        memset(known[i].place, 0, known[i].room);
        if (value_size < known[i].room &&
            memchr(value, '\0', value_size) == NULL)
            memcpy(known[i].place, value, value_size);
    }
}

void answer_clear(struct answer *answer)
{
    answer->sent = false;
    answer->status = 0;
    answer->headers = (struct headers){0};
    buffer_clear(&answer->body);
}

static void put_number(struct message *out, const char *word, long long number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", number);
    message_put_text(out, word, text);
}

/* Between the quotes; whether it is weak makes no difference here. */
static void put_etag(const char *etag, struct message *out)
{
    size_t size = strlen(etag);

    if (strncmp(etag, "W/", 2) == 0) {
        etag += 2;
        size -= 2;
    }
    if (size > 2 && etag[0] == '"' && etag[size - 1] == '"' &&
        foreign_is_etag(etag + 1, size - 2, OPERATION_ETAG_MAX))
        message_put(out, "etag", etag + 1, size - 2);
}

static void put_headers(const struct headers *headers, struct message *out)
{
    size_t size = strlen(headers->trace_id);
    time_t date;

    if (date_imf(headers->date, &date) == 0)
        put_number(out, "date", date);
    if (foreign_is_id(headers->trace_id, size, OPERATION_ID_MAX))
        message_put(out, "traceId", headers->trace_id, size);
    put_etag(headers->etag, out);
}

/* Seconds, or a date counted from the server's own clock. */
static void put_retry_after(const struct headers *headers, struct message *out)
{
    const char *text = headers->retry_after;
    size_t digits = strspn(text, "0123456789");
    long long seconds = -1;
    time_t from, until;

    if (digits > 0 && text[digits] == '\0') {
        seconds = 0;
        for (size_t i = 0; i < digits && seconds < ANSWER_RETRY_MAX; i++)
            seconds = seconds * 10 + (text[i] - '0');
    } else if (date_imf(text, &until) == 0) {
        if (date_imf(headers->date, &from) != 0)
            from = time(NULL);
        seconds = until > from ? until - from : 0;
    }
    if (seconds > ANSWER_RETRY_MAX)
        seconds = ANSWER_RETRY_MAX;
    if (seconds >= 0)
        put_number(out, "retryAfter", seconds);
}

/* Whether Content-Type is type, with a charset that is UTF-8 or none. */
static bool is_type(const struct headers *headers, const char *type)
{
    const char *text = headers->content_type;
    size_t size = strlen(type);

    if (strncasecmp(text, type, size) != 0)
        return false;
    text += size;
    text += strspn(text, " \t");
    if (*text == '\0')
        return true;
    if (*text++ != ';')
        return false;
    text += strspn(text, " \t");
    return strcasecmp(text, "charset=utf-8") == 0 ||
           strcasecmp(text, "charset=\"utf-8\"") == 0;
}

/* json_c_visit_userfunc: its strings are its own, to be written to. */
static int wipe_text(struct json_object *value, int flags,
                     struct json_object *parent, const char *name,
                     size_t *place, void *data)
{
    (void)flags, (void)parent, (void)name, (void)place, (void)data;
    if (json_object_get_type(value) == json_type_string)
        sodium_memzero((void *)(uintptr_t)json_object_get_string(value),
                       (size_t)json_object_get_string_len(value));
    return JSON_C_VISIT_RETURN_CONTINUE;
}

static enum api_result read_json(const struct answer *answer,
                                 const struct json_field *fields,
                                 struct message *out)
{
    struct json_object *root = NULL;
    enum api_result result = API_GARBAGE;

    if (!is_type(&answer->headers, "application/json") ||
        answer->body.size == 0)
        return API_GARBAGE;
    result = json_parse(answer->body.data, answer->body.size, &root);
    if (result == API_OK)
        result = json_read(root, fields, out);
    (void)json_c_visit(root, 0, wipe_text, NULL); /* a session's token */
    json_object_put(root);
    return result;
}

/* The statement is signed as it stands, so nothing of it may be changed
 * here: it is taken only if a person sees all of it. */
static enum api_result read_statement(const struct answer *answer,
                                      struct message *out)
{
    const struct buffer *body = &answer->body;

    if (!is_type(&answer->headers, "text/plain") || body->size == 0 ||
        !foreign_is_clean(body->data, body->size))
        return API_GARBAGE;
    message_put(out, "statement", body->data, body->size);
    return message_failed(out) ? API_TOO_LARGE : API_OK;
}

static enum api_result read_success(const struct answer *answer,
                                    const struct operation *operation,
                                    const struct inquiry *inquiry,
                                    struct message *out)
{
    if (answer->status == 304) {
        message_put_text(out, "notModified", "true");
        return inquiry->conditional ? API_OK : API_GARBAGE;
    }
    if (answer->status != 200 && answer->status != 201)
        return API_GARBAGE;
    if (operation->outputs == NULL)
        return read_statement(answer, out);
    return read_json(answer, operation->outputs, out);
}

/* Statuses that mean the same with or without words of the server. */
static const struct {
    long first, last;
    enum api_result result;
} failures[] = {
    {408, 408, API_TIMEOUT}, {429, 429, API_BUSY},   {500, 502, API_SERVER},
    {503, 503, API_BUSY},    {504, 599, API_SERVER},
};

static enum api_result read_failure(const struct answer *answer,
                                    struct message *out)
{
    enum api_result result = read_json(answer, operation_error, out);
    const char *code = message_text(out, "code");

    if (result != API_OK && result != API_GARBAGE)
        return result;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (answer->status < failures[i].first ||
            answer->status > failures[i].last)
            continue;
        /* A 429 of one act (too early, say) is an answer to the person. */
        if (answer->status == 429 && result == API_OK &&
            strcmp(code, "tooManyRequests") != 0)
            break;
        return failures[i].result;
    }
    return result == API_OK ? API_REFUSED : API_GARBAGE;
}

enum api_result answer_read(const struct answer *answer,
                            const struct operation *operation,
                            const struct inquiry *inquiry, struct message *out)
{
    enum api_result result;

    message_clear(out);
    put_headers(&answer->headers, out);
    if (answer->status < 400)
        result = read_success(answer, operation, inquiry, out);
    else
        result = read_failure(answer, out);
    if (result == API_OK)
        return API_OK;
    if (result == API_GARBAGE || result == API_TOO_LARGE) {
        message_clear(out); /* of a part that was read */
        put_headers(&answer->headers, out);
    }
    put_number(out, "status", answer->status);
    if (answer->status >= 400)
        put_retry_after(&answer->headers, out);
    return result;
}
