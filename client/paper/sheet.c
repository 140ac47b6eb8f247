#include "client/paper/sheet.h"

#include "client/text.h"
#include "keygen/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[SHEET_KINDS] = {
    [SHEET_TITLE] = "title",
    [SHEET_ROW] = "row",
    [SHEET_TEXT] = "text",
};

struct sheet *sheet_new(void)
{
    struct sheet *sheet = calloc(1, sizeof(*sheet));

    if (sheet != NULL && !sheet_set(sheet, "", ""))
        sheet_free(&sheet);
    return sheet;
}

void sheet_free(struct sheet **sheet)
{
    if (*sheet == NULL)
        return;
    for (size_t i = 0; i < (*sheet)->count; i++) {
        free((*sheet)->part[i].label);
        free((*sheet)->part[i].text);
    }
    free((*sheet)->number);
    free((*sheet)->signer);
    free(*sheet);
    *sheet = NULL;
}

static bool is_line(const char *text)
{
    return text[0] == '\0' || utf8_is_line(text, strlen(text), SHEET_TEXT_MAX);
}

bool sheet_add(struct sheet *sheet, enum sheet_kind kind, const char *label,
               const char *text)
{
    struct sheet_part *part;

    if (sheet->count == SHEET_PARTS_MAX || !is_line(text) ||
        (label != NULL && !is_line(label)))
        return false;
    part = &sheet->part[sheet->count];
    part->kind = kind;
    part->text = strdup(text);
    part->label = label != NULL ? strdup(label) : NULL;
    if (part->text == NULL || (label != NULL && part->label == NULL)) {
        free(part->text);
        free(part->label);
        return false;
    }
    sheet->count++;
    return true;
}

bool sheet_set(struct sheet *sheet, const char *number, const char *signer)
{
    char *new_number = is_line(number) ? strdup(number) : NULL;
    char *new_signer = is_line(signer) ? strdup(signer) : NULL;

    if (new_number == NULL || new_signer == NULL) {
        free(new_number);
        free(new_signer);
        return false;
    }
    free(sheet->number);
    free(sheet->signer);
    sheet->number = new_number;
    sheet->signer = new_signer;
    return true;
}

/* --- of a statement ------------------------------------------------------ */

/* What stands before ": " where the line is one of a table, else NULL. A
 * sentence that has a colon begins with more than a label. */
static char *split_row(char *line)
{
    char *colon = strstr(line, ": ");

    if (colon == NULL || colon == line || colon[2] == '\0' ||
        colon - line > SHEET_LABEL_MAX ||
        memchr(line, '.', (size_t)(colon - line)))
        return NULL;
    *colon = '\0';
    return colon + 2;
}

/* A line as it came, without its end; *title while nothing else was there. */
static bool add_line(struct sheet *sheet, char *line, bool *title)
{
    size_t size;
    char *value;

    line += strspn(line, " ");
    for (size = strlen(line); size > 0 && line[size - 1] == ' ';)
        line[--size] = '\0';
    if (*line == '\0') {
        *title = *title && sheet->count == 0;
        return true;
    }
    if (*title)
        return sheet_add(sheet, SHEET_TITLE, NULL, line);
    value = split_row(line);
    return value != NULL ? sheet_add(sheet, SHEET_ROW, line, value)
                         : sheet_add(sheet, SHEET_TEXT, NULL, line);
}

bool sheet_add_statement(struct sheet *sheet, const char *statement)
{
    const size_t room = 3 * strlen(statement) + 8; /* were each replaced */
    char *clean = calloc(1, room), *line = clean, *end;
    bool good = clean != NULL, title = true;

    if (good)
        text_clean_lines(clean, room, statement);
    while (good && line != NULL) {
        end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        good = add_line(sheet, line, &title);
        line = end != NULL ? end + 1 : NULL;
    }
    free(clean);
    return good;
}

/* --- as JSON ------------------------------------------------------------- */

struct json_object *sheet_to_json(const struct sheet *sheet)
{
    struct json_object *json = json_object_new_object();
    struct json_object *parts = json_object_new_array();

    for (size_t i = 0; i < sheet->count; i++) {
        const struct sheet_part *part = &sheet->part[i];
        struct json_object *one = json_object_new_array();

        json_object_array_add(one, json_object_new_string(words[part->kind]));
        json_object_array_add(
            one, json_object_new_string(part->label ? part->label : ""));
        json_object_array_add(one, json_object_new_string(part->text));
        json_object_array_add(parts, one);
    }
    json_object_object_add(json, "number",
                           json_object_new_string(sheet->number));
    json_object_object_add(json, "signer",
                           json_object_new_string(sheet->signer));
    json_object_object_add(json, "parts", parts);
    return json;
}

/* A string without a NUL inside, or NULL. */
static const char *string_of(struct json_object *value)
{
    const char *text;

    if (!json_object_is_type(value, json_type_string))
        return NULL;
    text = json_object_get_string(value);
    return strlen(text) == (size_t)json_object_get_string_len(value) ? text
                                                                     : NULL;
}

static const char *member(struct json_object *json, const char *name)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(json, name, &value) ? string_of(value)
                                                         : NULL;
}

static bool read_part(struct sheet *sheet, struct json_object *one)
{
    const char *text[3];
    int kind = 0;

    if (!json_object_is_type(one, json_type_array) ||
        json_object_array_length(one) != 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        text[i] = string_of(json_object_array_get_idx(one, i));
        if (text[i] == NULL)
            return false;
    }
    while (kind < SHEET_KINDS && strcmp(words[kind], text[0]) != 0)
        kind++;
    return kind < SHEET_KINDS &&
           sheet_add(sheet, (enum sheet_kind)kind,
                     kind == SHEET_ROW ? text[1] : NULL, text[2]);
}

static bool read_parts(struct sheet *sheet, struct json_object *parts)
{
    bool good = json_object_is_type(parts, json_type_array);
    const size_t count = good ? json_object_array_length(parts) : 0;

    for (size_t i = 0; i < count && good; i++)
        good = read_part(sheet, json_object_array_get_idx(parts, i));
    return good && count > 0;
}

struct sheet *sheet_of_json(struct json_object *json)
{
    struct sheet *sheet = sheet_new();
    struct json_object *parts = NULL;
    const char *number, *signer;

    if (sheet == NULL || !json_object_is_type(json, json_type_object))
        goto bad;
    number = member(json, "number");
    signer = member(json, "signer");
    if (number == NULL || signer == NULL || !sheet_set(sheet, number, signer) ||
        !json_object_object_get_ex(json, "parts", &parts) ||
        !read_parts(sheet, parts))
        goto bad;
    return sheet;
bad:
    sheet_free(&sheet);
    return NULL;
}
