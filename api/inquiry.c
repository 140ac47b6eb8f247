#include "api/inquiry.h"

#include "api/foreign.h"

#include <string.h>

/* The template with ids in the places of their words. */
static bool put_path(const struct message *in, const char *path,
                     struct buffer *to)
{
    while (*path != '\0') {
        size_t plain = strcspn(path, "{");
        size_t size = strcspn(path + plain, "}");
        char word[MESSAGE_WORD_MAX] = {0};
        const char *id;

        buffer_put(to, path, plain);
        path += plain;
        if (*path == '\0')
            break;
        if (size - 1 >= sizeof word)
            return false;
        memcpy(word, path + 1, size - 1);
        id = message_text(in, word);
        if (id == NULL || !foreign_is_id(id, strlen(id), OPERATION_ID_MAX))
            return false;
        buffer_put_text(to, id);
        path += size + 1;
    }
    return !to->failed;
}

static bool put_text(const struct message *in, const char *word,
                     struct buffer *to)
{
    const char *text = message_text(in, word);

    if (text == NULL)
        return false;
    json_put_text(to, word, text, strlen(text));
    return true;
}

static bool put_bytes(const struct message *in, const char *word,
                      struct buffer *to)
{
    size_t size;
    const void *bytes = message_get(in, word, &size);

    if (bytes == NULL || size == 0)
        return false;
    json_put_bytes(to, word, bytes, size);
    return true;
}

static bool put_true(const struct message *in, const char *word,
                     struct buffer *to)
{
    if (!message_true(in, word))
        return false;
    json_put_true(to, word);
    return true;
}

static bool put_inputs(const struct operation *operation,
                       const struct message *in, struct buffer *to)
{
    static bool (*const put[])(const struct message *, const char *,
                               struct buffer *) = {
        [INPUT_TEXT] = put_text,
        [INPUT_BYTES] = put_bytes,
        [INPUT_TRUE] = put_true,
    };
    size_t count = sizeof operation->inputs / sizeof *operation->inputs;

    for (size_t i = 0; i < count && operation->inputs[i].word != NULL; i++)
        if (!put[operation->inputs[i].kind](in, operation->inputs[i].word, to))
            return false;
    return true;
}

/* The fields "PART.WORD" as an object of that name; none without any. */
static bool put_part(const struct message *in, const char *part,
                     struct buffer *to)
{
    const size_t length = strlen(part) + 1;
    bool begun = false;
    const char *word;
    const void *value;
    size_t size;

    for (size_t i = 0; message_field(in, i, &word, &value, &size); i++) {
        if (strncmp(word, part, length - 1) != 0 || word[length - 1] != '.')
            continue;
        if (!foreign_is_word(word + length, strlen(word + length), 64))
            return false;
        if (!begun)
            json_put_object(to, part);
        begun = true;
        json_put_text(to, word + length, value, size);
    }
    if (begun)
        buffer_put(to, "}", 1);
    return true;
}

static bool put_data(const struct message *in, struct buffer *to)
{
    return put_part(in, "data", to) && put_part(in, "esia", to);
}

static bool put_scan(const struct message *in, struct buffer *to)
{
    size_t size;
    const void *scan = message_get(in, "content", &size);

    if (scan == NULL || size > DOCUMENT_MAX)
        return false;
    buffer_put(to, scan, size);
    return !to->failed;
}

static bool put_body(const struct operation *operation,
                     const struct message *in, struct buffer *to)
{
    bool ok;

    if (operation->body == BODY_NONE)
        return true;
    if (operation->body == BODY_SCAN)
        return put_scan(in, to);
    buffer_put(to, "{", 1);
    ok = operation->body == BODY_DATA ? put_data(in, to)
                                      : put_inputs(operation, in, to);
    buffer_put(to, "}", 1);
    return ok && !to->failed;
}

static void put_header(struct buffer *to, const char *name, const char *value,
                       const char *end)
{
    buffer_put_text(to, name);
    buffer_put_text(to, value);
    buffer_put(to, end, strlen(end) + 1); /* the NUL ends the line */
}

/* NULL: what is to be sent has none that the contract knows. */
static const char *content_type(const struct operation *operation,
                                const struct message *in)
{
    size_t size;
    const void *scan = message_get(in, "content", &size);

    return operation->body != BODY_SCAN ? "application/json"
           : scan != NULL               ? document_type(scan, size)
                                        : NULL;
}

static bool put_headers(const struct operation *operation,
                        const struct message *in, struct buffer *to)
{
    static const char *const conditions[] = {
        [IF_MATCH] = "If-Match: \"", [IF_NONE_MATCH] = "If-None-Match: \""};
    const char *sid = message_text(in, "sid");
    const char *etag = message_text(in, "etag");
    const char *type = content_type(operation, in);

    put_header(to, "Accept: ",
               operation->outputs == NULL ? "text/plain, application/json"
                                          : "application/json",
               "");
    if (type == NULL)
        return false;
    if (operation->body != BODY_NONE)
        put_header(to, "Content-Type: ", type, "");
    if (operation->signed_in) {
        if (sid == NULL || !foreign_is_id(sid, strlen(sid), OPERATION_ID_MAX))
            return false;
        put_header(to, "Authorization: auth.sid ", sid, "");
    }
    if (operation->condition == IF_MATCH && etag == NULL)
        return false;
    if (operation->condition != IF_NOTHING && etag != NULL) {
        if (!foreign_is_etag(etag, strlen(etag), OPERATION_ETAG_MAX))
            return false;
        put_header(to, conditions[operation->condition], etag, "\"");
    }
    return !to->failed;
}

enum api_result inquiry_make(const struct operation *operation,
                             const struct message *in, struct inquiry *inquiry)
{
    *inquiry = (struct inquiry){.method = operation->method,
                                .once = operation->once,
                                .has_body = operation->body != BODY_NONE,
                                .maximum = operation->maximum};
    inquiry->path.max = 1024;
    inquiry->headers.max = 2048;
    inquiry->body.max = 2 * MESSAGE_SIZE_MAX;
    if (message_failed(in))
        return API_MEMORY;
    if (!put_path(in, operation->path, &inquiry->path) ||
        !put_headers(operation, in, &inquiry->headers) ||
        !put_body(operation, in, &inquiry->body))
        return API_CONFIGURATION;
    inquiry->conditional = operation->condition == IF_NONE_MATCH &&
                           message_text(in, "etag") != NULL;
    return API_OK;
}

void inquiry_free(struct inquiry *inquiry)
{
    buffer_free(&inquiry->path);
    buffer_free(&inquiry->headers);
    buffer_free(&inquiry->body);
}
