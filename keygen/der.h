/* DER (X.690): a bounded cursor over foreign bytes, and a writer. */
#ifndef KEYGEN_DER_H
#define KEYGEN_DER_H

#include "keygen/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0C,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_IA5_STRING = 0x16,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};

/* A window on bytes that somebody else owns. */
struct der {
    const uint8_t *at;
    size_t left;
};

/* The next element must have this tag: content becomes a window on it and in
 * moves behind. False (in unchanged) on another tag, an indefinite or
 * non-minimal length, a length above 2^31 or beyond the window. */
bool der_read(struct der *in, uint8_t tag, struct der *content);

/* The same where the element is optional: true also when the next tag is
 * another one or the window is empty; then content->at is NULL. */
bool der_read_optional(struct der *in, uint8_t tag, struct der *content);

/* Any element, with header: for skipping and copying. */
bool der_read_any(struct der *in, uint8_t *tag, struct der *content,
                  struct der *whole);

/* The tag of the next element, or 0 at the end. */
uint8_t der_peek(const struct der *in);

bool der_at_end(const struct der *in);

/* Whether the content is exactly these bytes. */
bool der_equals(const struct der *content, const void *data, size_t size);

/* Whether the content of an OBJECT IDENTIFIER is this one, in dotted form. */
bool der_is_oid(const struct der *content, const char *dotted);

/* The content of an OBJECT IDENTIFIER in dotted form; false where it is none
 * or does not fit into size bytes with its NUL. */
bool der_oid_text(const struct der *content, char *text, size_t size);

/* Append tag, minimal length and content. */
void der_put(struct bytes *out, uint8_t tag, const void *content, size_t size);

/* Wrap what stands in out from offset start on into a tag. */
void der_wrap(struct bytes *out, size_t start, uint8_t tag);

/* Append an OBJECT IDENTIFIER given in dotted form; out->failed on a bad
 * one. */
void der_put_oid(struct bytes *out, const char *dotted);

#endif
