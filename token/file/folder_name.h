/* The names of containers' folders on a disk. */
#ifndef TOKEN_FILE_FOLDER_NAME_H
#define TOKEN_FILE_FOLDER_NAME_H

#include "keygen/algorithm.h"
#include "keygen/fault.h"

#include <stdbool.h>

/* Whether a folder has the form "abcd1234.000" in which programs look for
 * containers: [a-z0-9]{1,8}.[0-9]{3}. */
bool folder_name_valid(const char *name);

/* A random one, "k3jx92ab.000", which no other ever has. CONTAINER_FOLDER_MAX
 * bytes (token/medium.h). */
void folder_name_invent(char *folder);

/* See name of token/medium.h: wanted, then the same with the next numbers
 * behind it, then random ones. FAULT_NOT_RESIDENT: nothing is made inside of
 * a disk. */
MUST_CHECK enum fault folder_name_choose(const char *location,
                                         const char *wanted,
                                         const struct algorithm *inside,
                                         unsigned n, char *folder);

#endif
