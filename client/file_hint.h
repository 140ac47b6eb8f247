/* What a file is that was taken for a certificate and is none. */
#ifndef CLIENT_FILE_HINT_H
#define CLIENT_FILE_HINT_H

#include <stddef.h>

/* The translated sentence that says it and what to do; NULL: nothing is known.
 * A file that is not there says nothing. */
const char *file_hint(const char *path);

/* The same of its first bytes. */
const char *file_hint_of(const char *data, size_t size);

#endif
