/* The vectors of other people, which are not part of this project: their
 * folder is what the environment variable KEP_VECTORS says. */
#ifndef TESTS_SUPPORT_VECTOR_H
#define TESTS_SUPPORT_VECTOR_H

#include <stddef.h>
#include <stdint.h>

/* That folder, or NULL where the variable is not set. A test of its own then
 * says so to prove (cmocka's skip() prints what prove takes for a failure). */
const char *vector_folder(void);

/* The content of one; free it. Ends the test where there is none. */
uint8_t *vector_read(const char *name, size_t *size);

#endif
