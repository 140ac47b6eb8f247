/* Base64 (RFC 4648, section 4) of what is no secret: how long it takes tells
 * the bytes. */
#ifndef API_BASE64_H
#define API_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The text of so many bytes, and the bytes of so much text at most. */
#define BASE64_TEXT(size) (((size) + 2) / 3 * 4)
#define BASE64_BYTES(size) ((size) / 4 * 3)

/* The one text that stands for the bytes; without a NUL behind it. False
 * without memory. */
bool base64_write(const uint8_t *bytes, size_t size, char *text);

/* Only a text that base64_write writes of one byte or more: no blank, every
 * sign of padding, no bit behind the last byte. False without memory, too. */
bool base64_read(const char *text, size_t size, uint8_t *bytes, size_t *count);

#endif
