/* Where kep keeps what is its own (XDG Base Directory Specification). */
#ifndef CLIENT_STATE_PATHS_H
#define CLIENT_STATE_PATHS_H

#include <stddef.h>

enum { PATHS_MAX = 4096 };

enum paths_root { PATHS_CONFIG, PATHS_STATE, PATHS_DATA };

/* "$XDG_STATE_HOME/kep/journal.db" for PATHS_STATE and "journal.db", into
 * path of PATHS_MAX bytes. 0, or -1 when there is no home folder or it is too
 * long. Makes nothing. */
int paths_of(enum paths_root root, const char *name, char *path);

/* The folder and every missing one above it, each 0700 and durable. 0 or -1
 * (errno). */
int paths_make(const char *folder);

/* Write a whole file so that at every instant it is either absent or whole:
 * a temporary one beside it, flushed, renamed, the folder flushed. 0600. An
 * existing file is replaced. 0 or -1 (errno). */
int paths_write(const char *path, const void *data, size_t size);

/* The same, but that it is there is durable only after a paths_flush of its
 * folder: one for several files. */
int paths_put(const char *path, const void *data, size_t size);
int paths_flush(const char *folder);

/* Read a regular file of at most max bytes into memory the caller frees, with
 * a NUL behind. NULL (errno; EFBIG when larger). */
char *paths_read(const char *path, size_t max, size_t *size);

/* Whether a file is there that could be read, of whatever kind but a folder.
 * It is not opened: whoever writes into a pipe would take that for its reader.
 * 0 or -1 (errno). */
int paths_check_file(const char *path);

/* Whether a folder is there in which files could be made, or could be made
 * itself (paths_make). Makes nothing. 0 or -1 (errno). */
int paths_check_folder(const char *folder);

#endif
