#include "client/text.h"

#include "api/foreign.h"
#include "keygen/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char ellipsis[] = "\xE2\x80\xA6";    /* U+2026 */

/* The bytes of the first character of text, 0 where it is none. */
static size_t decode(const char *text, size_t size, uint32_t *character)
{
    const char *at = text;

    return utf8_read(&at, &size, character) ? (size_t)(at - text) : 0;
}

/* What is put for the character at text; *taken of text it stands for. */
static const char *harmless(const char *text, bool lines, size_t *taken,
                            size_t *size)
{
    uint32_t character = 0;
    size_t length = decode(text, strnlen(text, 4), &character);

    *taken = length > 0 ? length : 1;
    *size = 1;
    if (character == '\n' && lines)
        return text;
    if (character == '\n' || character == '\t' || character == '\r')
        return " ";
    if (length == 0 || foreign_is_hidden(character)) {
        *size = sizeof(replacement) - 1;
        return replacement;
    }
    *size = length;
    return text;
}

static char *clean(char *out, size_t room, const char *text, bool lines)
{
    const size_t tail = sizeof(ellipsis) - 1;
    size_t used = 0, cut = 0, taken, size;

    for (; text != NULL && *text != '\0'; text += taken) {
        const char *put = harmless(text, lines, &taken, &size);

        if (used + size + 1 > room) {
            memcpy(out + cut, ellipsis, tail);
            used = cut + tail;
            break;
        }
        memcpy(out + used, put, size);
        used += size;
        if (used + tail + 1 <= room)
            cut = used;
    }
    out[used] = '\0';
    return out;
}

struct text_line text_clean(const char *text)
{
    struct text_line line = {""};

    clean(line.text, sizeof(line.text), text, false);
    return line;
}

char *text_clean_into(char *out, size_t size, const char *text)
{
    return clean(out, size, text, false);
}

char *text_clean_lines(char *out, size_t size, const char *text)
{
    return clean(out, size, text, true);
}

static size_t width_of(const char *text, size_t size)
{
    size_t width = 0, taken;

    for (size_t at = 0; at < size; at += taken) {
        uint32_t character = 0;
        int columns;

        taken = decode(text + at, size - at, &character);
        columns = taken > 0 ? wcwidth((wchar_t)character) : -1;
        width += columns < 0 ? 1 : (size_t)columns;
        if (taken == 0)
            taken = 1;
    }
    return width;
}

size_t text_width(const char *text)
{
    return width_of(text, strlen(text));
}

struct wrapping {
    char *out; /* there is room for all: see text_wrap */
    size_t used;
    size_t width, indent;
    size_t column;
    bool fresh; /* nothing but blanks stands on this line */
};

static void put(struct wrapping *wrap, const char *text, size_t size)
{
    memcpy(wrap->out + wrap->used, text, size);
    wrap->used += size;
}

/* A word with the blanks before it, which a line break swallows. */
static void put_word(struct wrapping *wrap, size_t blanks, const char *word,
                     size_t size)
{
    size_t width = width_of(word, size);

    if (!wrap->fresh && wrap->width > 0 &&
        wrap->column + blanks + width > wrap->width) {
        put(wrap, "\n", 1);
        blanks = wrap->indent;
        wrap->column = 0;
    }
    memset(wrap->out + wrap->used, ' ', blanks);
    wrap->used += blanks;
    put(wrap, word, size);
    wrap->column += blanks + width;
    wrap->fresh = false;
}

/* A word in capitals, Latin or Russian: FILE, МЕСТО. */
static bool is_placeholder(const char *word, size_t size)
{
    uint32_t character;
    int capitals = 0;

    while (size > 0 && capitals < 2 && utf8_read(&word, &size, &character) &&
           ((character >= 'A' && character <= 'Z') ||
            (character >= 0x410 && character <= 0x42F)))
        capitals++;
    return capitals == 2;
}

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0;
}

/* How long the word is that begins here; a quoted one holds blanks. */
static size_t word_size(const char *text)
{
    const char *close = text[0] == '\'' ? strchr(text + 1, '\'') : NULL;
    size_t quoted = close != NULL ? (size_t)(close - text) : 0;

    return quoted + strcspn(text + quoted, " \n");
}

/* Whether the command, whose last word is last, goes on with next. */
static bool goes_on(const char *last, size_t size, const char *next)
{
    if (strchr(".,;:)", last[size - 1]) != NULL)
        return false;
    return is_option(last) || is_option(next) || next[0] == '\'' ||
           is_placeholder(next, word_size(next)) ||
           (size == 3 && strncmp(last, "kep", 3) == 0 && next[0] >= 'a' &&
            next[0] <= 'z');
}

/* A command of the system's is told at the end of its sentence. */
static size_t sudo_size(const char *text)
{
    size_t size = strcspn(text, " \n");

    while (text[size] == ' ' && strchr(".,;:)", text[size - 1]) == NULL)
        size += 1 + strcspn(text + size + 1, " \n");
    return size;
}

/* What stays on one line: a word, or a command whole, for it may have to be
 * copied. */
static size_t piece_size(const char *text)
{
    const char *last = text;
    size_t size = strcspn(text, " \n");

    if (size == 4 && strncmp(text, "sudo", 4) == 0)
        return sudo_size(text);
    if (size != 3 || strncmp(text, "kep", 3) != 0)
        return size;
    while (last[size] == ' ' && strchr(" \n", last[size + 1]) == NULL &&
           goes_on(last, size, last + size + 1)) {
        last += size + 1;
        size = word_size(last);
    }
    return (size_t)(last - text) + size;
}

/* Where all lines break that can. A stream would find its room by itself, at
 * ten times the cost: a list has a hundred thousand of these. */
static size_t most_of(const char *text, size_t indent)
{
    size_t size = 1;

    for (; *text != '\0'; text++)
        size += *text == ' ' || *text == '\n' ? 2 + indent : 1;
    return size;
}

char *text_wrap(const char *text, size_t width, size_t indent)
{
    size_t before = 0;
    struct wrapping wrap = {
        .out = calloc(1, most_of(text, indent)),
        .width = width,
        .indent = indent,
        .fresh = true,
    };

    if (wrap.out == NULL)
        return NULL;
    while (*text != '\0') {
        size_t blanks = strspn(text, " ");
        size_t size = piece_size(text + blanks);

        if (size > 0 || (blanks > 0 && text[blanks] == '\0'))
            put_word(&wrap, before + blanks, text + blanks, size);
        before = size > 0 ? 0 : before;
        text += blanks + size;
        if (*text == '\n') {
            put(&wrap, "\n", 1);
            wrap.column = 0;
            wrap.fresh = true;
            before = indent;
            text++;
        }
    }
    return wrap.out;
}
