#include "keygen/dirstring.h"

#include "keygen/utf8.h"

enum { NOT_A_CHARACTER = 0x110000, TAG_UTF8 = 0x0C };

/* 0x80 to 0xBF of Windows-1251; above is the alphabet from U+0410 on. */
static const uint16_t cp1251[64] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021,
    0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C, 0x040B, 0x040F,
    0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0xFFFD, 0x2122, 0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F,
    0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7,
    0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407,
    0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,
    0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
};

static uint32_t read_cp1251(const char **at, size_t *left)
{
    const uint8_t byte = (uint8_t) * *at;

    (*at)++;
    (*left)--;
    if (byte < 0x80)
        return byte;
    return byte < 0xC0 ? cp1251[byte - 0x80] : 0x0410u + byte - 0xC0u;
}

/* Big-endian, width bytes a character. */
static uint32_t read_wide(const char **at, size_t *left, size_t width)
{
    uint32_t character = 0;

    if (*left < width)
        return NOT_A_CHARACTER;
    for (size_t i = 0; i < width; i++)
        character = character << 8 | (uint8_t)(*at)[i];
    *at += width;
    *left -= width;
    return character;
}

static uint32_t read_bmp(const char **at, size_t *left)
{
    return read_wide(at, left, 2);
}

static uint32_t read_universal(const char **at, size_t *left)
{
    return read_wide(at, left, 4);
}

static const struct {
    uint8_t tag;
    uint32_t (*read)(const char **at, size_t *left);
} types[] = {
    {0x12, read_cp1251},    /* NumericString */
    {0x13, read_cp1251},    /* PrintableString */
    {0x14, read_cp1251},    /* TeletexString */
    {0x16, read_cp1251},    /* IA5String */
    {0x1A, read_cp1251},    /* VisibleString */
    {0x1C, read_universal}, /* UniversalString */
    {0x1E, read_bmp},       /* BMPString */
};

/* What is neither a control character nor needs another form stays as it is:
 * nearly everything, so it is copied in runs. */
static void put_utf8(const char *at, size_t size, struct bytes *out)
{
    const char *run = at;
    uint32_t character;

    while (size > 0 && !out->failed) {
        const char *before = at;

        if (!utf8_read(&at, &size, &character)) {
            out->failed = true;
        } else if (utf8_is_control(character)) {
            bytes_put(out, run, (size_t)(before - run));
            bytes_put_byte(out, ' ');
            run = at;
        }
    }
    bytes_put(out, run, (size_t)(at - run));
}

void dirstring_read(uint8_t tag, const void *content, size_t size,
                    struct bytes *out)
{
    const size_t count = sizeof(types) / sizeof(types[0]);
    const char *at = content;
    size_t type = 0;

    if (tag == TAG_UTF8) {
        put_utf8(at, size, out);
        return;
    }
    while (type < count && types[type].tag != tag)
        type++;
    if (type == count)
        out->failed = true;
    while (size > 0 && !out->failed) {
        const uint32_t character = types[type].read(&at, &size);

        utf8_put(out, utf8_is_control(character) ? ' ' : character);
    }
}
