/* A growing buffer that is born with its maximum. */
#ifndef KEYGEN_BYTES_H
#define KEYGEN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data; /* owned; NULL while empty */
    size_t size;   /* bytes in use */
    size_t room;   /* bytes allocated */
    size_t max;    /* never more than this */
    bool failed;   /* sticky: an append did not fit or found no memory */
};

/* An empty buffer of at most max bytes; allocates nothing. */
void bytes_init(struct bytes *bytes, size_t max);

/* Append. After a failure nothing more is appended and failed stays set, so
 * that many appends need one check. */
void bytes_put(struct bytes *bytes, const void *data, size_t size);
void bytes_put_byte(struct bytes *bytes, uint8_t byte);

/* Insert at an offset not above size; the tail moves up. */
void bytes_insert(struct bytes *bytes, size_t at, const void *data,
                  size_t size);

/* Wipes and frees the content; the maximum stays. */
void bytes_free(struct bytes *bytes);

#endif
