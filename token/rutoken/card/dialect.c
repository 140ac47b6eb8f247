#include "token/rutoken/card/dialect.h"

#include <string.h>

enum {
    TAG_SIZE = 0x80,
    TAG_TYPE = 0x82,
    TAG_ID = 0x83,
    TAG_PROPERTY = 0x85,
    TAG_ACCESS = 0x86,
    TYPE_FOLDER = 0x38,
    TYPE_FILE = 0x01,
    TYPE_KEY = 0x10,
    PROPERTY = 6,
    ACCESS = 15,
    ACCESS_LONG = 40,
    OPERATIONS = 7,
    USER = 2,
    METHOD_PIN = 1
};

static const struct dialect ecp = {
    .model = "Rutoken ECP",
    .template = 0x6F,
    .pin_header = true,
    .makes_keys = true,
    .serial_size = 8,
    .info_size = 12,
    .home = {0x1000, 0x1003},
    .depth = 2,
    .slots = 15,
};

static const struct dialect lite = {
    .model = "Rutoken Lite",
    .template = 0x6F,
    .pin_header = true,
    .serial_size = 8,
    .info_size = 12,
    .pin_most = 32,
    .home = {0x1000, 0x1003},
    .depth = 2,
    .slots = 15,
};

static const struct dialect s = {
    .model = "Rutoken S",
    .little_endian = true,
    .template = 0x62,
    .long_access = true,
    .bare_pin = true,
    .logs_out_first = true,
    .serial_size = 4,
    .info_size = 8,
    .tells_memory = true,
    .pin_least = 1,
    .pin_most = 16,
    .home = {0x0000, 0x0000, 0x0002},
    .depth = 3,
    .slots = 7,
};

static const struct dialect *const dialects[] = {&ecp, &lite, &s};

/* Answers to reset; '.' stands for any byte. The historical bytes are the
 * name; interface bytes and the checksum vary with firmware and reader. */
static const struct {
    const char *pattern;
    size_t size;
    const struct dialect *dialect;
} resets[] = {
    {"\x3B\x8B\x01Rutoken DS \xC1", 15, &ecp},
    {"\x3B\x8B\x01Rutoken ECP\xA0", 15, &ecp},
    {"....RutokenECPsc", 16, &ecp},
    {"......RutokenECPsc.", 19, &ecp},
    {"....RtSC.....", 13, &ecp},
    {"\x3B\x8C\x80\x01\x50\x5C\x4B\x71\xA1\x52\x74\x53\x43w\x81\x83\xD9", 17,
     &ecp},
    {"\x3B\x8B\x01Rutokenlite\xC2", 15, &lite},
    {"....RutokenLiteSC2", 18, &lite},
    {"\x3B\x6F\x00\xFF\x00VruTokns0 \x00\x00\x90\x00", 19, &s},
    {"\x3B\x6F\x00\xFF\x00VuaTokns0 \x00\x00\x90\x00", 19, &s},
};

static bool fits(const char *pattern, const uint8_t *atr, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (pattern[i] != '.' && (uint8_t)pattern[i] != atr[i])
            return false;
    return true;
}

const struct dialect *dialect_find(const uint8_t *atr, size_t size)
{
    for (size_t i = 0; i < sizeof resets / sizeof resets[0]; i++)
        if (resets[i].size == size && fits(resets[i].pattern, atr, size))
            return resets[i].dialect;
    return NULL;
}

const struct dialect *dialect_at(size_t i)
{
    return i < sizeof dialects / sizeof dialects[0] ? dialects[i] : NULL;
}

void dialect_put(const struct dialect *dialect, uint16_t number,
                 uint8_t wire[2])
{
    wire[dialect->little_endian ? 1 : 0] = (uint8_t)(number >> 8);
    wire[dialect->little_endian ? 0 : 1] = (uint8_t)number;
}

uint16_t dialect_number(const struct dialect *dialect, const uint8_t *wire)
{
    const unsigned high = wire[dialect->little_endian ? 1 : 0];

    return (uint16_t)(high << 8 | wire[dialect->little_endian ? 0 : 1]);
}

uint16_t dialect_slot(size_t n)
{
    return (uint16_t)((0x0A + n) << 8);
}

static void put(struct bytes *out, uint8_t tag, const void *data, size_t size)
{
    bytes_put_byte(out, tag);
    bytes_put_byte(out, (uint8_t)size);
    bytes_put(out, data, size);
}

static void put_number(const struct dialect *dialect, struct bytes *out,
                       uint8_t tag, size_t number)
{
    uint8_t wire[2];

    dialect_put(dialect, (uint16_t)number, wire);
    put(out, tag, wire, sizeof wire);
}

/* A map of the operations that are restricted, and their conditions. A Rutoken
 * S has methods instead, and references to PINs behind them. */
static void put_access(const struct dialect *dialect, struct bytes *out,
                       enum dialect_access access)
{
    static const uint8_t conditions[][1 + OPERATIONS] = {
        [DIALECT_FOLDER] = {0x43, USER, USER, 0, 0, 0, 0, USER},
        [DIALECT_PUBLIC] = {0x43, 0, USER, 0, 0, 0, 0, USER},
        [DIALECT_PRIVATE] = {0x43, USER, USER, 0, 0, 0, 0, USER},
        [DIALECT_KEY] = {0x46, 0, USER, USER, 0, 0, 0, USER},
        [DIALECT_KEY_PUBLIC] = {0x46, 0, USER, 0, 0, 0, 0, USER},
    };
    uint8_t attribute[ACCESS_LONG] = {0};

    memcpy(attribute, conditions[access], 1 + OPERATIONS);
    for (size_t i = 0; dialect->long_access && i < OPERATIONS; i++) {
        const uint8_t condition = conditions[access][1 + i];

        if (condition == 0)
            continue;
        attribute[1 + i] = METHOD_PIN;
        attribute[1 + OPERATIONS + 4 * i] = condition;
    }
    put(out, TAG_ACCESS, attribute,
        dialect->long_access ? ACCESS_LONG : ACCESS);
}

void dialect_describe(const struct dialect *dialect, uint16_t id, size_t size,
                      enum dialect_access access, const uint8_t *property,
                      struct bytes *out)
{
    const uint8_t type[2] = {property != NULL           ? TYPE_KEY
                             : access == DIALECT_FOLDER ? TYPE_FOLDER
                                                        : TYPE_FILE,
                             0};
    const size_t start = out->size;

    put_number(dialect, out, TAG_SIZE, size);
    put(out, TAG_TYPE, type, sizeof type);
    put_number(dialect, out, TAG_ID, id);
    if (property != NULL)
        put(out, TAG_PROPERTY, property, PROPERTY);
    put_access(dialect, out, access);
    if (!out->failed) {
        const uint8_t head[2] = {dialect->template,
                                 (uint8_t)(out->size - start)};

        bytes_insert(out, start, head, sizeof head);
    }
}
