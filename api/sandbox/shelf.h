/* A folder whose files are read whole and replaced whole, so that a reader
 * finds the old content or the new one and never half of either. */
#ifndef API_SANDBOX_SHELF_H
#define API_SANDBOX_SHELF_H

#include "keygen/bytes.h"
#include "keygen/fault.h"

#include <sys/types.h>

/* Open a folder below another (AT_FDCWD: a path), making it with mode 0700
 * where it is missing. *folder is closed with close. FAULT_NO_ACCESS,
 * FAULT_IO. */
MUST_CHECK enum fault shelf_open(int parent, const char *name, int *folder);

/* Append a file's content. FAULT_NOT_FOUND, FAULT_TOO_LARGE (more than fits
 * into out), FAULT_NO_ACCESS, FAULT_IO. */
MUST_CHECK enum fault shelf_read(int folder, const char *name,
                                 struct bytes *out);

/* Replace a file or make it, durably. Two that replace the same one at once
 * need shelf_lock. FAULT_TOO_LARGE for a name above 64 characters,
 * FAULT_NO_ACCESS, FAULT_FULL, FAULT_IO. */
MUST_CHECK enum fault shelf_replace(int folder, const char *name,
                                    const void *data, size_t size, mode_t mode);

/* Wait until nobody else, in this process or another, holds the lock of this
 * file. Closing *lock lets go. */
MUST_CHECK enum fault shelf_lock(int folder, const char *name, int *lock);

#endif
