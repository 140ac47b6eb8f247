/* The file that a command writes (--output): whole or not at all, and never
 * over another one unasked. "-" is standard output. */
#ifndef CLIENT_OUTPUT_H
#define CLIENT_OUTPUT_H

#include "client/options.h"
#include "client/renewal/renewal.h"
#include "keygen/bytes.h"

bool output_is_stream(const char *path);

/* Whether it could be written, before work is done for it: there is nothing
 * of the name, or --overwrite is given, and its folder is there and can be
 * written. OUTCOME_FILE_EXISTS, _CONTAINER_NOT_FOUND, _NO_ACCESS … */
enum outcome output_probe(const struct options *options, const char *path,
                          struct failure *failure);

/* Write it, read it back, compare. */
enum outcome output_write(const struct options *options, const char *path,
                          const struct bytes *content, struct failure *failure);

#endif
