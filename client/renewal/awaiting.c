#include "client/renewal/awaiting.h"

#include <json-c/json.h>

static enum outcome take(void *context, struct record *record)
{
    struct json_object *containers = context;
    const char *where = record_get(record, RECORD_NEW_CONTAINER);
    struct json_object *id;

    if (where == NULL)
        return OUTCOME_DONE;
    id = json_object_new_string(record_get(record, RECORD_ID));
    if (id == NULL || json_object_object_add(containers, where, id) != 0) {
        json_object_put(id);
        return OUTCOME_MEMORY;
    }
    return OUTCOME_DONE;
}

const char *awaiting_find(struct awaiting *awaiting, struct journal *journal,
                          const char *where)
{
    struct json_object *id = NULL;

    if (journal == NULL)
        return NULL;
    if (awaiting->containers == NULL) {
        awaiting->containers = json_object_new_object();
        /* Whatever could not be read is only told of in fewer words. */
        if (awaiting->containers != NULL)
            (void)journal_each_open(journal, take, awaiting->containers);
    }
    json_object_object_get_ex(awaiting->containers, where, &id);
    return json_object_get_string(id);
}

void awaiting_free(struct awaiting *awaiting)
{
    json_object_put(awaiting->containers);
    awaiting->containers = NULL;
}
