/* A folder for one test, which goes when the test does. */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

#include <stddef.h>

/* A new empty folder of mode 0700, below $TMPDIR or /tmp. Ends the test where
 * that fails. Remove and free with scratch_remove. */
char *scratch_new(void);

/* Remove it and all that is in it; *folder becomes NULL. */
void scratch_remove(char **folder);

/* The path of a file in it: "FOLDER/NAME". Valid until the fourth call after
 * it. */
const char *scratch_path(const char *folder, const char *name);

/* How many entries a folder has, "." and ".." left out. */
unsigned scratch_count(const char *folder);

#endif
