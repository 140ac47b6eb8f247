#include "api/foreign.h"

#include <stdint.h>
#include <string.h>

static bool follows(char byte)
{
    return ((uint8_t)byte & 0xc0) == 0x80;
}

/* As decode, of what takes more than two bytes. */
static size_t decode_long(const char *text, size_t size, uint32_t *code)
{
    static const struct {
        uint8_t mask, lead, bytes;
        uint32_t least; /* a shorter form would have done below it */
    } forms[] = {{0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
    uint8_t first = (uint8_t)text[0];

    for (size_t n = 0; n < sizeof forms / sizeof *forms; n++) {
        if ((first & forms[n].mask) != forms[n].lead || size < forms[n].bytes)
            continue;
        *code = first & (uint8_t)~forms[n].mask;
        for (size_t i = 1; i < forms[n].bytes; i++) {
            if (!follows(text[i]))
                return 0;
            *code = *code << 6 | ((uint8_t)text[i] & 0x3f);
        }
        if (*code < forms[n].least || *code > 0x10ffff ||
            (*code >= 0xd800 && *code <= 0xdfff))
            return 0;
        return forms[n].bytes;
    }
    return 0;
}

/* The character that text begins with and its bytes, or 0 where it is not
 * UTF-8. Nearly all are ASCII or Cyrillic: one byte or two. */
static inline size_t decode(const char *text, size_t size, uint32_t *code)
{
    uint8_t first = (uint8_t)text[0];

    *code = first;
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xdf || size < 2 || !follows(text[1]))
        return decode_long(text, size, code);
    *code = (first & 0x1fu) << 6 | ((uint8_t)text[1] & 0x3f);
    return 2;
}

bool foreign_is_hidden(uint32_t code)
{
    /* In their order. */
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},       /* C0: escape, carriage return, bell … */
        {0x7f, 0x9f},       /* DEL and C1, CSI among them */
        {0xad, 0xad},       /* soft hyphen */
        {0x34f, 0x34f},     /* grapheme joiner */
        {0x600, 0x605},     /* Arabic signs that span what follows */
        {0x61c, 0x61c},     /* Arabic letter mark */
        {0x6dd, 0x6dd},     /* end of ayah, which spans digits */
        {0x70f, 0x70f},     /* Syriac abbreviation mark */
        {0x115f, 0x1160},   /* Hangul fillers */
        {0x17b4, 0x17b5},   /* Khmer vowels that are not written */
        {0x180b, 0x180f},   /* Mongolian selectors and separators */
        {0x200b, 0x200f},   /* zero width, direction marks */
        {0x2028, 0x202e},   /* line separators, embeddings, overrides */
        {0x2060, 0x206f},   /* invisible operators, isolates */
        {0x3164, 0x3164},   /* Hangul filler */
        {0xfeff, 0xfeff},   /* byte order mark */
        {0xffa0, 0xffa0},   /* half-width Hangul filler */
        {0xfff0, 0xfffb},   /* unassigned ones, annotations */
        {0x1d173, 0x1d17a}, /* of musical notation */
        {0xe0000, 0xe0fff}, /* tags, selectors */
    };

    if ((code >= ' ' && code <= '~') || (code >= 0x400 && code < 0x530))
        return false; /* ASCII, Cyrillic: nearly all */
    for (size_t i = 0;
         i < sizeof ranges / sizeof *ranges && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* A line break as texts have them; a carriage return alone would let the
 * rest of a line overwrite its beginning. */
static bool is_break(const char *text, size_t size)
{
    return text[0] == '\n' || (text[0] == '\r' && size > 1 && text[1] == '\n');
}

/* Nearly every byte. */
static bool is_plain(char byte)
{
    return byte >= ' ' && byte <= '~';
}

bool foreign_is_utf8(const char *text, size_t size)
{
    uint32_t code;

    for (size_t at = 0, n; at < size; at += n) {
        n = decode(text + at, size - at, &code);
        if (n == 0 || code == 0)
            return false;
    }
    return true;
}

/* What stands outside of strings in JSON: marks, numbers, true, false, null,
 * blanks. */
static bool is_bare(char byte)
{
    static const bool bare[UINT8_MAX + 1] = {
        ['{'] = true, ['}'] = true, ['['] = true,  [']'] = true,  [':'] = true,
        [','] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
        ['+'] = true, ['-'] = true, ['.'] = true,  ['0'] = true,  ['1'] = true,
        ['2'] = true, ['3'] = true, ['4'] = true,  ['5'] = true,  ['6'] = true,
        ['7'] = true, ['8'] = true, ['9'] = true,  ['e'] = true,  ['E'] = true,
        ['t'] = true, ['r'] = true, ['u'] = true,  ['f'] = true,  ['a'] = true,
        ['l'] = true, ['s'] = true, ['n'] = true};

    return bare[(uint8_t)byte];
}

/* The bytes of a character inside a string, or of a backslash with what it
 * takes with it; 0 where it may not be there. */
static size_t character_size(const char *text, size_t size)
{
    uint32_t code = 0;
    size_t bytes;

    if (text[0] == '\\' && size > 5 && memcmp(text, "\\u0000", 6) == 0)
        return 0;
    if (text[0] == '\\')
        return size > 1 && (text[1] == '"' || text[1] == '\\') ? 2 : 1;
    bytes = decode(text, size, &code);
    return code < ' ' ? 0 : bytes;
}

/* The bytes of a string with its quotes; 0 where it is none. */
static size_t string_size(const char *text, size_t size)
{
    for (size_t at = 1, bytes; at < size; at += bytes) {
        bytes = 1;
        if (is_plain(text[at]) && text[at] != '"' && text[at] != '\\')
            continue; /* nearly all */
        if (text[at] == '"')
            return at + 1;
        bytes = character_size(text + at, size - at);
        if (bytes == 0)
            break;
    }
    return 0;
}

bool foreign_may_be_json(const char *text, size_t size, size_t nodes)
{
    size_t count = 0;

    for (size_t at = 0, bytes; at < size; at += bytes) {
        bytes = text[at] == '"' ? string_size(text + at, size - at)
                                : is_bare(text[at]);
        if (bytes == 0)
            return false;
        if (text[at] == '{' || text[at] == '[' || text[at] == ',')
            count++;
    }
    return count <= nodes;
}

size_t foreign_clean(char *text, size_t size, bool keep_lines)
{
    size_t to = 0;
    uint32_t code;

    for (size_t at = 0, n; at < size; at += n) {
        n = 1;
        if (is_plain(text[at])) {
            text[to++] = text[at];
            continue;
        }
        n = decode(text + at, size - at, &code);
        if (n == 0) {
            n = 1;
            code = 0; /* not reached for valid UTF-8 */
        }
        if (foreign_is_hidden(code) &&
            !(keep_lines && is_break(text + at, size - at))) {
            text[to++] = ' ';
        } else {
            memmove(text + to, text + at, n);
            to += n;
        }
    }
    if (to < size)
        text[to] = '\0';
    return to;
}

bool foreign_is_clean(const char *text, size_t size)
{
    uint32_t code;

    for (size_t at = 0, n; at < size; at += n) {
        n = decode(text + at, size - at, &code);
        if (n == 0 ||
            (foreign_is_hidden(code) && !is_break(text + at, size - at)))
            return false;
    }
    return true;
}

size_t foreign_prefix(const char *text, size_t size, size_t count)
{
    size_t at = 0;
    uint32_t code;

    for (size_t n; at < size && count > 0; at += n, count--) {
        n = decode(text + at, size - at, &code);
        if (n == 0)
            break;
    }
    return at;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Every byte a letter, a digit or one of some others; 1 to max of them. */
static bool consists(const char *text, size_t size, size_t max,
                     const char *others)
{
    if (size == 0 || size > max)
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_digit(text[i]) && !(text[i] >= 'A' && text[i] <= 'Z') &&
            !(text[i] >= 'a' && text[i] <= 'z') &&
            (text[i] == '\0' || strchr(others, text[i]) == NULL))
            return false;
    return true;
}

bool foreign_is_word(const char *text, size_t size, size_t max)
{
    return consists(text, size, max, "");
}

bool foreign_is_target(const char *text, size_t size, size_t maximum)
{
    size_t part = 0;

    if (size == 0 || size > maximum || text[size - 1] == '.')
        return false;
    for (size_t at = 0; at < size; at += part + 1) {
        const char *dot = memchr(text + at, '.', size - at);

        part = dot == NULL ? size - at : (size_t)(dot - (text + at));
        if (!foreign_is_word(text + at, part, maximum))
            return false;
    }
    return true;
}

bool foreign_is_id(const char *text, size_t size, size_t max)
{
    return consists(text, size, max, "-_");
}

bool foreign_is_hex(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!is_digit(text[i]) && !(text[i] >= 'A' && text[i] <= 'F') &&
            !(text[i] >= 'a' && text[i] <= 'f'))
            return false;
    return size > 0;
}

bool foreign_is_etag(const char *text, size_t size, size_t max)
{
    if (size == 0 || size > max)
        return false;
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f || text[i] == '"')
            return false;
    return true;
}
