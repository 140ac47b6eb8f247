#include "token/container/codepage.h"

#include "keygen/der.h"
#include "keygen/dirstring.h"
#include "keygen/utf8.h"

#include <stdbool.h>
#include <string.h>

enum { BYTES = 256, FIRST = 0x20, UTF8_MAX = 3, REPLACEMENT = 0xFFFD };

/* What each byte means: all of them read as one string. */
static bool load(uint32_t table[BYTES])
{
    uint8_t all[BYTES];
    struct bytes text;
    const char *at;
    size_t left;
    bool whole = true;

    for (size_t i = 0; i < BYTES; i++)
        all[i] = (uint8_t)i;
    bytes_init(&text, UTF8_MAX * BYTES);
    dirstring_read(DER_IA5_STRING, all, sizeof all, &text);
    at = (const char *)text.data;
    left = text.size;
    for (size_t i = 0; i < BYTES && whole; i++)
        whole = utf8_read(&at, &left, &table[i]);
    bytes_free(&text);
    return whole;
}

static bool find(const uint32_t table[BYTES], uint32_t character, uint8_t *byte)
{
    size_t i = FIRST;

    while (i < BYTES && table[i] != character)
        i++;
    *byte = (uint8_t)i;
    return i < BYTES && character != REPLACEMENT;
}

enum fault codepage_encode(const char *text, uint8_t *out, size_t max,
                           size_t *size)
{
    size_t left = strlen(text);
    uint32_t table[BYTES], character;

    *size = 0;
    if (!load(table))
        return FAULT_MEMORY;
    while (left > 0) {
        if (*size == max)
            return FAULT_TOO_LARGE;
        if (!utf8_read(&text, &left, &character) ||
            !find(table, character, &out[*size]))
            return FAULT_ARGUMENT;
        (*size)++;
    }
    return FAULT_NONE;
}
