#include "token/rutoken/rutoken_list.h"

#include "token/rutoken/resident/resident_key.h"
#include "token/rutoken/rutoken_medium.h"
#include "token/rutoken/rutoken_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was found. Nobody is told before the token is let go: who is told may
 * want to work at it. */
struct find {
    struct find *next;
    char where[LOCATION_MAX];
    enum fault fault;
    bool has_info;
    struct container_info info;
};

struct walk {
    struct rutoken_work *work;
    const char *location;
    enum stored_part part;
    struct find *first, **end;
};

static void free_finds(struct walk *walk)
{
    while (walk->first != NULL) {
        struct find *next = walk->first->next;

        container_info_free(&walk->first->info);
        free(walk->first);
        walk->first = next;
    }
}

/* An empty one at the end, or NULL. */
static struct find *append(struct walk *walk, const char *where,
                           enum fault fault)
{
    struct find *find = calloc(1, sizeof *find);

    if (find == NULL)
        return NULL;
    (void)snprintf(find->where, sizeof find->where, "%s", where);
    find->fault = fault;
    *walk->end = find;
    walk->end = &find->next;
    return find;
}

/* What ends the walk is no fault of a container. */
static enum fault note(void *context, const char *where, enum fault fault,
                       const struct container_info *info)
{
    struct walk *walk = context;
    struct find *find;

    if (walk->work->gone != FAULT_NONE)
        return walk->work->gone;
    find = append(walk, where, fault);
    if (find == NULL)
        return FAULT_MEMORY;
    if (info == NULL)
        return FAULT_NONE;
    find->info = *info;
    find->info.certificate = NULL;
    find->info.overview = NULL;
    find->has_info = true;
    if (info->overview != NULL)
        return overview_copy(info->overview, &find->info.overview);
    return info->certificate == NULL
               ? FAULT_NONE
               : certificate_copy(info->certificate, &find->info.certificate);
}

static enum fault visit_slot(struct walk *walk, uint16_t slot)
{
    char where[LOCATION_MAX], name[SLOT_NAME];
    enum fault fault;

    slot_name(slot, name);
    fault = medium_join(&rutoken_medium, walk->location, name, where);
    return fault == FAULT_NONE ? stored_visit(&walk->work->reader, where,
                                              walk->part, note, walk)
                               : fault;
}

static enum fault visit_key(void *context, uint8_t id)
{
    struct walk *walk = context;
    struct resident_record record;
    char where[LOCATION_MAX], name[RESIDENT_NAME];
    struct find *find;
    enum fault fault;

    resident_name(id, name);
    fault = medium_join(&rutoken_medium, walk->location, name, where);
    if (fault != FAULT_NONE)
        return fault;
    fault = resident_read(walk->work->session, id, &record);
    if (fault != FAULT_NONE && fault != FAULT_UNFINISHED &&
        fault != FAULT_DAMAGED && fault != FAULT_NOT_FOUND)
        return fault;
    find = append(walk, where, fault);
    if (find != NULL && fault == FAULT_NONE) {
        resident_key_describe(&record, where, &find->info);
        find->has_info = true;
    }
    resident_record_free(&record);
    return find == NULL ? FAULT_MEMORY : FAULT_NONE;
}

/* One that was formatted by another maker's program has no place for any. */
static enum fault walk_all(struct walk *walk)
{
    const struct dialect *dialect = walk->work->session->dialect;
    bool used[DIALECT_SLOTS_MAX];
    enum fault fault = slot_list(walk->work->session, used);

    if (fault == FAULT_TOKEN_REFUSED)
        fault = FAULT_NONE;
    for (size_t i = 0; i < dialect->slots && fault == FAULT_NONE; i++)
        if (used[i])
            fault = visit_slot(walk, dialect_slot(i));
    /* The session may be another one by now. */
    return fault == FAULT_NONE
               ? resident_each(walk->work->session, visit_key, walk)
               : fault;
}

static enum fault list(const char *location, enum stored_part part,
                       container_visitor *visit, void *context)
{
    struct rutoken_work work;
    struct walk walk = {.work = &work, .location = location, .part = part};
    enum fault fault = rutoken_work_begin(&work, location, false);

    walk.end = &walk.first;
    if (fault == FAULT_NONE && work.place.key != 0) {
        fault = medium_home(&rutoken_medium, work.plain, work.plain);
        walk.location = work.plain;
        if (fault == FAULT_NONE)
            fault = visit_key(&walk, work.place.key);
    } else if (fault == FAULT_NONE && work.place.name[0] != '\0') {
        fault = stored_visit(&work.reader, location, part, note, &walk);
    } else if (fault == FAULT_NONE) {
        fault = walk_all(&walk);
    }
    rutoken_work_end(&work);
    for (const struct find *find = walk.first;
         find != NULL && fault == FAULT_NONE; find = find->next)
        fault = visit(context, find->where, find->fault,
                      find->has_info ? &find->info : NULL);
    free_finds(&walk);
    return fault;
}

enum fault rutoken_list(const char *location, container_visitor *visit,
                        void *context)
{
    return list(location, STORED_HEADER, visit, context);
}

enum fault rutoken_list_overview(const char *location, container_visitor *visit,
                                 void *context)
{
    return list(location, STORED_OVERVIEW, visit, context);
}
