/* What sets the tokens of one maker apart: how they are recognised, how they
 * write numbers, where containers are. A row each. */
#ifndef TOKEN_RUTOKEN_CARD_DIALECT_H
#define TOKEN_RUTOKEN_CARD_DIALECT_H

#include "keygen/bytes.h"
#include "keygen/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DIALECT_DEPTH = 8, /* ids in a path */
    DIALECT_SLOTS_MAX = 15,
    DIALECT_MF = 0x3F00
};

/* Who may do what with a file that is made. */
enum dialect_access {
    DIALECT_FOLDER,  /* the user makes and removes in it */
    DIALECT_PUBLIC,  /* anybody reads, the user writes */
    DIALECT_PRIVATE, /* the user reads and writes */
    DIALECT_KEY,     /* the user makes and uses it, nobody reads it */
    DIALECT_KEY_PUBLIC
};

struct dialect {
    const char *model;   /* "Rutoken ECP" */
    bool little_endian;  /* ids and sizes on the wire */
    uint8_t template;    /* of CREATE FILE: 6F or 62 */
    bool long_access;    /* security attributes of 40 bytes, else of 15 */
    bool bare_pin;       /* CHANGE takes the new PIN as it is, else 80 02 A5 */
    bool logs_out_first; /* before a PIN is sent */
    bool pin_header;     /* GET DATA 01 02 tells of the user's PIN */
    bool makes_keys;
    size_t serial_size, info_size; /* bytes of GET DATA 01 81, 01 89 */
    bool tells_memory;             /* GET DATA 01 8A */
    size_t pin_least, pin_most;    /* bytes; 0: it says itself, or not known */
    /* Where the folders of containers are, and which: 0A00 and on. */
    uint16_t home[DIALECT_DEPTH];
    size_t depth;
    size_t slots;
};

/* Of a token that was reset so; NULL: not known here. */
const struct dialect *dialect_find(const uint8_t *atr, size_t size);

/* Walk the rows: NULL past the end. */
const struct dialect *dialect_at(size_t i);

/* A number of two bytes as it stands on the wire, and back. */
void dialect_put(const struct dialect *dialect, uint16_t number,
                 uint8_t wire[2]);
uint16_t dialect_number(const struct dialect *dialect, const uint8_t *wire);

/* The data of CREATE FILE, appended: size 0 and DIALECT_FOLDER make a folder.
 * property: 6 bytes of a key, else NULL. */
void dialect_describe(const struct dialect *dialect, uint16_t id, size_t size,
                      enum dialect_access access, const uint8_t *property,
                      struct bytes *out);

/* The id of the n-th folder of containers: 0A00, 0B00 … */
uint16_t dialect_slot(size_t n);

#endif
