/* The places where a new key or a copy may be kept, as they are found now: to
 * choose from by a number. */
#ifndef CLIENT_MAKING_WHEREABOUTS_H
#define CLIENT_MAKING_WHEREABOUTS_H

#include "client/screen/screen.h"
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

/* Each folder in one where drives are mounted ("/media/anna"), as far as it
 * can be written to. */
void whereabouts_add_drives(struct whereabouts *places, const char *folder);

/* Where no copy of a container can be put: where it is itself, and tokens
 * that make their keys inside. */
void whereabouts_drop_for_copy(struct whereabouts *places,
                               const char *container);

/* A line for each, with its number. */
void whereabouts_show(const struct whereabouts *places, struct screen *screen);

/* The location that a number stands for; what is no number of the list is a
 * location itself. */
const char *whereabouts_named(const struct whereabouts *places,
                              const char *typed);

#endif
