/* Other programs that read and write the files of one folder. */
#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

#include "keygen/bytes.h"

/* Set-up and tear-down of cmocka: the folder comes and goes. */
int peer_set_up(void **state);
int peer_tear_down(void **state);

/* The path of a file, valid until the fourth call after it. */
const char *peer_path(const char *name);

void peer_write(const char *name, const void *data, size_t size);

/* Append the content of a file. */
void peer_read(const char *name, struct bytes *out);

/* Run a line of words; one that begins with "@" is a file of the folder. The
 * exit status; what was said, with a NUL, is appended to output unless that
 * is NULL. */
int peer_ask(struct bytes *output, const char *line);

/* The line must succeed and say this. */
void peer_says(const char *line, const char *wanted);

#endif
