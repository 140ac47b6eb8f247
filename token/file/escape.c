#include "token/file/escape.h"

#include "keygen/utf8.h"
#include "token/medium.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Whether the character at a place of a name stands for itself; *at moves
 * behind it, or behind one byte that is none. */
static bool read_plain(const char **at, size_t *left)
{
    const bool second = *left == strlen(CONTAINER_SECOND) &&
                        memcmp(*at, CONTAINER_SECOND, *left) == 0;
    uint32_t character;

    if (!utf8_read(at, left, &character)) {
        (*at)++;
        (*left)--;
        return false;
    }
    return character != '%' && !second && !utf8_is_control(character);
}

static size_t put(char *out, bool plain, const char *from, const char *to)
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = out;

    for (; from < to; from++) {
        const uint8_t byte = (uint8_t)*from;

        if (plain) {
            *at++ = *from;
        } else {
            *at++ = '%';
            *at++ = digits[byte >> 4];
            *at++ = digits[byte & 0x0F];
        }
    }
    return (size_t)(at - out);
}

enum fault escape_put(char *location, const char *name, size_t size)
{
    enum { LONGEST = 3 * 4 /* of a character */ };
    size_t end = strlen(location);

    while (size > 0) {
        const char *from = name;
        const bool plain = read_plain(&name, &size);
        char written[LONGEST];
        const size_t length = put(written, plain, from, name);

        if (end + length >= LOCATION_MAX)
            return FAULT_TOO_LARGE;
        memcpy(location + end, written, length);
        end += length;
        location[end] = '\0';
    }
    return FAULT_NONE;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%1B" stands for; -1: it stands for itself. */
static int undo_one(const char *at)
{
    const int high = *at == '%' ? digit_of(at[1]) : -1;
    const int low = high >= 0 ? digit_of(at[2]) : -1;
    const int byte = 16 * high + low;

    if (low < 0 || byte == 0)
        return -1;
    return byte < ' ' || byte > '~' || byte == '%' || byte == '?' ? byte : -1;
}

void escape_undo(const char *text, char *out)
{
    while (*text != '\0') {
        const int byte = undo_one(text);

        *out++ = (char)(byte < 0 ? *text : byte);
        text += byte < 0 ? 1 : 3;
    }
    *out = '\0';
}
