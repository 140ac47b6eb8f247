/* What "rutoken:48e243b5/0A00" means. */
#ifndef TOKEN_RUTOKEN_RUTOKEN_PLACE_H
#define TOKEN_RUTOKEN_RUTOKEN_PLACE_H

#include "token/medium.h"
#include "token/rutoken/resident/resident.h"
#include "token/rutoken/session/token_session.h"
#include "token/rutoken/slot/slot.h"

struct rutoken_place {
    char serial[TOKEN_SESSION_SERIAL]; /* "": the only token that is there */
    char name[8]; /* "0A00", "key-ff"; "": the token itself */
    uint8_t key;  /* of a name of a key; 0: it is none */
};

/* A place as medium_find gives it. FAULT_LOCATION. */
MUST_CHECK enum fault rutoken_place_of(const char *where,
                                       struct rutoken_place *place);

/* medium_find's part: what follows "rutoken:", as a person gives it, becomes
 * such a place. A serial number as it is printed, in hexadecimal or decimal;
 * where none is given the token is looked for. FAULT_LOCATION … */
MUST_CHECK enum fault rutoken_place_resolve(const char *rest, char *canonical);

#endif
