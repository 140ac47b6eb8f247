/* Files and folders of a medium that nobody trusts: never through a symbolic
 * link, regular files only, a maximum for each; written durably, and by reading
 * not at all where they are the user's own. */
#ifndef TOKEN_FILE_DISK_H
#define TOKEN_FILE_DISK_H

#include "keygen/fault.h"

#include <stddef.h>
#include <stdint.h>

/* The one place where errno becomes a fault. */
enum fault disk_fault(int number);

/* Open a folder below another (AT_FDCWD: any path, of which the last name is
 * no link). FAULT_NOT_FOUND … The caller closes *fd. */
MUST_CHECK enum fault disk_open_folder(int at, const char *name, int *fd);

/* Open a regular file for reading and learn its size. FAULT_NOT_FOUND also
 * where it is something else. The caller closes *fd. */
MUST_CHECK enum fault disk_open_file(int at, const char *name, int *fd,
                                     size_t *size);

/* Exactly size bytes to the end of the file; FAULT_IO where it has more or
 * fewer. */
MUST_CHECK enum fault disk_read(int fd, uint8_t *data, size_t size);

/* A new file of mode 0600, written but not flushed. FAULT_EXISTS. What a fault
 * leaves behind is the caller's to remove. */
MUST_CHECK enum fault disk_create(int at, const char *name, const void *data,
                                  size_t size, int *fd);

/* Flush and close it. Several that are made first and finished then are
 * flushed in one go. What is read afterwards comes from the medium, where
 * that can be had, and not from what this machine remembers. */
MUST_CHECK enum fault disk_finish(int fd);

/* Both. */
MUST_CHECK enum fault disk_write(int at, const char *name, const void *data,
                                 size_t size);

/* Flush a folder; a file system that knows no such thing is fine. */
MUST_CHECK enum fault disk_flush_folder(int fd);

/* Rename where nothing of the new name exists. FAULT_EXISTS. */
MUST_CHECK enum fault disk_rename_new(int at, const char *from, const char *to);

enum { DISK_HIDDEN_NAME = 24 };

/* A name for what is not finished: hidden, of random letters. */
void disk_hidden_name(char name[DISK_HIDDEN_NAME]);

#endif
