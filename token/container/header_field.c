#include "token/container/header_field.h"

#include "keygen/der.h"

#include <string.h>

const uint8_t header_field_tag[FIELD_KINDS] = {
    [FIELD_FORMAT] = 0xA0,
    [FIELD_INNER_NAME] = DER_IA5_STRING,
    [FIELD_FLAGS] = DER_BIT_STRING,
    [FIELD_KEY] = DER_SEQUENCE,
    [FIELD_PASSWORD_MAC] = 0x82,
    [FIELD_SECOND_ENCRYPTED] = 0xA3,
    [FIELD_SECOND_KEY] = 0xA4,
    [FIELD_CERTIFICATE] = 0x85,
    [FIELD_SECOND_CERTIFICATE] = 0x86,
    [FIELD_ENCRYPTION_NAME] = 0x87,
    [FIELD_LINK] = 0xA8,
    [FIELD_SECOND_LINK] = 0xA9,
    [FIELD_FINGERPRINT] = 0x8A,
    [FIELD_SECOND_FINGERPRINT] = 0x8B,
    [FIELD_PASSWORD_POLICY] = DER_SEQUENCE,
    [FIELD_LEVEL] = DER_INTEGER,
    [FIELD_EXTENSIONS] = 0xAC,
    [FIELD_SECOND_ENCRYPTION_NAME] = 0x8D,
};

const struct header_key_fields header_field_of[CONTAINER_KEYS] = {
    {FIELD_KEY, FIELD_KINDS, FIELD_CERTIFICATE, FIELD_FINGERPRINT},
    {FIELD_SECOND_KEY, FIELD_SECOND_ENCRYPTED, FIELD_SECOND_CERTIFICATE,
     FIELD_SECOND_FINGERPRINT},
};

int header_field_find(uint8_t tag, int from)
{
    for (int kind = from; kind < FIELD_KINDS; kind++)
        if (header_field_tag[kind] == tag)
            return kind;
    return memchr(header_field_tag, tag, FIELD_KINDS) == NULL ? FIELD_KINDS
                                                              : -1;
}
