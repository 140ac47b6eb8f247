/* Bytes written as hexadecimal digits in tests. */
#ifndef TESTS_SUPPORT_HEX_H
#define TESTS_SUPPORT_HEX_H

#include "keygen/bytes.h"

#include <stddef.h>
#include <stdint.h>

/* Append; blanks are passed over. Ends the test on anything else. */
void hex_put(struct bytes *out, const char *hex);

/* Exactly size bytes. */
void hex_read(uint8_t *out, size_t size, const char *hex);

#endif
