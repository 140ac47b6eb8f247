#include "client/renewal/reason.h"

#include "client/text.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

void reason_note(struct record *record, const struct failure *failure)
{
    const char *const parts[][2] = {{"detail", failure->detail},
                                    {"server", failure->server},
                                    {"traceId", failure->trace_id}};
    struct json_object *json = json_object_new_object();

    record_set(record, RECORD_OUTCOME, outcome_row(failure->outcome)->word);
    record_set(record, RECORD_MESSAGE, NULL);
    for (size_t i = 0; json != NULL && i < sizeof(parts) / sizeof(*parts); i++)
        if (parts[i][1][0] != '\0')
            json_object_object_add(json, parts[i][0],
                                   json_object_new_string(parts[i][1]));
    record_set(record, RECORD_REASON,
               json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
    json_object_put(json);
}

static void take(struct json_object *json, const char *word, char *out,
                 size_t size)
{
    struct json_object *value = NULL;

    if (json_object_object_get_ex(json, word, &value) &&
        json_object_is_type(value, json_type_string))
        text_clean_into(out, size, json_object_get_string(value));
}

/* What was said in English, and is a whole sentence of ours, is said anew. */
static void translate(char *detail, size_t size)
{
    const char *said = detail[0] != '\0' ? _(detail) : detail;

    if (said != detail)
        snprintf(detail, size, "%s", said);
}

bool reason_take(const struct record *record, struct failure *failure)
{
    const char *reason = record_get(record, RECORD_REASON);
    const char *word = record_get(record, RECORD_OUTCOME);
    struct json_object *json;

    *failure = (struct failure){.outcome = word != NULL ? outcome_by_word(word)
                                                        : OUTCOME_COUNT};
    if (reason == NULL || failure->outcome == OUTCOME_COUNT)
        return false;
    json = json_tokener_parse(reason);
    take(json, "detail", failure->detail, sizeof(failure->detail));
    take(json, "server", failure->server, sizeof(failure->server));
    take(json, "traceId", failure->trace_id, sizeof(failure->trace_id));
    json_object_put(json);
    return true;
}

char *reason_sentence(const struct record *record, char *out, size_t size)
{
    const char *message = record_get(record, RECORD_MESSAGE);
    struct failure failure;

    text_clean_into(out, size, message != NULL ? message : "");
    if (!reason_take(record, &failure))
        return out;
    translate(failure.detail, sizeof(failure.detail));
    return failure_sentence(&failure, out, size);
}
