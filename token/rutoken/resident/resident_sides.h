/* The two sides of a key's record, of which one is whole at every instant. For
 * resident.c only. */
#ifndef TOKEN_RUTOKEN_RESIDENT_RESIDENT_SIDES_H
#define TOKEN_RUTOKEN_RESIDENT_RESIDENT_SIDES_H

#include "token/rutoken/resident/resident_record.h"
#include "token/rutoken/session/token_session.h"

enum { RESIDENT_SIDES = 2, RESIDENT_FOLDER = 0x4B45 /* below the MF */ };

struct resident_sides {
    struct resident_record record[RESIDENT_SIDES];
    enum fault fault[RESIDENT_SIDES];
    unsigned best; /* the newer whole one; RESIDENT_SIDES: neither is */
};

/* The id of a side's file in the folder. */
uint16_t resident_sides_file(unsigned side, uint8_t id);

/* Free with resident_sides_free. A side that is not there or not whole is no
 * fault. */
MUST_CHECK enum fault resident_sides_read(struct token_session *session,
                                          uint8_t id,
                                          struct resident_sides *sides);
void resident_sides_free(struct resident_sides *sides);

/* What there is of it when nothing of it is whole: FAULT_NOT_FOUND or
 * FAULT_DAMAGED. */
enum fault resident_sides_why(const struct resident_sides *sides);

/* Write the record on the side that is not the best, read it back, and remove
 * the other. */
MUST_CHECK enum fault resident_sides_write(struct token_session *session,
                                           uint8_t id,
                                           const struct resident_sides *sides,
                                           struct resident_record *record);

#endif
