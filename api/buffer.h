/* Bytes that grow up to a maximum and are wiped when they go: requests and
 * answers hold codes and session tokens. */
#ifndef API_BUFFER_H
#define API_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* owned; a NUL stands behind size bytes; NULL while empty */
    size_t size, room;
    size_t max;  /* of size; set it before the first byte */
    bool failed; /* sticky: too much, or no memory */
    bool full;   /* failed because it was too much */
};

void buffer_put(struct buffer *buffer, const void *data, size_t size);
void buffer_put_text(struct buffer *buffer, const char *text);

/* Empty again, content wiped, room kept. */
void buffer_clear(struct buffer *buffer);

/* Wipes and frees; the maximum stays. */
void buffer_free(struct buffer *buffer);

#endif
