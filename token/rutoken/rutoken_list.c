#include "token/rutoken/rutoken_list.h"

#include "token/rutoken/resident_key.h"
#include "token/rutoken/rutoken_medium.h"
#include "token/rutoken/rutoken_work.h"

#include <stdlib.h>

struct walk {
    struct rutoken_work *work;
    const char *location;
    container_visitor *visit;
    void *context;
};

/* What ends the walk is no fault of a container. */
static enum fault pass_on(void *context, const char *where, enum fault fault,
                          const struct container_info *info)
{
    const struct walk *walk = context;

    return walk->work->gone != FAULT_NONE
               ? walk->work->gone
               : walk->visit(walk->context, where, fault, info);
}

static enum fault visit_slot(struct walk *walk, uint16_t slot)
{
    char where[LOCATION_MAX], name[SLOT_NAME];
    enum fault fault;

    slot_name(slot, name);
    fault = medium_join(&rutoken_medium, walk->location, name, where);
    return fault == FAULT_NONE
               ? stored_visit(&walk->work->reader, where, pass_on, walk)
               : fault;
}

static enum fault visit_key(void *context, uint8_t id)
{
    const struct walk *walk = context;
    struct container_info *info = calloc(1, sizeof *info);
    struct resident_record record;
    char where[LOCATION_MAX], name[RESIDENT_NAME];
    enum fault fault = info == NULL ? FAULT_MEMORY : FAULT_NONE;

    resident_name(id, name);
    if (fault == FAULT_NONE)
        fault = medium_join(&rutoken_medium, walk->location, name, where);
    if (fault != FAULT_NONE) {
        free(info);
        return fault;
    }
    fault = resident_read(walk->work->session, id, &record);
    if (fault == FAULT_NONE)
        resident_key_describe(&record, where, info);
    if (fault == FAULT_NONE || fault == FAULT_UNFINISHED ||
        fault == FAULT_DAMAGED)
        fault = walk->visit(walk->context, where, fault,
                            fault == FAULT_NONE ? info : NULL);
    container_info_free(info);
    free(info);
    return fault;
}

/* One that was formatted by another maker's program has no place for any. */
static enum fault list_all(struct walk *walk)
{
    struct session *session = walk->work->session;
    bool used[DIALECT_SLOTS_MAX];
    enum fault fault = slot_list(session, used);

    if (fault == FAULT_TOKEN_REFUSED)
        fault = FAULT_NONE;
    for (size_t i = 0; i < session->dialect->slots && fault == FAULT_NONE; i++)
        if (used[i])
            fault = visit_slot(walk, dialect_slot(i));
    return fault == FAULT_NONE ? resident_each(session, visit_key, walk)
                               : fault;
}

enum fault rutoken_list(const char *location, container_visitor *visit,
                        void *context)
{
    struct rutoken_work work;
    struct walk walk = {&work, location, visit, context};
    enum fault fault = rutoken_work_begin(&work, location, false);

    if (fault == FAULT_NONE && work.place.key != 0) {
        fault = medium_home(&rutoken_medium, work.plain, work.plain);
        walk.location = work.plain;
        if (fault == FAULT_NONE)
            fault = visit_key(&walk, work.place.key);
    } else if (fault == FAULT_NONE && work.place.name[0] != '\0') {
        fault = stored_visit(&work.reader, location, pass_on, &walk);
    } else if (fault == FAULT_NONE) {
        fault = list_all(&walk);
    }
    rutoken_work_end(&work);
    return fault;
}
