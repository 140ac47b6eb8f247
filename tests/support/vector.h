/* The vectors of other people, which are not part of this project: their
 * folder is what the environment variable KEP_VECTORS says. */
#ifndef TESTS_SUPPORT_VECTOR_H
#define TESTS_SUPPORT_VECTOR_H

#include <stddef.h>
#include <stdint.h>

/* The path of a vector, valid until the next call. Skips the test, saying
 * so, where KEP_VECTORS is not set. */
const char *vector_path(const char *name);

/* The content of one; free it. */
uint8_t *vector_read(const char *name, size_t *size);

#endif
