/* The places where a new key may be kept, as they are found now: to choose
 * from by a number. */
#ifndef CLIENT_MAKING_PLACES_H
#define CLIENT_MAKING_PLACES_H

#include "token/medium.h"

#include <stddef.h>

enum { PLACES_MAX = 24 };

struct place_found {
    char location[LOCATION_MAX]; /* "file:/media/anna/FLASH", "local:" */
    char label[512];             /* translated: what it is */
};

struct places {
    struct place_found *found; /* owned */
    size_t count;              /* this computer is always among them */
};

/* First where the former key is (former: its container, or NULL), then each
 * drive that is mounted for this user and can be written, each token that is
 * plugged in, and this computer. No place twice. FAULT_MEMORY. */
enum fault places_find(struct places *places, const char *former);
void places_free(struct places *places);

#endif
