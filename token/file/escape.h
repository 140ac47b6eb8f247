/* Names of folders as a location has them. A byte that is no text, or that a
 * location means something by, stands as "%" and two hex digits (RFC 3986
 * 2.1): what is not UTF-8, what acts on a terminal or on the direction of text
 * (keygen/utf8.h), "%" itself, and the "?" of a name that ends like the place
 * of a second key (token/medium.h). So whatever is shown can be typed. */
#ifndef TOKEN_FILE_ESCAPE_H
#define TOKEN_FILE_ESCAPE_H

#include "keygen/fault.h"

#include <stddef.h>

/* Append a name of size bytes to a location, which has LOCATION_MAX bytes.
 * FAULT_TOO_LARGE. */
MUST_CHECK enum fault escape_put(char *location, const char *name, size_t size);

/* The other way, of one name or a path: at most as long, out may be text.
 * A "%" that escape_put would not have written so is one. */
void escape_undo(const char *text, char *out);

#endif
