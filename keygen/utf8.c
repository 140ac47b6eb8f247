#include "keygen/utf8.h"

#include <string.h>

/* How a sequence of a given length begins, and the least it may encode. */
static const struct {
    uint8_t mask, lead;
    uint32_t least;
} forms[] = {
    {0x80, 0x00, 0},
    {0xE0, 0xC0, 0x80},
    {0xF0, 0xE0, 0x800},
    {0xF8, 0xF0, 0x10000},
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static bool is_scalar(uint32_t character)
{
    return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
}

bool utf8_read(const char **at, size_t *left, uint32_t *character)
{
    const uint8_t *bytes = (const uint8_t *)*at;
    size_t form = 0;
    uint32_t value;

    if (*left == 0)
        return false;
    if (bytes[0] < 0x80) {
        *character = bytes[0];
        (*at)++;
        (*left)--;
        return true;
    }
    while (form < FORMS && (bytes[0] & forms[form].mask) != forms[form].lead)
        form++;
    if (form == FORMS || form >= *left)
        return false;
    value = bytes[0] & (uint8_t)~forms[form].mask;
    for (size_t i = 1; i <= form; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return false;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    if (value < forms[form].least || !is_scalar(value))
        return false;
    *at += form + 1;
    *left -= form + 1;
    *character = value;
    return true;
}

size_t utf8_mark_size(const char *text, size_t size)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};

    return size >= sizeof(mark) && memcmp(text, mark, sizeof(mark)) == 0
               ? sizeof(mark)
               : 0;
}

void utf8_put(struct bytes *out, uint32_t character)
{
    size_t form = 0;

    if (!is_scalar(character)) {
        out->failed = true;
        return;
    }
    while (form + 1 < FORMS && character >= forms[form + 1].least)
        form++;
    bytes_put_byte(out, (uint8_t)(forms[form].lead | character >> (6 * form)));
    while (form-- > 0)
        bytes_put_byte(out, (uint8_t)(0x80 | (character >> (6 * form) & 0x3F)));
}

bool utf8_is_control(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } controls[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
        {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
        {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };

    /* Nearly every character is one of these. */
    if ((character > 0x1F && character < 0x7F) ||
        (character > 0x9F && character < 0x061C))
        return false;
    for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
        if (character >= controls[i].first && character <= controls[i].last)
            return true;
    }
    return false;
}

bool utf8_is_line(const char *text, size_t size, size_t max)
{
    uint32_t character;
    size_t count = 0;

    for (; size > 0; count++)
        if (!utf8_read(&text, &size, &character) || utf8_is_control(character))
            return false;
    return count >= 1 && count <= max;
}

uint32_t utf8_fold(uint32_t character)
{
    /* With step 2 the capitals are every second one of the range. */
    static const struct {
        uint16_t first, last, step, distance;
    } capitals[] = {
        {'A', 'Z', 1, 0x20},       {0x00C0, 0x00D6, 1, 0x20},
        {0x00D8, 0x00DE, 1, 0x20}, {0x0400, 0x040F, 1, 0x50},
        {0x0410, 0x042F, 1, 0x20}, {0x0460, 0x0480, 2, 1},
        {0x048A, 0x04BE, 2, 1},    {0x04C1, 0x04CD, 2, 1},
        {0x04D0, 0x052E, 2, 1},
    };

    for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++) {
        if (character >= capitals[i].first && character <= capitals[i].last &&
            (character - capitals[i].first) % capitals[i].step == 0)
            return character + capitals[i].distance;
    }
    return character;
}
