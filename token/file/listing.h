/* What lies in a folder: containers, or whatever is asked for. */
#ifndef TOKEN_FILE_LISTING_H
#define TOKEN_FILE_LISTING_H

#include "keygen/fault.h"

#include <stdbool.h>
#include <stddef.h>

enum { LISTING_MAX = 1 << 18 };

/* Names in the order of their bytes. */
struct listing {
    size_t count;
    char **name;
    size_t room;
};

/* Whether a name of an open folder is wanted. */
typedef bool listing_keep(int folder, const char *name);

/* Those names in an open folder that are wanted, hidden ones passed over.
 * FAULT_TOO_LARGE where there are more than most. Free with listing_free. */
MUST_CHECK enum fault listing_read(int folder, listing_keep *keep, size_t most,
                                   struct listing **listing);
void listing_free(struct listing **listing);

/* Wanted: the folders that have a header.key, or that are named like a
 * container and so should have one; no links. */
listing_keep listing_container;

#endif
