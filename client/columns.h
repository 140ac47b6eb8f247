/* Two columns on standard output: a label, and text wrapped beside it. */
#ifndef CLIENT_COLUMNS_H
#define CLIENT_COLUMNS_H

#include <stddef.h>

enum { COLUMNS_WIDTH = 79 /* less on a narrow terminal */ };

/* "label        text …", the text beginning in column at (from 0) in each of
 * its lines. 0, or -1 where it could not be written. */
int columns_print(size_t at, const char *label, const char *text);

#endif
