#include "client/renewal/result.h"

#include "client/pin/pin_tries.h"
#include "client/renewal/former.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <stdio.h>

static struct json_object *certificate_json(const struct record *record,
                                            enum record_field thumbprint,
                                            enum record_field container,
                                            enum record_field not_after)
{
    struct json_object *object = json_object_new_object();

    view_put_filled(object, "thumbprint", record_get(record, thumbprint));
    view_put_filled(object, "container", record_get(record, container));
    view_put_time(object, "notAfter", record_time(record, not_after));
    return object;
}

/* Its key may be lost: then the certificate alone is there. */
static struct json_object *old_json(const struct record *record)
{
    const char *where = record_get(record, RECORD_OLD_CONTAINER);
    struct json_object *object =
        certificate_json(record, RECORD_OLD_THUMBPRINT, RECORD_OLD_CONTAINER,
                         RECORD_OLD_NOT_AFTER);

    if (where != NULL && former_is_alone(where)) {
        view_put(object, "container", NULL);
        view_put_text(object, "certificate", where);
    }
    return object;
}

static struct json_object *new_json(const struct record *record)
{
    struct json_object *object;

    if (record_get(record, RECORD_NEW_CONTAINER) == NULL)
        return NULL;
    object = certificate_json(record, RECORD_NEW_THUMBPRINT,
                              RECORD_NEW_CONTAINER, RECORD_NEW_NOT_AFTER);
    view_put_filled(object, "certificate",
                    record_get(record, RECORD_NEW_CERTIFICATE));
    return object;
}

static struct json_object *backup_json(const struct record *record)
{
    const char *where = record_get(record, RECORD_BACKUP_CONTAINER);
    struct json_object *object;

    if (where == NULL)
        return NULL;
    object = json_object_new_object();
    view_put_text(object, "container", where);
    /* It is in the journal only after it was read back and compared. */
    view_put_flag(object, "verified", true);
    return object;
}

struct json_object *result_json_plain(const struct failure *failure)
{
    struct json_object *object = json_object_new_object();
    const struct outcome_row *row = outcome_row(failure->outcome);
    char sentence[SENTENCE_MAX];

    view_put_text(object, "outcome", row->word);
    if (failure->outcome != OUTCOME_RENEWED)
        view_put_text(object, "message",
                      failure_sentence(failure, sentence, sizeof(sentence)));
    if (pin_tries_left(failure->outcome) >= 0)
        view_put_number(object, "triesLeft", pin_tries_left(failure->outcome));
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
    view_put_filled(object, "renewal", record_get(record, RECORD_ID));
    view_put_filled(object, "form", record_get(record, RECORD_FORM));
    view_put_filled(object, "traceId", record_get(record, RECORD_TRACE_ID));
    view_put(object, "old", old_json(record));
    view_put(object, "new", new_json(record));
    view_put(object, "backup", backup_json(record));
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

enum outcome result_answer(struct json_object *json, enum outcome outcome)
{
    if (result_print(json) != 0)
        outcome = OUTCOME_IO;
    json_object_put(json);
    return outcome;
}

void result_say(struct screen *screen, const struct failure *failure)
{
    char sentence[SENTENCE_MAX];

    screen_progress_end(screen);
    screen_say(screen, "%s",
               failure_sentence(failure, sentence, sizeof(sentence)));
}
