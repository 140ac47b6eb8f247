/* Heap memory that is wiped when it is freed: for a library that copies
 * session tokens and codes about, and that lets us choose its memory. */
#ifndef API_WIPED_H
#define API_WIPED_H

#include <stddef.h>

/* As the functions of <stdlib.h> and <string.h>; they go with each other and
 * with free. */
void *wiped_malloc(size_t size);
void *wiped_calloc(size_t count, size_t size);
void *wiped_realloc(void *pointer, size_t size);
char *wiped_strdup(const char *text);
void wiped_free(void *pointer);

#endif
