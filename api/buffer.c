#include "api/buffer.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Not realloc: it would leave copies of secrets behind. */
static int grow(struct buffer *buffer, size_t size)
{
    size_t room = buffer->room < 1024 ? 1024 : buffer->room * 2;
    char *data;

    if (size < buffer->room)
        return 0;
    while (room <= size)
        room *= 2;
    data = malloc(room);
    if (data == NULL)
        return -1;
    if (buffer->size > 0)
        memcpy(data, buffer->data, buffer->size);
    if (buffer->data != NULL)
        sodium_memzero(buffer->data, buffer->room);
    free(buffer->data);
    buffer->data = data;
    buffer->room = room;
    return 0;
}

void buffer_put(struct buffer *buffer, const void *data, size_t size)
{
    if (buffer->failed)
        return;
    if (size > buffer->max - buffer->size) {
        buffer->full = buffer->failed = true;
        return;
    }
    if (grow(buffer, buffer->size + size) != 0) {
        buffer->failed = true;
        return;
    }
    if (size > 0)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void buffer_put_text(struct buffer *buffer, const char *text)
{
    buffer_put(buffer, text, strlen(text));
}

void buffer_clear(struct buffer *buffer)
{
    if (buffer->data != NULL)
        sodium_memzero(buffer->data, buffer->room);
    buffer->size = 0;
    buffer->failed = buffer->full = false;
}

void buffer_free(struct buffer *buffer)
{
    buffer_clear(buffer);
    free(buffer->data);
    buffer->data = NULL;
    buffer->room = 0;
}
