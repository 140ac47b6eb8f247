/* What a server may answer to any operation: the first byte says to which,
 * the second with which status, then a line of headers up to a NUL, then the
 * body. Whatever comes, no field breaks the promises of api/api.h. */
#include "tests/support/contract.h"

#include "api/foreign.h"

#include <stdlib.h>
#include <string.h>

enum { OPERATIONS = 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

/* Of every value only bytes may hold what is not text. */
static void check_field(const char *word, const char *value, size_t size)
{
    static const char *const ids[] = {
        "id",           "challengeId", "sid", "confirmation.challengeId",
        "refreshToken", "traceId"};
    bool bytes = strcmp(word, "certificate") == 0 ||
                 strncmp(word, "chain.", strlen("chain.")) == 0;

    promise(strlen(word) < MESSAGE_WORD_MAX);
    promise(value[size] == '\0');
    promise(bytes || foreign_is_clean(value, size));
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(word, ids[i]) == 0)
            promise(foreign_is_id(value, size, 512));
    if (strcmp(word, "etag") == 0)
        promise(foreign_is_etag(value, size, OPERATION_ETAG_MAX));
    if (strcmp(word, "code") == 0)
        promise(foreign_is_word(value, size, 64));
}

static void check_message(const struct message *out)
{
    const char *word;
    const void *value;
    size_t size;

    for (size_t i = 0; message_field(out, i, &word, &value, &size); i++)
        check_field(word, value, size);
}

/* The rest of the data: headers, a NUL, a body. */
static void put_rest(struct answer *answer, const char *data, size_t size)
{
    const char *end = memchr(data, '\0', size);

    if (end == NULL)
        end = data;
    for (const char *line = data; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        const char *colon;

        stop = stop == NULL ? end : stop;
        colon = memchr(line, ':', (size_t)(stop - line));
        if (colon != NULL)
            answer_header(answer, line, (size_t)(colon - line), colon + 1,
                          (size_t)(stop - colon - 1));
        line = stop + (stop < end);
    }
    if (end < data + size && *end == '\0')
        end++;
    buffer_put(&answer->body, end, (size_t)(data + size - end));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 201, 304, 400, 401, 409, 422,
                                    423, 429, 500, 503, 204, 302, 0};
    const struct operation *operation;
    struct inquiry inquiry = {.conditional = true};
    struct answer answer = {0};
    struct message *out;
    enum api_result result;

    if (size < 2 || (operation = operation_at(data[0] % OPERATIONS)) == NULL)
        return 0;
    out = message_new();
    if (out == NULL)
        return 0;
    answer.body.max = operation->maximum;
    answer.status = statuses[data[1] % (sizeof statuses / sizeof *statuses)];
    /* Most answers have the right type: what is behind it is of interest. */
    answer_header(&answer, "Content-Type", 12,
                  operation->outputs == NULL ? "text/plain"
                                             : "application/json",
                  operation->outputs == NULL ? 10 : 16);
    put_rest(&answer, (const char *)data + 2, size - 2);
    if (!answer.body.failed) {
        result = answer_read(&answer, operation, &inquiry, out);
        check_message(out);
        promise(result == API_OK || message_text(out, "status") != NULL);
        promise(result != API_REFUSED || message_text(out, "code") != NULL);
    }
    buffer_free(&answer.body);
    message_free(&out);
    return 0;
}
