#include "client/renewal/result.h"

#include "client/pin/pin_tries.h"
#include "client/text.h"

#include <stdio.h>

static void put(struct json_object *object, const char *word,
                struct json_object *value)
{
    json_object_object_add(object, word, value);
}

static struct json_object *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_object_new_string(text)
                                           : NULL;
}

static struct json_object *time_or_null(const struct record *record,
                                        enum record_field field)
{
    time_t when = record_time(record, field);

    return when != 0 ? json_object_new_string(text_rfc3339(when).text) : NULL;
}

static struct json_object *certificate_json(const struct record *record,
                                            enum record_field thumbprint,
                                            enum record_field container,
                                            enum record_field not_after)
{
    struct json_object *object = json_object_new_object();

    put(object, "thumbprint", text_or_null(record_get(record, thumbprint)));
    put(object, "container", text_or_null(record_get(record, container)));
    put(object, "notAfter", time_or_null(record, not_after));
    return object;
}

static struct json_object *new_json(const struct record *record)
{
    struct json_object *object;

    if (record_get(record, RECORD_NEW_CONTAINER) == NULL)
        return NULL;
    object = certificate_json(record, RECORD_NEW_THUMBPRINT,
                              RECORD_NEW_CONTAINER, RECORD_NEW_NOT_AFTER);
    put(object, "certificate",
        text_or_null(record_get(record, RECORD_NEW_CERTIFICATE)));
    return object;
}

static struct json_object *backup_json(const struct record *record)
{
    const char *where = record_get(record, RECORD_BACKUP_CONTAINER);
    struct json_object *object;

    if (where == NULL)
        return NULL;
    object = json_object_new_object();
    put(object, "container", json_object_new_string(where));
    /* It is in the journal only after it was read back and compared. */
    put(object, "verified", json_object_new_boolean(1));
    return object;
}

struct json_object *result_json_plain(const struct failure *failure)
{
    struct json_object *object = json_object_new_object();
    const struct outcome_row *row = outcome_row(failure->outcome);
    char sentence[SENTENCE_MAX];

    put(object, "outcome", json_object_new_string(row->word));
    if (failure->outcome != OUTCOME_RENEWED)
        put(object, "message",
            json_object_new_string(
                renewal_sentence(failure, sentence, sizeof(sentence))));
    if (pin_tries_left(failure->outcome) >= 0)
        put(object, "triesLeft",
            json_object_new_int(pin_tries_left(failure->outcome)));
    return object;
}

struct json_object *result_json(const struct renewal *renewal,
                                enum outcome outcome)
{
    const struct record *record = &renewal->record;
    struct failure failure = renewal->failure;
    struct json_object *object;

    failure.outcome = outcome;
    object = result_json_plain(&failure);
    put(object, "renewal", text_or_null(record_get(record, RECORD_ID)));
    put(object, "form", text_or_null(record_get(record, RECORD_FORM)));
    put(object, "traceId", text_or_null(record_get(record, RECORD_TRACE_ID)));
    put(object, "old",
        certificate_json(record, RECORD_OLD_THUMBPRINT, RECORD_OLD_CONTAINER,
                         RECORD_OLD_NOT_AFTER));
    put(object, "new", new_json(record));
    put(object, "backup", backup_json(record));
    return object;
}

int result_print(struct json_object *json)
{
    if (json == NULL)
        return -1;
    return printf("%s\n", json_object_to_json_string_ext(
                              json, JSON_C_TO_STRING_PLAIN |
                                        JSON_C_TO_STRING_NOSLASHESCAPE)) < 0 ||
                   fflush(stdout) != 0
               ? -1
               : 0;
}

void result_say(struct screen *screen, const struct failure *failure)
{
    char sentence[SENTENCE_MAX];

    screen_progress_end(screen);
    screen_say(screen, "%s",
               renewal_sentence(failure, sentence, sizeof(sentence)));
}
