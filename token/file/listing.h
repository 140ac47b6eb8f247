/* Which folders of a location may be containers. */
#ifndef TOKEN_FILE_LISTING_H
#define TOKEN_FILE_LISTING_H

#include "keygen/fault.h"

#include <stddef.h>

enum { LISTING_MAX = 4096 };

/* Names in the order of their bytes. */
struct listing {
    size_t count;
    char *name[LISTING_MAX];
};

/* The folders of an open folder that have a header.key, or that are named
 * like a container and so should have one. Hidden ones and links are passed
 * over. FAULT_TOO_LARGE where there are more than LISTING_MAX. Free with
 * listing_free. */
MUST_CHECK enum fault listing_read(int folder, struct listing **listing);
void listing_free(struct listing **listing);

#endif
