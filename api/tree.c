#include "api/tree.h"

#include "api/foreign.h"

#include <stdlib.h>
#include <string.h>

struct parser {
    char *text;
    size_t size, at;
    unsigned depth;
    struct tree *values;
    size_t count, room;
    bool starved; /* of memory */
};

/* A NUL at the end, which is in no JSON. */
static char peek(const struct parser *parser)
{
    return parser->at < parser->size ? parser->text[parser->at] : '\0';
}

static void skip_blanks(struct parser *parser)
{
    while (peek(parser) == ' ' || peek(parser) == '\n' ||
           peek(parser) == '\t' || peek(parser) == '\r')
        parser->at++;
}

static bool take_mark(struct parser *parser, char mark)
{
    skip_blanks(parser);
    if (peek(parser) != mark)
        return false;
    parser->at++;
    return true;
}

/* --- strings ------------------------------------------------------------- */

/* Four hex digits behind a backslash and a "u". */
static bool take_unit(struct parser *parser, uint32_t *unit)
{
    const char *text = parser->text + parser->at;
    char digits[5] = {0};

    if (parser->size - parser->at < 6 || text[0] != '\\' || text[1] != 'u' ||
        !foreign_is_hex(text + 2, 4))
        return false;
    memcpy(digits, text + 2, 4);
    *unit = (uint32_t)strtoul(digits, NULL, 16);
    parser->at += 6;
    return true;
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xd800 && code <= 0xdfff;
}

/* Two units may be one character. */
static bool take_code(struct parser *parser, size_t *to)
{
    uint32_t code, low;

    if (!take_unit(parser, &code) || code == 0)
        return false;
    if (is_surrogate(code)) {
        const size_t behind = parser->at;

        if (code < 0xdc00 && take_unit(parser, &low) && low >= 0xdc00 &&
            is_surrogate(low)) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        } else {
            code = 0xfffd;
            parser->at = behind;
        }
    }
    *to += foreign_encode(code, parser->text + *to);
    return true;
}

static bool take_escape(struct parser *parser, size_t *to)
{
    static const char marks[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *mark;

    if (parser->size - parser->at < 2)
        return false;
    if (parser->text[parser->at + 1] == 'u')
        return take_code(parser, to);
    mark = memchr(marks, parser->text[parser->at + 1], sizeof marks - 1);
    if (mark == NULL)
        return false;
    parser->text[(*to)++] = meant[mark - marks];
    parser->at += 2;
    return true;
}

/* How many bytes stand for themselves, each a character. */
static size_t count_plain(const char *text, size_t size)
{
    size_t count = 0;

    while (count < size && text[count] >= ' ' && text[count] != '"' &&
           text[count] != '\\')
        count++;
    return count;
}

/* One that stands for itself, or as many as are plain. */
static bool take_characters(struct parser *parser, size_t *to)
{
    const size_t left = parser->size - parser->at;
    const char *from = parser->text + parser->at;
    size_t bytes = count_plain(from, left);
    uint32_t code = '\0';

    if (bytes == 0 && left > 0) {
        bytes = foreign_decode(from, left, &code);
        if (code < ' ')
            return false;
    }
    if (*to != parser->at)
        memmove(parser->text + *to, from, bytes);
    parser->at += bytes;
    *to += bytes;
    return bytes > 0;
}

/* Behind its opening quote. What a character is decoded to is never longer
 * than it was, so that the NUL stands on the closing quote at the latest. */
static bool take_string(struct parser *parser, const char **text, size_t *size)
{
    const size_t begin = parser->at;
    size_t to = begin;

    while (peek(parser) != '"')
        if (!(peek(parser) == '\\' ? take_escape(parser, &to)
                                   : take_characters(parser, &to)))
            return false;
    parser->at++;
    parser->text[to] = '\0';
    *text = parser->text + begin;
    *size = to - begin;
    return true;
}

/* --- values -------------------------------------------------------------- */

static bool add(struct parser *parser)
{
    const size_t room = parser->room == 0 ? 128 : parser->room * 2;
    struct tree *values;

    if (parser->count == TREE_VALUES_MAX)
        return false;
    if (parser->count == parser->room) {
        values = calloc(room, sizeof *values);
        parser->starved = values == NULL;
        if (values == NULL)
            return false;
        if (parser->count > 0)
            memcpy(values, parser->values, parser->count * sizeof *values);
        free(parser->values);
        parser->values = values;
        parser->room = room;
    }
    parser->count++;
    return true;
}

static size_t take_digits(struct parser *parser)
{
    const size_t begin = parser->at;

    while (peek(parser) >= '0' && peek(parser) <= '9')
        parser->at++;
    return parser->at - begin;
}

static bool take_number(struct parser *parser, struct tree *value)
{
    const size_t begin = parser->at;
    size_t first, whole;

    value->kind = peek(parser) == '-' ? TREE_NUMBER : TREE_DIGITS;
    if (peek(parser) == '-')
        parser->at++;
    first = parser->at;
    whole = take_digits(parser);
    if (whole == 0 || (whole > 1 && parser->text[first] == '0'))
        return false;
    if (peek(parser) == '.') {
        value->kind = TREE_NUMBER;
        parser->at++;
        if (take_digits(parser) == 0)
            return false;
    }
    if (peek(parser) == 'e' || peek(parser) == 'E') {
        value->kind = TREE_NUMBER;
        parser->at++;
        if (peek(parser) == '+' || peek(parser) == '-')
            parser->at++;
        if (take_digits(parser) == 0)
            return false;
    }
    value->text = parser->text + begin;
    value->size = parser->at - begin;
    return true;
}

static bool take_word(struct parser *parser, struct tree *value)
{
    static const struct {
        const char *word;
        enum tree_kind kind;
    } words[] = {
        {"null", TREE_NULL}, {"false", TREE_FALSE}, {"true", TREE_TRUE}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t size = strlen(words[i].word);

        if (parser->size - parser->at < size ||
            memcmp(parser->text + parser->at, words[i].word, size) != 0)
            continue;
        value->kind = words[i].kind;
        parser->at += size;
        return true;
    }
    return false;
}

static bool take_value(struct parser *parser, const char *name);

/* Items, or members with their names, behind the opening mark; how many. */
static bool take_inside(struct parser *parser, bool named, char close,
                        size_t *count)
{
    const char *name = NULL;
    size_t size;

    if (take_mark(parser, close))
        return true;
    do {
        if (named &&
            !(take_mark(parser, '"') && take_string(parser, &name, &size) &&
              take_mark(parser, ':')))
            return false;
        if (!take_value(parser, name))
            return false;
        ++*count;
    } while (take_mark(parser, ','));
    return take_mark(parser, close);
}

static bool take_any(struct parser *parser, struct tree *value)
{
    const bool object = take_mark(parser, '{');
    bool ok;

    if (object || take_mark(parser, '[')) {
        value->kind = object ? TREE_OBJECT : TREE_LIST;
        if (parser->depth == TREE_DEPTH_MAX)
            return false;
        parser->depth++;
        ok = take_inside(parser, object, object ? '}' : ']', &value->count);
        parser->depth--;
        return ok;
    }
    if (take_mark(parser, '"')) {
        value->kind = TREE_STRING;
        return take_string(parser, &value->text, &value->size);
    }
    return take_word(parser, value) || take_number(parser, value);
}

static bool take_value(struct parser *parser, const char *name)
{
    const size_t place = parser->count;
    struct tree value = {.name = name};

    /* Its place comes before that of what is in it. */
    if (!add(parser) || !take_any(parser, &value))
        return false;
    value.span = (uint32_t)(parser->count - place);
    parser->values[place] = value;
    return true;
}

enum api_result tree_parse(char *text, size_t size, struct tree **root)
{
    struct parser parser = {.text = text, .size = size};
    enum api_result result = API_GARBAGE;

    *root = NULL;
    if (!take_value(&parser, NULL))
        goto out;
    skip_blanks(&parser);
    if (parser.at < size)
        goto out;
    *root = parser.values;
    return API_OK;
out:
    if (parser.starved)
        result = API_MEMORY;
    free(parser.values);
    return result;
}

/* --- what is in it -------------------------------------------------------- */

const struct tree *tree_next(const struct tree *parent,
                             const struct tree *before)
{
    const struct tree *next =
        before == NULL ? parent + 1 : before + before->span;

    return next < parent + parent->span ? next : NULL;
}

const struct tree *tree_member(const struct tree *object, const char *name)
{
    const struct tree *found = NULL, *member = NULL;

    if (object->kind != TREE_OBJECT)
        return NULL;
    while ((member = tree_next(object, member)) != NULL)
        if (strcmp(member->name, name) == 0)
            found = member;
    return found;
}
