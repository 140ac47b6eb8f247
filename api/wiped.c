#include "api/wiped.h"

#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void *wiped_malloc(size_t size)
{
    return malloc(size);
}

void *wiped_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

/* realloc may move a block and leave the old one as it is. */
void *wiped_realloc(void *pointer, size_t size)
{
    size_t room = pointer == NULL ? 0 : malloc_usable_size(pointer);
    void *moved;

    if (room > 0 && size > 0 && size <= room)
        return pointer;
    moved = malloc(size);
    if (moved == NULL)
        return NULL;
    if (room > 0)
        memcpy(moved, pointer, room < size ? room : size);
    wiped_free(pointer);
    return moved;
}

char *wiped_strdup(const char *text)
{
    return strdup(text);
}

void wiped_free(void *pointer)
{
    if (pointer != NULL)
        sodium_memzero(pointer, malloc_usable_size(pointer));
    free(pointer);
}
