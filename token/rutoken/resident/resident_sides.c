#include "token/rutoken/resident/resident_sides.h"

#include "token/rutoken/session/token_file.h"

#include <stdlib.h>

static const uint16_t folder[] = {RESIDENT_FOLDER};

uint16_t resident_sides_file(unsigned side, uint8_t id)
{
    return (uint16_t)((side + 1) << 8 | id);
}

void resident_sides_free(struct resident_sides *sides)
{
    for (unsigned i = 0; i < RESIDENT_SIDES; i++)
        resident_record_free(&sides->record[i]);
}

static enum fault read_side(struct token_session *session, uint16_t id,
                            struct resident_record *record)
{
    const uint16_t path[] = {RESIDENT_FOLDER, id};
    uint8_t *data = calloc(1, RESIDENT_RECORD_MAX);
    struct token_file file;
    size_t size = 0;
    enum fault fault = data == NULL ? FAULT_MEMORY : FAULT_NONE;

    *record = (struct resident_record){.counter = 0};
    if (fault == FAULT_NONE)
        fault = token_file_select(session, path, 2, &file);
    if (fault == FAULT_NONE)
        fault = token_file_read_element(session, &file, data,
                                        RESIDENT_RECORD_MAX, &size);
    if (fault == FAULT_NONE)
        fault = resident_record_read((struct der){data, size}, record);
    free(data);
    return fault;
}

static bool is_of_content(enum fault fault)
{
    return fault == FAULT_NOT_FOUND || fault == FAULT_DAMAGED ||
           fault == FAULT_CERTIFICATE;
}

enum fault resident_sides_read(struct token_session *session, uint8_t id,
                               struct resident_sides *sides)
{
    *sides = (struct resident_sides){.best = RESIDENT_SIDES};
    for (unsigned i = 0; i < RESIDENT_SIDES; i++) {
        const enum fault fault =
            read_side(session, resident_sides_file(i, id), &sides->record[i]);

        sides->fault[i] = fault;
        if (fault != FAULT_NONE && !is_of_content(fault)) {
            resident_sides_free(sides);
            return fault;
        }
        if (fault == FAULT_NONE &&
            (sides->best == RESIDENT_SIDES ||
             sides->record[i].counter > sides->record[sides->best].counter))
            sides->best = i;
    }
    return FAULT_NONE;
}

enum fault resident_sides_why(const struct resident_sides *sides)
{
    for (unsigned i = 0; i < RESIDENT_SIDES; i++)
        if (sides->fault[i] != FAULT_NOT_FOUND)
            return FAULT_DAMAGED;
    return FAULT_NOT_FOUND;
}

/* On the other side than the newest, which goes then: one is whole at every
 * instant. */
enum fault resident_sides_write(struct token_session *session, uint8_t id,
                                const struct resident_sides *sides,
                                struct resident_record *record)
{
    const unsigned side = sides->best == 0 ? 1 : 0;
    struct bytes out;
    struct resident_record back = {.counter = 0};
    enum fault fault;

    record->counter = sides->best == RESIDENT_SIDES
                          ? 1
                          : sides->record[sides->best].counter + 1;
    bytes_init(&out, RESIDENT_RECORD_MAX);
    fault = resident_record_write(record, &out);
    if (fault == FAULT_NONE)
        fault = token_file_select(session, folder, 1, NULL);
    if (fault == FAULT_NONE && sides->fault[side] != FAULT_NOT_FOUND)
        fault = token_file_remove(session, resident_sides_file(side, id));
    if (fault == FAULT_NONE)
        fault = token_file_create(session, resident_sides_file(side, id),
                                  out.size, DIALECT_PUBLIC, NULL);
    if (fault == FAULT_NONE)
        fault = token_file_write(session, out.data, out.size);
    bytes_free(&out);
    if (fault == FAULT_NONE)
        fault = read_side(session, resident_sides_file(side, id), &back);
    if (fault == FAULT_NONE && back.counter != record->counter)
        fault = FAULT_IO;
    resident_record_free(&back);
    if (fault == FAULT_NONE && sides->best != RESIDENT_SIDES) {
        fault = token_file_select(session, folder, 1, NULL);
        if (fault == FAULT_NONE)
            fault =
                token_file_remove(session, resident_sides_file(1 - side, id));
    }
    return fault;
}
