/* One file that a person names, written whole or not at all. */
#ifndef TOKEN_SEALED_SEALED_FILE_H
#define TOKEN_SEALED_SEALED_FILE_H

#include "keygen/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Looks at what was read back, before the file gets its name. */
typedef enum fault sealed_file_check(void *context, const uint8_t *data,
                                     size_t size);

/* Write data to path, durably, mode 0600: under a hidden name beside it,
 * flushed, read back and compared, check has agreed, renamed, the folder
 * flushed. FAULT_EXISTS where something of the name is there, which overwrite
 * replaces if it is a regular file. After a fault, and
 * at every instant, there is what was there before or the new one, whole; a
 * run that is killed leaves at most the hidden file besides. */
MUST_CHECK enum fault sealed_file_write(const char *path, const uint8_t *data,
                                        size_t size, bool overwrite,
                                        sealed_file_check *check,
                                        void *context);

#endif
