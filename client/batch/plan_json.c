/* JSON Lines: an object a line, its members are the columns. And what kep
 * status --json prints: its containers that are due are rows, and what it could
 * not read. */
#include "client/batch/plan_parts.h"

#include "client/text.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static const char status_begins[] = "{\"certificates\":";
static const char status_goes_on[] = ",\"problems\":";

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
    bool stopped; /* no more of it is looked at */
};

static void complain(struct reading *reading, size_t column,
                     const char *sentence)
{
    plan_complain(reading->plan, (struct plan_place){reading->number, column},
                  "%s", sentence);
}

/* Columns are characters. */
static size_t column_at(const struct reading *reading, size_t at)
{
    size_t column = 1;

    for (size_t i = 0; i < at && i < reading->size; i++)
        column += ((unsigned char)reading->line[i] & 0xC0) != 0x80;
    return column;
}

static void complain_of_kind(struct reading *reading, struct plan_place place,
                             enum plan_word word)
{
    plan_complain(reading->plan, place,
                  _("The value of \"%s\" is no text between quotation "
                    "marks."),
                  plan_word(word));
    plan_told(reading->plan, word);
}

static void take_member(struct reading *reading, size_t column,
                        const char *name, struct json_object *value)
{
    const struct plan_place place = {reading->number, column};
    enum plan_word word = plan_word_find(name, strlen(name));

    if (word == PLAN_WORDS)
        plan_complain(reading->plan, place,
                      _("There is no member of the name \"%s\"; those that "
                        "may be there: container, to, phone, mode, name, "
                        "backup, pin_file, old_pin_file, backup_pin_file, "
                        "algorithm, on_token, label."),
                      text_clean(name).text);
    else if (json_object_is_type(value, json_type_string))
        plan_put(reading->plan, word, place, json_object_get_string(value),
                 (size_t)json_object_get_string_len(value), false);
    else if (word == PLAN_ON_TOKEN &&
             json_object_is_type(value, json_type_boolean))
        plan_put(reading->plan, word, place,
                 json_object_get_boolean(value) ? "yes" : "no",
                 json_object_get_boolean(value) ? 3 : 2, false);
    else if (value != NULL) /* null: not given */
        complain_of_kind(reading, place, word);
}

/* No more than can be shown is looked for; too many rows are told once. */
static bool goes_on(const struct plan *plan)
{
    return !plan->failed && plan->complaints < PLAN_COMPLAINTS_MAX &&
           (plan->complaints == 0 || plan->rows < PLAN_ROWS_MAX);
}

static struct json_tokener *new_tokener(int depth)
{
    struct json_tokener *tokener = json_tokener_new_ex(depth);

    if (tokener != NULL)
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
                                            JSON_TOKENER_VALIDATE_UTF8 |
                                            JSON_TOKENER_ALLOW_TRAILING_CHARS);
    return tokener;
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (memchr(" \t\r", text[i], 3) == NULL)
            return false;
    return true;
}

/* The parser would take the last of them. One that is written with escapes is
 * found by its absence. */
static bool has_twins(struct reading *reading, struct json_object *json)
{
    struct plan_names names = {.line = reading->line, .size = reading->size};
    struct plan_name name;
    bool stands[PLAN_WORDS + 1] = {false};
    int count = 0;

    for (; plan_names_next(&names, &name); count++) {
        const enum plan_word word = plan_word_find(name.text, name.size);

        if (word != PLAN_WORDS && stands[word]) {
            plan_complain(reading->plan,
                          (struct plan_place){reading->number, name.column},
                          _("The member \"%s\" stands there twice."),
                          plan_word(word));
            return true;
        }
        stands[word] = true;
    }
    if (count != json_object_object_length(json))
        complain(reading, 1, _("Two members have the same name."));
    return count != json_object_object_length(json);
}

static void take_object(struct reading *reading, struct json_object *json)
{
    struct plan_names names = {.line = reading->line, .size = reading->size};
    struct plan_name at = {.column = 1};

    if (has_twins(reading, json) ||
        !plan_begin_row(reading->plan, reading->number))
        return;
    json_object_object_foreach(json, name, value)
    {
        (void)plan_names_next(&names, &at);
        take_member(reading, at.column, name, value);
    }
}

static void take_line(struct reading *reading)
{
    struct json_object *json;
    enum json_tokener_error error;
    size_t end;

    json_tokener_reset(reading->tokener);
    json = json_tokener_parse_ex(reading->tokener, reading->line,
                                 (int)reading->size);
    end = json_tokener_get_parse_end(reading->tokener);
    error = json_tokener_get_error(reading->tokener);
    if (error == json_tokener_continue) {
        /* As likely as not every line is one like this. */
        reading->stopped = true;
        complain(reading, column_at(reading, end),
                 _("The object does not end on its line. In a plan each line "
                   "is a whole object: jq -c . makes such lines."));
    } else if (error != json_tokener_success ||
               !is_blank(reading->line + end, reading->size - end)) {
        complain(reading, column_at(reading, end),
                 _("This is not JSON: a line has to be one object in braces, "
                   "with all names and values between quotation marks."));
    } else if (!json_object_is_type(json, json_type_object)) {
        complain(reading, 1, _("A line has to be one object in braces."));
    } else {
        take_object(reading, json);
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

/* number: from 1. */
static void take_certificate(struct plan *plan, struct json_object *one,
                             size_t number)
{
    struct json_object *container = NULL;

    plan->is_status &= json_object_object_get_ex(one, "renewal", NULL);
    if (!json_object_is_type(one, json_type_object) || !is_wanted(one) ||
        !plan_begin_row(plan, number))
        return;
    json_object_object_get_ex(one, "container", &container);
    plan_put(plan, PLAN_CONTAINER, (struct plan_place){number, 1},
             json_object_get_string(container),
             (size_t)json_object_get_string_len(container), false);
}

/* A file of a certificate is no container, whole or broken, and a key without a
 * certificate is the new one of a request that waits. */
static void take_problem(struct plan *plan, struct json_object *one,
                         size_t number)
{
    const char *where = text_of(one, "where"), *word = text_of(one, "outcome");
    enum outcome why;

    if (where == NULL || word == NULL || text_of(one, "file") != NULL)
        return;
    why = outcome_by_word(word);
    if (why == OUTCOME_NO_CERTIFICATE || !plan_begin_row(plan, number))
        return;
    /* Also of a word that another kep has: it is lost in no case. */
    if (why == OUTCOME_COUNT || outcome_row(why)->status == 0)
        why = OUTCOME_IO;
    plan_put_unread(plan, where, why);
}

static size_t pass_blanks(const struct plan_source *source, size_t at)
{
    while (at < source->size && memchr(" \t\r\n", source->data[at], 4) != NULL)
        at++;
    return at;
}

typedef void list_taker(struct plan *plan, struct json_object *one,
                        size_t number);

/* One after the other: all at once would take hundreds of times the room of
 * the text. *at, where it begins, is moved behind its end; false where there
 * is none. */
static bool take_list(struct reading *reading, const struct plan_source *source,
                      list_taker *take, size_t *at)
{
    const size_t before = reading->number;
    char next = ',';

    while (next == ',' && goes_on(reading->plan)) {
        const size_t begin = pass_blanks(source, *at + 1);
        const size_t left = source->size - begin;
        struct json_object *one;

        if (reading->number == before && left > 0 &&
            source->data[begin] == ']') {
            *at = begin + 1;
            return true;
        }
        json_tokener_reset(reading->tokener);
        one = json_tokener_parse_ex(
            reading->tokener, source->data + begin,
            (int)(left < LINE_MAX_BYTES ? left : LINE_MAX_BYTES));
        if (json_tokener_get_error(reading->tokener) != json_tokener_success)
            return false;
        take(reading->plan, one, ++reading->number);
        json_object_put(one);
        *at = pass_blanks(source,
                          begin + json_tokener_get_parse_end(reading->tokener));
        next = *at < source->size ? source->data[*at] : '\0';
    }
    ++*at;
    return next == ']';
}

/* Moves *at behind a text, with or without blanks before it. */
static bool pass_text(const struct plan_source *source, const char *text,
                      size_t *at)
{
    const size_t begin = pass_blanks(source, *at), size = strlen(text);

    if (source->size - begin < size ||
        memcmp(source->data + begin, text, size) != 0)
        return false;
    *at = begin + size;
    return true;
}

/* The two lists, to the end of the object; an older kep may have no more than
 * the first. */
static bool take_lists(struct reading *reading,
                       const struct plan_source *source, size_t at)
{
    if (!take_list(reading, source, take_certificate, &at))
        return !goes_on(reading->plan);
    if (pass_text(source, status_goes_on, &at)) {
        at = pass_blanks(source, at);
        if (at == source->size || source->data[at] != '[' ||
            !take_list(reading, source, take_problem, &at))
            return !goes_on(reading->plan);
    }
    return !goes_on(reading->plan) || pass_text(source, "}", &at) ||
           pass_text(source, ",", &at);
}

/* Lines are the numbers of its certificates and, behind them, of what it could
 * not read. False where it is none, or was cut off among them; what stands
 * behind them does not matter here. */
static bool take_status(struct plan *plan, const struct plan_source *source)
{
    struct reading reading = {.plan = plan, .number = 0};
    size_t at = sizeof(status_begins) - 1;
    bool is_status;

    if (source->size < at || memcmp(source->data, status_begins, at) != 0)
        return false;
    at = pass_blanks(source, at);
    if (at == source->size || source->data[at] != '[')
        return false;
    reading.tokener = new_tokener(STATUS_DEPTH_MAX);
    if (reading.tokener == NULL) {
        plan->failed = true;
        return true;
    }
    is_status = take_lists(&reading, source, at);
    json_tokener_free(reading.tokener);
    if (!is_status)
        plan->rows = 0;
    return is_status;
}

static void take_lines(struct reading *reading,
                       const struct plan_source *source)
{
    const char *end = source->data + source->size;

    for (const char *line = source->data;
         line < end && goes_on(reading->plan) && !reading->stopped;
         line += reading->size + 1) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));

        reading->line = line;
        reading->size = (size_t)((stop != NULL ? stop : end) - line);
        reading->number++;
        if (reading->size > LINE_MAX_BYTES)
            complain(reading, 1, _("This line is too long."));
        else if (!is_blank(line, reading->size))
            take_line(reading);
    }
}

void plan_json_parse(struct plan *plan, const struct plan_source *source)
{
    struct reading reading = {.plan = plan, .number = 0};

    plan->is_status = true;
    if (take_status(plan, source))
        return;
    plan->is_status = false;
    if (source->data[pass_blanks(source, 0)] == '[') {
        plan_complain(plan, (struct plan_place){1, 1}, "%s",
                      _("This is one list in brackets. In a plan each line is "
                        "a whole object, with nothing around and between them: "
                        "jq -c .[] makes such lines."));
        return;
    }
    reading.tokener = new_tokener(DEPTH_MAX);
    if (reading.tokener == NULL) {
        plan->failed = true;
        return;
    }
    take_lines(&reading, source);
    json_tokener_free(reading.tokener);
}
