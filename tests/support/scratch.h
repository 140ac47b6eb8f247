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

/* The same as the set-up and tear-down of a test or of a group of them. What a
 * person's programs keep ($XDG_CONFIG_HOME, _STATE_HOME, _DATA_HOME) is in
 * the folder too. */
extern char *scratch_folder;
int scratch_begin(void **state);
int scratch_end(void **state);

#define SCRATCH_TEST(test)                                                     \
    cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)

/* scratch_path of scratch_folder. */
const char *scratch_file(const char *name);

/* A file in a folder that has this content and no other. Its path is valid
 * until the fourth file after it. */
const char *scratch_put(const char *folder, const char *name, const void *data,
                        size_t size);

/* The same in scratch_folder. */
const char *scratch_write(const char *name, const void *data, size_t size);
const char *scratch_text(const char *name, const char *text);

/* How many entries a folder has, "." and ".." left out. */
unsigned scratch_count(const char *folder);

#endif
