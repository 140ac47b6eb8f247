#include "api/base64.h"

#include <string.h>

enum { WRONG = 0xff };

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(const uint8_t *bytes, size_t size, char *text)
{
    for (; size > 0; text += 4) {
        const size_t count = size < 3 ? size : 3;
        uint32_t word = (uint32_t)bytes[0] << 16;

        word |= count > 1 ? (uint32_t)bytes[1] << 8 : 0;
        word |= count > 2 ? bytes[2] : 0;
        text[0] = digits[word >> 18];
        text[1] = digits[word >> 12 & 63];
        text[2] = count > 1 ? digits[word >> 6 & 63] : '=';
        text[3] = count > 2 ? digits[word & 63] : '=';
        bytes += count;
        size -= count;
    }
}

bool base64_read(const char *text, size_t size, uint8_t *bytes, size_t *count)
{
    uint8_t values[UINT8_MAX + 1];
    uint32_t word = 0, wrong = 0;
    size_t padding = 0;

    *count = 0;
    if (size == 0 || size % 4 != 0)
        return false;
    while (padding < 2 && text[size - padding - 1] == '=')
        padding++;
    memset(values, WRONG, sizeof values);
    for (uint8_t i = 0; i < 64; i++)
        values[(uint8_t)digits[i]] = i;
    for (size_t i = 0; i < size - padding; i++) {
        const uint8_t value = values[(uint8_t)text[i]];

        wrong |= value;
        word = word << 6 | value;
        if (i % 4 > 0) /* eight bits more are there */
            bytes[(*count)++] = (uint8_t)(word >> (6 - 2 * (i % 4)));
    }
    return wrong < 64 && (word & ((1u << 2 * padding) - 1)) == 0;
}
