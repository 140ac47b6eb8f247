/* Other programs, asked for their opinion. */
#ifndef TESTS_SUPPORT_RUN_H
#define TESTS_SUPPORT_RUN_H

#include "keygen/bytes.h"

/* Run a program of the PATH with arguments ended by NULL and nothing on its
 * standard input; OpenSSL finds the GOST engine. What it prints and complains
 * is appended to output, with a NUL behind it. Its exit status; a program
 * that cannot be started ends the test. */
int run(struct bytes *output, const char *const *arguments);

#endif
