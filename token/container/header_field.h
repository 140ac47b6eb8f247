/* The fields of header.key, for those who read and write it. */
#ifndef TOKEN_CONTAINER_HEADER_FIELD_H
#define TOKEN_CONTAINER_HEADER_FIELD_H

#include "token/medium.h"

#include <stdint.h>

/* In the order in which they stand. */
enum header_field {
    FIELD_FORMAT,
    FIELD_INNER_NAME,
    FIELD_FLAGS,
    FIELD_KEY,
    FIELD_PASSWORD_MAC,
    FIELD_SECOND_ENCRYPTED,
    FIELD_SECOND_KEY,
    FIELD_CERTIFICATE,
    FIELD_SECOND_CERTIFICATE,
    FIELD_ENCRYPTION_NAME,
    FIELD_LINK,
    FIELD_SECOND_LINK,
    FIELD_FINGERPRINT,
    FIELD_SECOND_FINGERPRINT,
    FIELD_PASSWORD_POLICY,
    FIELD_LEVEL,
    FIELD_EXTENSIONS,
    FIELD_SECOND_ENCRYPTION_NAME,
    FIELD_KINDS
};

extern const uint8_t header_field_tag[FIELD_KINDS];

/* Which fields are those of the first and of the second key; FIELD_KINDS
 * where there is none. */
struct header_key_fields {
    enum header_field key, encrypted, certificate, fingerprint;
};

extern const struct header_key_fields header_field_of[CONTAINER_KEYS];

/* The kind of a field that stands behind kind from - 1; FIELD_KINDS where
 * its tag is none of the schema; -1 where it stands out of order or twice. */
int header_field_find(uint8_t tag, int from);

/* Bits of FIELD_FLAGS and what stands inside of FIELD_KEY. */
enum {
    FLAG_PASSWORD = 0x80,
    FLAG_RESERVE = 0x40,
    FLAG_KEY_ABSENT = 0x20, /* the first key */
    FLAG_SHARED = 0x10,     /* a key that is made with a token's help */
    TAG_KEY_ALGORITHM = 0xA0
};

#define HEADER_FORMAT_OLD "1.2.643.2.2.37.1"
#define HEADER_FORMAT "1.2.643.2.2.37.2.1"

#endif
