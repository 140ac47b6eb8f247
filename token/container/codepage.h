/* Windows-1251, in which containers keep text, from UTF-8. The way back is
 * dirstring_read of keygen/. */
#ifndef TOKEN_CONTAINER_CODEPAGE_H
#define TOKEN_CONTAINER_CODEPAGE_H

#include "keygen/fault.h"

#include <stddef.h>
#include <stdint.h>

/* At most max bytes. FAULT_ARGUMENT on invalid UTF-8, on a control character
 * and on one that CP1251 has not; FAULT_TOO_LARGE. */
MUST_CHECK enum fault codepage_encode(const char *text, uint8_t *out,
                                      size_t max, size_t *size);

#endif
