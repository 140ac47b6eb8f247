/* Text from outside: what may be shown, and words that may become part of a
 * path, a header or another word. */
#ifndef API_FOREIGN_H
#define API_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether size bytes are UTF-8 (RFC 3629: shortest forms, no surrogates)
 * without a NUL. */
bool foreign_is_utf8(const char *text, size_t size);

/* Whether nothing is in a text that json-c would let pass in JSON: what is not
 * UTF-8, single quotes, comments, NaN; control characters and an escaped NUL
 * inside strings; more than so many values and lists, each of which takes
 * hundreds of bytes of memory. Whether it is JSON is for json-c to say. */
bool foreign_may_be_json(const char *text, size_t size, size_t nodes);

/* Whether a screen does not show a character as itself: it moves the cursor,
 * starts a terminal's escape, turns the direction of writing or is invisible.
 */
bool foreign_is_hidden(uint32_t code);

/* Replace every hidden character by a space, line breaks too unless keep_lines.
 * The text is valid UTF-8; returns its new size, and ends it with a NUL when it
 * became shorter. */
size_t foreign_clean(char *text, size_t size, bool keep_lines);

/* Whether foreign_clean with keep_lines would change nothing. */
bool foreign_is_clean(const char *text, size_t size);

/* The size of the first count characters. */
size_t foreign_prefix(const char *text, size_t size, size_t count);

/* Letters and digits of ASCII, 1 to max. */
bool foreign_is_word(const char *text, size_t size, size_t max);

/* Words with dots between, at most maximum bytes in all: "data.title". */
bool foreign_is_target(const char *text, size_t size, size_t maximum);

/* The same with "-" and "_": an id that may stand in a path. */
bool foreign_is_id(const char *text, size_t size, size_t max);

/* Lower- or upper-case hex digits, exactly size of them. */
bool foreign_is_hex(const char *text, size_t size);

/* Visible ASCII without a quote: what may stand between the quotes of an
 * ETag, 1 to max. */
bool foreign_is_etag(const char *text, size_t size, size_t max);

#endif
