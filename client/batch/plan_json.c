/* JSON Lines: an object a line, its members are the columns. And what kep
 * status --json prints: its containers that are due are rows. */
#include "client/batch/plan_parts.h"

#include "client/text.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static const char status_begins[] = "{\"certificates\":";

enum {
    STATUS_DEPTH_MAX = 8,
    DEPTH_MAX = 4, /* so that what is nested is told as such */
    LINE_MAX_BYTES = 64 * 1024
};

struct reading {
    struct plan *plan;
    struct json_tokener *tokener;
    const char *line;
    size_t size, number;
};

/* Columns are characters: a byte that goes on with one is none. */
static struct plan_place place_at(const struct reading *reading, size_t at)
{
    struct plan_place place = {reading->number, 1};

    for (size_t i = 0; i < at && i < reading->size; i++)
        place.column += ((unsigned char)reading->line[i] & 0xC0) != 0x80;
    return place;
}

/* The parser does not say where a member stands; its name does. */
static struct plan_place place_of(const struct reading *reading,
                                  const char *name)
{
    char quoted[128];
    const char *found;
    int size = snprintf(quoted, sizeof(quoted), "\"%s\"", name);

    found = size > 0 && size < (int)sizeof(quoted)
                ? memmem(reading->line, reading->size, quoted, (size_t)size)
                : NULL;
    return place_at(reading,
                    found != NULL ? (size_t)(found - reading->line) : 0);
}

static void take_member(struct reading *reading, const char *name,
                        struct json_object *value)
{
    enum plan_word word = plan_word_find(name, strlen(name));

    if (word == PLAN_WORDS)
        plan_complain(reading->plan, place_of(reading, name),
                      _("There is no member of the name \"%s\"; those that "
                        "may be there: container, to, phone, mode, name, "
                        "backup, pin_file, old_pin_file, algorithm, label."),
                      text_clean(name).text);
    else if (json_object_is_type(value, json_type_string))
        plan_put(reading->plan, word, place_of(reading, name),
                 json_object_get_string(value),
                 (size_t)json_object_get_string_len(value), false);
    else if (value != NULL) /* null: not given */
        plan_complain(reading->plan, place_of(reading, name),
                      _("The value of \"%s\" is no text between quotation "
                        "marks."),
                      plan_word(word));
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (memchr(" \t\r", text[i], 3) == NULL)
            return false;
    return true;
}

static void take_line(struct reading *reading)
{
    struct json_object *json;
    size_t end;

    json_tokener_reset(reading->tokener);
    json = json_tokener_parse_ex(reading->tokener, reading->line,
                                 (int)reading->size);
    end = json_tokener_get_parse_end(reading->tokener);
    if (json_tokener_get_error(reading->tokener) != json_tokener_success ||
        !is_blank(reading->line + end, reading->size - end)) {
        plan_complain(reading->plan, place_at(reading, end), "%s",
                      _("This is not JSON: a line has to be one object in "
                        "braces, with all names and values between quotation "
                        "marks."));
    } else if (!json_object_is_type(json, json_type_object)) {
        plan_complain(reading->plan, place_at(reading, 0), "%s",
                      _("A line has to be one object in braces."));
    } else if (plan_begin_row(reading->plan, reading->number)) {
        json_object_object_foreach(json, name, value)
        {
            take_member(reading, name, value);
        }
    }
    json_object_put(json);
}

/* --- what kep status prints ---------------------------------------------- */

static const char *text_of(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(object, name, &value);
    return json_object_is_type(value, json_type_string)
               ? json_object_get_string(value)
               : NULL;
}

/* Due, or begun; one in a file is no container. */
static bool is_wanted(struct json_object *certificate)
{
    struct json_object *renewal = NULL, *available = NULL;

    json_object_object_get_ex(certificate, "renewal", &renewal);
    if (!json_object_is_type(renewal, json_type_object))
        return false;
    json_object_object_get_ex(renewal, "available", &available);
    return text_of(certificate, "container") != NULL &&
           (json_object_get_boolean(available) ||
            text_of(renewal, "open") != NULL);
}

static void take_certificates(struct plan *plan, struct json_object *list)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *one = json_object_array_get_idx(list, i);
        const char *container;

        if (!json_object_is_type(one, json_type_object) || !is_wanted(one))
            continue;
        if (!plan_begin_row(plan, i + 1))
            return;
        container = text_of(one, "container");
        plan_put(plan, PLAN_CONTAINER, (struct plan_place){i + 1, 1}, container,
                 strlen(container), false);
    }
}

/* Lines are the numbers of its certificates. False where it is none. */
static bool take_status(struct plan *plan, const struct plan_source *source)
{
    struct json_object *json = NULL, *list = NULL;
    struct json_tokener *tokener;
    bool is_status = false;

    if (source->size < sizeof(status_begins) - 1 ||
        memcmp(source->data, status_begins, sizeof(status_begins) - 1) != 0)
        return false;
    tokener = json_tokener_new_ex(STATUS_DEPTH_MAX);
    if (tokener == NULL) {
        plan->failed = true;
        return true;
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
                                        JSON_TOKENER_VALIDATE_UTF8 |
                                        JSON_TOKENER_ALLOW_TRAILING_CHARS);
    json = json_tokener_parse_ex(tokener, source->data, (int)source->size);
    if (json_tokener_get_error(tokener) == json_tokener_success &&
        json_object_object_get_ex(json, "certificates", &list))
        is_status = json_object_is_type(list, json_type_array);
    if (is_status)
        take_certificates(plan, list);
    json_object_put(json);
    json_tokener_free(tokener);
    return is_status;
}

/* No more than can be shown is looked for. */
static bool goes_on(const struct plan *plan)
{
    return !plan->failed && plan->complaints < PLAN_COMPLAINTS_MAX &&
           plan->rows < PLAN_ROWS_MAX;
}

void plan_json_parse(struct plan *plan, const struct plan_source *source)
{
    struct reading reading = {.plan = plan, .number = 0};
    const char *end = source->data + source->size;

    if (take_status(plan, source))
        return;
    reading.tokener = json_tokener_new_ex(DEPTH_MAX);
    if (reading.tokener == NULL) {
        plan->failed = true;
        return;
    }
    json_tokener_set_flags(reading.tokener,
                           JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 |
                               JSON_TOKENER_ALLOW_TRAILING_CHARS);
    for (const char *line = source->data; line < end && goes_on(plan);
         line += reading.size + 1) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));

        reading.line = line;
        reading.size = (size_t)((stop != NULL ? stop : end) - line);
        reading.number++;
        if (reading.size > LINE_MAX_BYTES)
            plan_complain(plan, place_at(&reading, 0), "%s",
                          _("This line is too long."));
        else if (!is_blank(line, reading.size))
            take_line(&reading);
    }
    json_tokener_free(reading.tokener);
}
