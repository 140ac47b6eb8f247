/* The places where a new key may be kept, as they are found now: to choose
 * from by a number. */
#ifndef CLIENT_MAKING_WHEREABOUTS_H
#define CLIENT_MAKING_WHEREABOUTS_H

#include "token/medium.h"

#include <stddef.h>

enum { WHEREABOUTS_MAX = 24 };

struct place_found {
    char location[LOCATION_MAX]; /* "file:/media/anna/FLASH", "local:" */
    char label[512];             /* translated: what it is */
};

struct whereabouts {
    struct place_found *found; /* owned */
    size_t count;              /* this computer is always among them */
};

/* First where the former key is (former: its container, or NULL), then each
 * drive that is mounted for this user and can be written, each token that is
 * plugged in, and this computer. No place twice. FAULT_MEMORY. */
enum fault whereabouts_find(struct whereabouts *places, const char *former);
void whereabouts_free(struct whereabouts *places);

#endif
