#include "api/sandbox/http/log_line.h"

#include "api/sandbox/http/route.h"

#include <strings.h>

static enum MHD_Result add_header(void *to, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    (void)kind;
    exchange_put_text(to, name,
                      strcasecmp(name, "Authorization") == 0 || !value ? "…"
                                                                       : value);
    return MHD_YES;
}

static bool put_bytes(struct json_object *object, const char *word,
                      const void *data, size_t size)
{
    return exchange_put(
        object, word, json_object_new_string_len(size ? data : "", (int)size));
}

void log_line_write(struct exchange *exchange,
                    struct MHD_Connection *connection,
                    const struct reply *reply, struct MHD_Response *response,
                    const struct mischief_rule *rule)
{
    struct json_object *line = json_object_new_object();
    struct json_object *asked = json_object_new_object();
    struct json_object *answered = json_object_new_object();
    const char *query = exchange->query_type;

    if (!line || !asked || !answered)
        goto out;
    exchange_put_text(line, "operation",
                      exchange->route ? exchange->route->name : "");
    exchange_put_text(line, "method", exchange->method);
    exchange_put_text(line, "path", exchange->path);
    if (query)
        exchange_put_text(line, "queryType", query);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, asked);
    exchange_put(line, "requestHeaders", json_object_get(asked));
    if (exchange->route && exchange->route->takes_scan)
        exchange_put_number(line, "requestSize",
                            (int64_t)exchange->upload_size);
    else
        put_bytes(line, "requestBody", exchange->upload, exchange->upload_size);
    exchange_put_number(line, "status", reply->status);
    if (response)
        MHD_get_response_headers(response, add_header, answered);
    exchange_put(line, "responseHeaders", json_object_get(answered));
    put_bytes(line, "responseBody", reply->body, reply->size);
    if (rule)
        exchange_put_text(line, "fault", mischief_word(rule->kind));
    record_add(&exchange->sandbox->record, line);
out:
    json_object_put(line);
    json_object_put(asked);
    json_object_put(answered);
}
