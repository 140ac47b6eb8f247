/* What is known of a key that was made inside of a token, beside the key: its
 * public part, its name, its certificate. A file that anybody may read:
 *
 *     SEQUENCE {
 *       SEQUENCE {
 *         INTEGER 1,                 version
 *         OCTET STRING (4),          counter, big-endian: the higher is newer
 *         UTF8String,                name
 *         OBJECT IDENTIFIER,         curve
 *         OCTET STRING,              X ‖ Y little-endian; empty: not made yet
 *         Time,                      end of the key's own period
 *         [0] OCTET STRING OPTIONAL  certificate (DER) },
 *       OCTET STRING (32) }          SHA-256 of the inner SEQUENCE
 *
 * The sum is for writes that were torn; nothing here is secret or trusted. */
#ifndef TOKEN_RUTOKEN_RESIDENT_RESIDENT_RECORD_H
#define TOKEN_RUTOKEN_RESIDENT_RESIDENT_RECORD_H

#include "keygen/bytes.h"
#include "keygen/der.h"
#include "token/medium.h"

enum {
    RESIDENT_KEY = 32, /* bytes of a scalar: those of 256 bits alone */
    RESIDENT_RECORD_MAX = 16 * 1024
};

struct resident_record {
    uint32_t counter;
    char name[4 * CONTAINER_NAME_MAX];
    const struct algorithm *algorithm;
    bool made;
    uint8_t point[2 * RESIDENT_KEY];
    time_t key_not_after;
    struct certificate *certificate; /* owned; NULL: none */
};

/* Append it to out, which is empty. FAULT_TOO_LARGE. */
MUST_CHECK enum fault resident_record_write(const struct resident_record *from,
                                            struct bytes *out);

/* FAULT_DAMAGED; padding behind it is passed over. Free with
 * resident_record_free. */
MUST_CHECK enum fault resident_record_read(struct der file,
                                           struct resident_record *record);
void resident_record_free(struct resident_record *record);

#endif
