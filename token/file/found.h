/* A container on disk that was found and read. */
#ifndef TOKEN_FILE_FOUND_H
#define TOKEN_FILE_FOUND_H

#include "keygen/fault.h"
#include "token/container/container_files.h"

struct found {
    int folder; /* open, or -1 */
    size_t key; /* which of its keys is meant: 0 or 1 */
    struct container_files *files;
};

/* Read the container of a place, with or without CONTAINER_SECOND behind it.
 * Free with found_close in any case. */
MUST_CHECK enum fault found_open(struct found *found, const char *where);
/* Of its files header and name alone. */
MUST_CHECK enum fault found_look(struct found *found, const char *where);
void found_close(struct found *found);

#endif
