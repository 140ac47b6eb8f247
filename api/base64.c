#include "api/base64.h"

#include <string.h>

static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                            "yz0123456789+/";

void base64_write(const uint8_t *bytes, size_t size, char *text)
{
    for (; size > 0; text += 4) {
        const uint8_t second = size > 1 ? bytes[1] : 0;
        const uint8_t third = size > 2 ? bytes[2] : 0;

        text[0] = signs[bytes[0] >> 2];
        text[1] = signs[(bytes[0] << 4 | second >> 4) & 63];
        text[2] = size > 1 ? signs[(second << 2 | third >> 6) & 63] : '=';
        text[3] = size > 2 ? signs[third & 63] : '=';
        bytes += size > 2 ? 3 : size;
        size -= size > 2 ? 3 : size;
    }
}

bool base64_read(const char *text, size_t size, uint8_t *bytes, size_t *count)
{
    int8_t values[UINT8_MAX + 1];
    uint32_t bits = 0;
    size_t padding = 0;

    *count = 0;
    if (size == 0 || size % 4 != 0)
        return false;
    memset(values, -1, sizeof values);
    for (int8_t i = 0; signs[i] != '\0'; i++)
        values[(uint8_t)signs[i]] = i;
    while (padding < 2 && text[size - 1 - padding] == '=')
        padding++;
    size -= padding;
    for (size_t at = 0; at < size; at++) {
        int value = values[(uint8_t)text[at]];

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (at % 4 > 0)
            *bytes++ = (uint8_t)(bits >> (6 - at % 4 * 2));
    }
    if ((bits & ((1u << padding * 2) - 1)) != 0)
        return false;
    *count = size / 4 * 3 + (padding > 0 ? 3 - padding : 0);
    return true;
}
