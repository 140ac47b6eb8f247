#include "token/rutoken/resident/resident.h"

#include "token/rutoken/resident/resident_pair.h"
#include "token/rutoken/resident/resident_sides.h"
#include "token/rutoken/session/token_file.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_MAX = 255 };

static const uint16_t folder[] = {RESIDENT_FOLDER};

/* --- names --------------------------------------------------------------- */

void resident_name(uint8_t id, char name[RESIDENT_NAME])
{
    (void)snprintf(name, RESIDENT_NAME, "key-%02x", id);
}

bool resident_find(const char *name, uint8_t *id)
{
    for (unsigned i = 1; i <= KEYS_MAX; i++) {
        char own[RESIDENT_NAME];

        *id = (uint8_t)i;
        resident_name(*id, own);
        if (strcmp(own, name) == 0)
            return true;
    }
    return false;
}

/* --- its record ---------------------------------------------------------- */

/* A record whose first writing was cut off is of a key that was not made. */
static enum fault why_none(struct token_session *session, uint8_t id,
                           const struct resident_sides *sides)
{
    enum fault fault = resident_sides_why(sides);

    if (fault == FAULT_DAMAGED &&
        resident_pair_find(session, id) == FAULT_NOT_FOUND)
        fault = FAULT_UNFINISHED;
    return fault;
}

enum fault resident_read(struct token_session *session, uint8_t id,
                         struct resident_record *record)
{
    struct resident_sides sides;
    enum fault fault = FAULT_NOT_FOUND;

    *record = (struct resident_record){.counter = 0};
    if (!session->dialect->makes_keys)
        return fault;
    fault = resident_sides_read(session, id, &sides);
    if (fault != FAULT_NONE)
        return fault;
    if (sides.best == RESIDENT_SIDES) {
        fault = why_none(session, id, &sides);
    } else if (!sides.record[sides.best].made) {
        fault = FAULT_UNFINISHED;
    } else {
        *record = sides.record[sides.best];
        sides.record[sides.best].certificate = NULL;
    }
    resident_sides_free(&sides);
    return fault;
}

/* --- which --------------------------------------------------------------- */

/* The ids, each once, whatever order and rubbish the folder has. */
static enum fault collect(struct token_session *session,
                          bool seen[KEYS_MAX + 1])
{
    struct token_file file = {.id = 0};
    enum fault fault = FAULT_NONE;

    memset(seen, 0, (KEYS_MAX + 1) * sizeof *seen);
    for (unsigned i = 0; i < RESIDENT_SIDES * KEYS_MAX && fault == FAULT_NONE;
         i++) {
        fault = token_file_next(session, folder, 1, &file);
        if (fault == FAULT_NONE && !file.folder && file.id >> 8 >= 1 &&
            file.id >> 8 <= RESIDENT_SIDES)
            seen[file.id & 0xFF] = true;
    }
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault resident_each(struct token_session *session, resident_visitor *visit,
                         void *context)
{
    bool seen[KEYS_MAX + 1];
    enum fault fault;

    if (!session->dialect->makes_keys)
        return FAULT_NONE;
    fault = collect(session, seen);
    for (unsigned i = 1; i <= KEYS_MAX && fault == FAULT_NONE; i++)
        if (seen[i])
            fault = visit(context, (uint8_t)i);
    return fault;
}

bool resident_makes(const struct token_session *session,
                    const struct algorithm *algorithm)
{
    return session->dialect->makes_keys && algorithm == algorithm_by_word(NULL);
}

enum fault resident_free_id(struct token_session *session, unsigned n,
                            uint8_t *id)
{
    bool seen[KEYS_MAX + 1];
    enum fault fault = FAULT_NOT_RESIDENT;

    if (!session->dialect->makes_keys)
        return fault;
    fault = collect(session, seen);
    /* From above: other programs count from one. */
    for (unsigned i = KEYS_MAX; i > 0 && fault == FAULT_NONE; i--) {
        if (seen[i])
            continue;
        *id = (uint8_t)i;
        fault = resident_pair_find(session, *id);
        if (fault == FAULT_NOT_FOUND && n-- == 0)
            return FAULT_NONE;
        if (fault == FAULT_NOT_FOUND)
            fault = FAULT_NONE;
    }
    return fault == FAULT_NONE ? FAULT_SLOTS : fault;
}

/* --- taking away --------------------------------------------------------- */

static enum fault remove_records(struct token_session *session, uint8_t id)
{
    enum fault fault = token_file_select(session, folder, 1, NULL);

    for (unsigned i = 0; i < RESIDENT_SIDES && fault == FAULT_NONE; i++) {
        fault = token_file_remove(session, resident_sides_file(i, id));
        if (fault == FAULT_NOT_FOUND)
            fault = FAULT_NONE;
    }
    return fault;
}

/* --- making -------------------------------------------------------------- */

static enum fault make_folder(struct token_session *session)
{
    enum fault fault = token_file_select(session, folder, 1, NULL);

    if (fault != FAULT_NOT_FOUND)
        return fault;
    fault = token_file_select(session, NULL, 0, NULL);
    return fault == FAULT_NONE ? token_file_create(session, RESIDENT_FOLDER, 0,
                                                   DIALECT_FOLDER, NULL)
                               : fault;
}

/* Whether this place may be taken: nothing is there, or what is there was
 * begun under the same name. Until the record says that it is made nobody has
 * heard of the key. */
static enum fault claim(struct token_session *session, uint8_t id,
                        const char *name, const struct resident_sides *sides)
{
    enum fault fault;

    if (sides->best != RESIDENT_SIDES)
        return sides->record[sides->best].made ||
                       strcmp(sides->record[sides->best].name, name) != 0
                   ? FAULT_EXISTS
                   : FAULT_NONE;
    fault = resident_pair_find(session, id);
    if (fault == FAULT_NOT_FOUND)
        return FAULT_NONE;
    return fault == FAULT_NONE ? FAULT_EXISTS : fault;
}

/* begun: an earlier run has. */
static enum fault begin(struct token_session *session, uint8_t id,
                        struct resident_record *record, bool *begun)
{
    struct resident_sides sides;
    enum fault fault = resident_sides_read(session, id, &sides);

    if (fault != FAULT_NONE)
        return fault;
    *begun = sides.best != RESIDENT_SIDES;
    fault = claim(session, id, record->name, &sides);
    if (fault == FAULT_NONE && !*begun) {
        fault = make_folder(session);
        if (fault == FAULT_NONE)
            fault = resident_sides_write(session, id, &sides, record);
    }
    resident_sides_free(&sides);
    return fault;
}

static enum fault finish(struct token_session *session, uint8_t id,
                         struct resident_record *record)
{
    struct resident_sides sides;
    enum fault fault = resident_sides_read(session, id, &sides);

    if (fault == FAULT_NONE) {
        fault = resident_sides_write(session, id, &sides, record);
        resident_sides_free(&sides);
    }
    return fault;
}

enum fault resident_make(struct token_session *session, uint8_t id,
                         struct resident_record *record)
{
    enum fault fault = FAULT_NOT_RESIDENT;
    bool begun = false;

    if (!resident_makes(session, record->algorithm))
        return fault;
    fault = begin(session, id, record, &begun);
    if (fault != FAULT_NONE)
        return fault;
    fault = resident_pair_make(session, id, begun);
    if (fault == FAULT_EXISTS)
        return remove_records(session, id) == FAULT_TOKEN_GONE
                   ? FAULT_TOKEN_GONE
                   : fault;
    if (fault == FAULT_NONE && begun)
        begun = resident_pair_read(session, id, record->point);
    if (fault == FAULT_NONE && !begun)
        fault = resident_pair_generate(session, id, record->point);
    record->made = fault == FAULT_NONE;
    if (fault == FAULT_NONE)
        fault = finish(session, id, record);
    if (fault != FAULT_NONE && fault != FAULT_TOKEN_GONE &&
        resident_remove(session, id) == FAULT_TOKEN_GONE)
        fault = FAULT_TOKEN_GONE;
    return fault;
}

/* --- changing ------------------------------------------------------------ */

enum fault resident_certify(struct token_session *session, uint8_t id,
                            const struct certificate *certificate)
{
    struct resident_record record;
    struct resident_sides sides;
    enum fault fault = resident_sides_read(session, id, &sides);

    if (fault != FAULT_NONE)
        return fault;
    fault =
        sides.best == RESIDENT_SIDES ? resident_sides_why(&sides) : FAULT_NONE;
    if (fault == FAULT_NONE && !sides.record[sides.best].made)
        fault = FAULT_UNFINISHED;
    if (fault == FAULT_NONE) {
        record = sides.record[sides.best];
        record.certificate = NULL;
        fault = certificate_has_point(certificate, record.point,
                                      sizeof record.point)
                    ? certificate_copy(certificate, &record.certificate)
                    : FAULT_KEY_MISMATCH;
        if (fault == FAULT_NONE)
            fault = resident_sides_write(session, id, &sides, &record);
        resident_record_free(&record);
    }
    resident_sides_free(&sides);
    return fault;
}

/* The records last: as long as one is there the key is known to be ours. */
enum fault resident_remove(struct token_session *session, uint8_t id)
{
    struct resident_sides sides;
    enum fault fault = resident_sides_read(session, id, &sides);

    /* Without one it is somebody else's. */
    if (fault == FAULT_NONE) {
        if (sides.best == RESIDENT_SIDES &&
            resident_sides_why(&sides) == FAULT_NOT_FOUND)
            fault = FAULT_NOT_FOUND;
        resident_sides_free(&sides);
    }
    if (fault == FAULT_NONE)
        fault = resident_pair_remove(session, id);
    return fault == FAULT_NONE ? remove_records(session, id) : fault;
}
