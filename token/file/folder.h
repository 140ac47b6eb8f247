/* The folder of one container. */
#ifndef TOKEN_FILE_FOLDER_H
#define TOKEN_FILE_FOLDER_H

#include "keygen/fault.h"
#include "token/container/container_files.h"

#include <stdbool.h>

/* Read the six files; those that have a copy, and the name, may be missing.
 * FAULT_NOT_CONTAINER where header.key is. Free with container_files_free. */
MUST_CHECK enum fault folder_read(int fd, struct container_files **files);

/* The same of the two that are in the clear: header and name. */
MUST_CHECK enum fault folder_look(int fd, struct container_files **files);

/* Whether the folder is a container itself: nothing is put into one. */
bool folder_is_container(int fd);

/* Tells whether what was read back is what was meant. */
typedef enum fault folder_check(const void *context,
                                const struct container_files *files);

/* Make it below another folder, or nothing: the six files are written into a
 * hidden folder, flushed, read back and compared, and check has agreed,
 * before it gets its name. FAULT_EXISTS; FAULT_LOCATION inside of another
 * container. A run that is killed leaves at most the hidden folder, which
 * nobody takes for a container, and which the next attempt at the same name
 * takes away. */
MUST_CHECK enum fault folder_create(int at, const char *name,
                                    const struct container_files *files,
                                    folder_check *check, const void *context);

/* Put another content into one file: whole before and whole after. */
MUST_CHECK enum fault folder_replace(int fd, enum container_file file,
                                     const void *data, size_t size);

#endif
