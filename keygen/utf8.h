/* UTF-8 (RFC 3629), read strictly: no overlong forms, no surrogates. */
#ifndef KEYGEN_UTF8_H
#define KEYGEN_UTF8_H

#include "keygen/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The next character of *left bytes at *at; both move behind it. False at
 * the end and on bytes that are not UTF-8 (then nothing moves). */
bool utf8_read(const char **at, size_t *left, uint32_t *character);

/* Bytes of the byte order mark that editors put before a text, 0: none. */
size_t utf8_mark_size(const char *text, size_t size);

/* Append a character. Anything that is no Unicode scalar value makes
 * out->failed. */
void utf8_put(struct bytes *out, uint32_t character);

/* Whether a character has no glyph of its own but acts on a terminal or on
 * the direction of text: C0, C1, line separators, bidirectional controls. */
bool utf8_is_control(uint32_t character);

/* Whether it is 1 to max characters, none of them such a control. */
bool utf8_is_line(const char *text, size_t size, size_t max);

/* The lower case of a Latin-1 or Cyrillic letter; ё stays ё. */
uint32_t utf8_fold(uint32_t character);

#endif
