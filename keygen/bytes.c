#include "keygen/bytes.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void bytes_init(struct bytes *bytes, size_t max)
{
    *bytes = (struct bytes){.max = max};
}

/* Room for more; the old memory is wiped, for it may hold secrets. */
static bool grow(struct bytes *bytes, size_t more)
{
    size_t room;
    uint8_t *data;

    if (bytes->failed || more > bytes->max - bytes->size)
        return false;
    if (bytes->size + more <= bytes->room)
        return true;
    room = bytes->size + more < 64 ? 64 : 2 * (bytes->size + more);
    if (room > bytes->max)
        room = bytes->max;
    data = calloc(1, room);
    if (data == NULL)
        return false;
    if (bytes->data != NULL) {
        memcpy(data, bytes->data, bytes->size);
        sodium_memzero(bytes->data, bytes->room);
        free(bytes->data);
    }
    bytes->data = data;
    bytes->room = room;
    return true;
}

void bytes_insert(struct bytes *bytes, size_t at, const void *data, size_t size)
{
    if (at > bytes->size || !grow(bytes, size)) {
        bytes->failed = true;
        return;
    }
    if (size == 0)
        return;
    memmove(bytes->data + at + size, bytes->data + at, bytes->size - at);
    memcpy(bytes->data + at, data, size);
    bytes->size += size;
}

void bytes_put(struct bytes *bytes, const void *data, size_t size)
{
    bytes_insert(bytes, bytes->size, data, size);
}

void bytes_put_byte(struct bytes *bytes, uint8_t byte)
{
    bytes_put(bytes, &byte, 1);
}

void bytes_free(struct bytes *bytes)
{
    if (bytes->data != NULL) {
        sodium_memzero(bytes->data, bytes->room);
        free(bytes->data);
    }
    bytes_init(bytes, bytes->max);
}
