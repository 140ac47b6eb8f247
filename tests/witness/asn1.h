/* DER of short definite forms, as much of it as a container holds. */
#ifndef TESTS_WITNESS_ASN1_H
#define TESTS_WITNESS_ASN1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ASN1_OID_TEXT = 64 };

struct span {
    const uint8_t *at;
    size_t size;
};

/* The tag of the next element, 0 at the end. */
uint8_t asn1_tag(const struct span *from);

/* Move behind the next element, if it has this tag, to its content. */
bool asn1_take(struct span *from, uint8_t tag, struct span *content);

/* The same, with content at NULL where the next one has another tag. False
 * where it has this one and is malformed. */
bool asn1_maybe(struct span *from, uint8_t tag, struct span *content);

/* Behind the next element, whatever it is. */
bool asn1_skip(struct span *from);

/* "1.2.643.7.1.1.1.1"; false where it does not fit. */
bool asn1_oid(struct span content, char text[ASN1_OID_TEXT]);

#endif
