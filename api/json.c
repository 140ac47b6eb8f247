#include "api/json.h"

#include "api/base64.h"
#include "api/date.h"
#include "api/foreign.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum api_result json_parse(const char *text, size_t size,
                           struct json_object **root)
{
    enum api_result result = API_MEMORY;
    struct json_tokener *tokener = NULL;

    *root = NULL;
    if (!foreign_may_be_json(text, size, JSON_NODES_MAX))
        return API_GARBAGE;
    tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
    if (tokener == NULL)
        goto out;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    /* With the NUL behind it, which says that the text is over: anything else
     * behind the value is an error of strict parsing. */
    *root = json_tokener_parse_ex(tokener, text, (int)size + 1);
    result = API_GARBAGE;
    if (json_tokener_get_error(tokener) == json_tokener_success)
        result = API_OK;
out:
    if (result != API_OK) {
        json_object_put(*root);
        *root = NULL;
    }
    if (tokener != NULL)
        json_tokener_free(tokener);
    return result;
}

/* --- values -------------------------------------------------------------- */

struct value {
    const char *text; /* of a string */
    size_t size;
    size_t maximum;
    const char *word;
    struct message *out;
};

static bool put(const struct value *value)
{
    message_put(value->out, value->word, value->text, value->size);
    return true;
}

/* Nearly all texts are clean as they come: those need no copy. */
static bool put_clean(const struct value *value, size_t size, bool keep_lines)
{
    char *copy;

    if (foreign_is_clean(value->text, size) &&
        (keep_lines || memchr(value->text, '\n', size) == NULL)) {
        message_put(value->out, value->word, value->text, size);
        return true;
    }
    copy = calloc(1, size + 1);
    if (copy == NULL)
        return false;
    memcpy(copy, value->text, size);
    size = foreign_clean(copy, size, keep_lines);
    message_put(value->out, value->word, copy, size);
    sodium_memzero(copy, size);
    free(copy);
    return true;
}

static bool take_text(const struct value *value)
{
    return value->size <= value->maximum &&
           put_clean(value, value->size, false);
}

static bool take_lines(const struct value *value)
{
    return value->size <= value->maximum && put_clean(value, value->size, true);
}

static bool take_message(const struct value *value)
{
    size_t size = foreign_prefix(value->text, value->size, value->maximum);

    return put_clean(value, size, false);
}

static bool take_word(const struct value *value)
{
    return foreign_is_word(value->text, value->size, value->maximum) &&
           put(value);
}

static bool take_target(const struct value *value)
{
    return foreign_is_target(value->text, value->size, value->maximum) &&
           put(value);
}

static bool take_id(const struct value *value)
{
    return foreign_is_id(value->text, value->size, value->maximum) &&
           put(value);
}

static bool take_hex(const struct value *value)
{
    return value->size == value->maximum &&
           foreign_is_hex(value->text, value->size) && put(value);
}

static bool take_etag(const struct value *value)
{
    return foreign_is_etag(value->text, value->size, value->maximum) &&
           put(value);
}

static bool take_time(const struct value *value)
{
    time_t at;

    return date_rfc3339(value->text, &at) == 0 && put(value);
}

static bool take_bytes(const struct value *value)
{
    uint8_t *bytes = calloc(1, BASE64_BYTES(value->size) + 1);
    size_t size;
    bool ok = false;

    if (bytes == NULL)
        return false;
    if (!base64_read(value->text, value->size, bytes, &size) ||
        size > value->maximum)
        goto out;
    message_put(value->out, value->word, bytes, size);
    ok = true;
out:
    free(bytes);
    return ok;
}

static bool (*const strings[])(const struct value *) = {
    [JSON_TEXT] = take_text,       [JSON_LINES] = take_lines,
    [JSON_MESSAGE] = take_message, [JSON_WORD] = take_word,
    [JSON_TARGET] = take_target,   [JSON_ID] = take_id,
    [JSON_HEX] = take_hex,         [JSON_ETAG] = take_etag,
    [JSON_TIME] = take_time,       [JSON_NUMBER] = NULL,
    [JSON_BOOLEAN] = NULL,         [JSON_BYTES] = take_bytes,
};

static bool take_number(struct json_object *from, struct value value)
{
    char digits[24];
    int64_t number = json_object_get_int64(from);

    if (json_object_get_type(from) != json_type_int || number < 0 ||
        (uint64_t)number > value.maximum)
        return false;
    value.size = (size_t)snprintf(digits, sizeof digits, "%" PRId64, number);
    value.text = digits;
    return put(&value);
}

static bool take_boolean(struct json_object *from, struct value value)
{
    if (json_object_get_type(from) != json_type_boolean)
        return false;
    value.text = json_object_get_boolean(from) ? "true" : "false";
    value.size = strlen(value.text);
    return put(&value);
}

static bool take_value(const struct json_field *field, const char *word,
                       struct json_object *from, struct message *out)
{
    struct value value = {
        .maximum = (size_t)field->maximum, .word = word, .out = out};

    if (field->kind == JSON_NUMBER)
        return take_number(from, value);
    if (field->kind == JSON_BOOLEAN)
        return take_boolean(from, value);
    if (json_object_get_type(from) != json_type_string)
        return false;
    value.text = json_object_get_string(from);
    value.size = (size_t)json_object_get_string_len(from);
    return strings[field->kind](&value);
}

/* --- paths --------------------------------------------------------------- */

/* The way from the root to a value. */
struct way {
    const struct json_field *field;
    char word[MESSAGE_WORD_MAX];
    struct message *out;
};

static bool walk(struct way *way, const char *path, struct json_object *from);

/* Go one step down: name is added to the word for as long as it takes. */
static bool descend(struct way *way, const char *name, const char *path,
                    struct json_object *to)
{
    const size_t length = strlen(way->word), size = strlen(name);
    const size_t dot = length == 0 ? 0 : 1;
    bool ok = size + dot > 0 && size + dot < sizeof way->word - length;

    if (ok) {
        way->word[length] = '.';
        memcpy(way->word + length + dot, name, size + 1);
        ok = walk(way, path, to);
    }
    way->word[length] = '\0';
    return ok;
}

static bool walk_items(struct way *way, const char *path,
                       struct json_object *list)
{
    char number[24];
    size_t count;

    if (json_object_get_type(list) != json_type_array)
        return false;
    count = json_object_array_length(list);
    if (count > JSON_ITEMS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        snprintf(number, sizeof number, "%zu", i);
        if (!descend(way, number, path, json_object_array_get_idx(list, i)))
            return false;
    }
    return true;
}

static bool walk_members(struct way *way, const char *path,
                         struct json_object *object)
{
    if (json_object_get_type(object) != json_type_object ||
        json_object_object_length(object) > JSON_ITEMS_MAX)
        return false;
    json_object_object_foreach(object, name, member)
    {
        if (!foreign_is_word(name, strlen(name), 64) ||
            !descend(way, name, path, member))
            return false;
    }
    return true;
}

static bool walk_member(struct way *way, const char *path, size_t size,
                        struct json_object *object)
{
    bool optional = path[size - 1] == '?';
    struct json_object *member = NULL;
    char name[MESSAGE_WORD_MAX] = {0};

    if (json_object_get_type(object) != json_type_object || size >= sizeof name)
        return false;
    memcpy(name, path, optional ? size - 1 : size);
    json_object_object_get_ex(object, name, &member);
    if (member == NULL)
        return optional;
    return descend(way, name, path + size, member);
}

static bool walk(struct way *way, const char *path, struct json_object *from)
{
    size_t size;

    if (*path == '.')
        path++;
    if (*path == '\0')
        return take_value(way->field, way->word, from, way->out);
    size = strcspn(path, ".");
    if (*path == '#')
        return walk_items(way, path + size, from);
    if (*path == '*')
        return walk_members(way, path + size, from);
    return walk_member(way, path, size, from);
}

enum api_result json_read(struct json_object *root,
                          const struct json_field *fields, struct message *out)
{
    for (; fields->path != NULL; fields++) {
        struct way way = {.field = fields, .out = out};

        if (!walk(&way, fields->path, root))
            return API_GARBAGE;
    }
    return message_failed(out) ? API_TOO_LARGE : API_OK;
}

/* --- writing ------------------------------------------------------------- */

static void put_name(struct buffer *buffer, const char *name)
{
    if (buffer->size > 0 && buffer->data[buffer->size - 1] != '{')
        buffer_put(buffer, ",", 1);
    buffer_put(buffer, "\"", 1);
    buffer_put_text(buffer, name);
    buffer_put(buffer, "\":", 2);
}

void json_put_text(struct buffer *buffer, const char *name, const char *text,
                   size_t size)
{
    char escape[8];

    if (!foreign_is_utf8(text, size))
        buffer->failed = true;
    put_name(buffer, name);
    buffer_put(buffer, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        if ((uint8_t)text[i] < ' ' || text[i] == '"' || text[i] == '\\') {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)text[i]);
            buffer_put(buffer, escape, 6);
        } else {
            buffer_put(buffer, text + i, 1);
        }
    }
    buffer_put(buffer, "\"", 1);
}

void json_put_bytes(struct buffer *buffer, const char *name, const void *bytes,
                    size_t size)
{
    char *text = calloc(1, BASE64_TEXT(size) + 1);

    if (text == NULL || !base64_write(bytes, size, text)) {
        buffer->failed = true;
        free(text);
        return;
    }
    put_name(buffer, name);
    buffer_put(buffer, "\"", 1);
    buffer_put(buffer, text, BASE64_TEXT(size));
    buffer_put(buffer, "\"", 1);
    free(text);
}

void json_put_true(struct buffer *buffer, const char *name)
{
    put_name(buffer, name);
    buffer_put_text(buffer, "true");
}

void json_put_object(struct buffer *buffer, const char *name)
{
    put_name(buffer, name);
    buffer_put(buffer, "{", 1);
}
