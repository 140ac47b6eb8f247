#include "client/dossier/draft.h"

#include "api/json.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "keygen/utf8.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char document[] = "esia.documentType";

enum { FILE_MAX = 64 * 1024, VALUES = ESIA_COUNT + 4 };

static struct json_object *read_draft(const struct renewal *renewal)
{
    const char *text = renewal_get(renewal, RECORD_DRAFT);
    struct json_object *json = text != NULL ? json_tokener_parse(text) : NULL;

    if (json_object_is_type(json, json_type_object))
        return json;
    json_object_put(json);
    return json_object_new_object();
}

static enum outcome write_draft(struct renewal *renewal,
                                struct json_object *json)
{
    renewal_set(renewal, RECORD_DRAFT,
                json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
    return renewal_save(renewal);
}

static bool has_draft(const struct renewal *renewal)
{
    return renewal_get(renewal, RECORD_DRAFT) != NULL;
}

/* Values of the draft live in a few rooms, used in turn: all of ЕСИА's at
 * once have one each. */
const char *draft_value(const struct renewal *renewal, const char *word)
{
    static char rooms[VALUES][FIELD_VALUE_MAX];
    static unsigned next;
    struct json_object *json, *value = NULL;
    const char *found = message_text(renewal->form, word);

    if (!has_draft(renewal))
        return found;
    json = read_draft(renewal);
    if (json_object_object_get_ex(json, word, &value)) {
        char *room = rooms[next++ % VALUES];

        snprintf(room, FIELD_VALUE_MAX, "%s", json_object_get_string(value));
        found = *room != '\0' ? room : NULL;
    }
    json_object_put(json);
    return found;
}

struct esia draft_esia(const struct renewal *renewal)
{
    struct esia esia = {{NULL}};

    for (int i = 0; i < ESIA_COUNT; i++) {
        char word[MESSAGE_WORD_MAX];

        snprintf(word, sizeof(word), "esia.%s", esia_word((enum esia_field)i));
        esia.value[i] = (char *)(uintptr_t)draft_value(renewal, word);
    }
    return esia;
}

static bool put(struct json_object *json, const char *word, const char *value)
{
    return json_object_object_add(json, word, json_object_new_string(value)) ==
           0;
}

static bool is_another_owner(const struct renewal *renewal, const char *word,
                             const char *value)
{
    const char *known = draft_value(renewal, "data.snils");

    return strcmp(word, "data.snils") == 0 && known != NULL &&
           strcmp(known, value) != 0;
}

static bool forget_owner(struct json_object *json)
{
    bool done = true;

    for (int i = 0; i < ESIA_COUNT; i++) {
        char word[MESSAGE_WORD_MAX];

        snprintf(word, sizeof(word), "esia.%s", esia_word((enum esia_field)i));
        done = put(json, word, "") && done;
    }
    return done;
}

/* What is known is of the document before; that of the form's own is there
 * again when its kind is chosen again. */
static bool change_document(const struct renewal *renewal,
                            struct json_object *json, const char *value)
{
    static const enum esia_field fields[] = {
        ESIA_SERIES, ESIA_NUMBER,      ESIA_ISSUED,
        ESIA_ISSUER, ESIA_ISSUER_CODE, ESIA_CITIZENSHIP};
    const char *before = draft_value(renewal, document);
    const char *known = message_text(renewal->form, document);
    bool done = true;

    if (before == NULL || strcmp(before, value) == 0)
        return true;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        char word[MESSAGE_WORD_MAX];

        snprintf(word, sizeof(word), "esia.%s", esia_word(fields[i]));
        if (known != NULL && strcmp(known, value) == 0)
            json_object_object_del(json, word);
        else
            done = put(json, word, "") && done;
    }
    return done;
}

enum outcome draft_set(struct renewal *renewal, const char *word,
                       const char *value)
{
    struct json_object *json = read_draft(renewal);
    enum outcome outcome = OUTCOME_MEMORY;

    if ((!is_another_owner(renewal, word, value) || forget_owner(json)) &&
        (strcmp(word, document) != 0 ||
         change_document(renewal, json, value)) &&
        put(json, word, value))
        outcome = write_draft(renewal, json);
    json_object_put(json);
    return outcome;
}

/* --- a file -------------------------------------------------------------- */

/* Of the organisation, mostly. */
static bool is_of_centre(const char *word)
{
    return name_find(strncmp(word, "data.", 5) == 0 ? word + 5 : word) >= 0;
}

/* Those that others depend on (the document) are looked at with them. */
static enum outcome take_member(struct renewal *renewal, const char *path,
                                const char *word, struct json_object *value)
{
    const struct field *field = field_find(word);
    struct esia others = draft_esia(renewal);
    const char *typed = json_object_get_string(value), *why;
    char kept[FIELD_VALUE_MAX];

    if (field == NULL && is_of_centre(word))
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("%s: %s is corrected by your service centre "
                              "alone."),
                            path, word);
    if (field == NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("%s: there is no such field: %s."), path, word);
    if (!json_object_is_type(value, json_type_string) ||
        strlen(typed) != (size_t)json_object_get_string_len(value))
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("%s: %s must be a text."), path, word);
    why = field_refuse(field, typed, &others, clock_now(renewal->clock), kept);
    if (why != NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "%s: %s: %s", path,
                            field_label(field), why);
    return draft_set(renewal, field->word, kept);
}

/* In the order of the fields, so that a document is there before what it
 * decides about; then what is none of ours. */
static enum outcome take_members(struct renewal *renewal, const char *path,
                                 struct json_object *json)
{
    enum outcome outcome = OUTCOME_DONE;
    const struct field *field;

    json_object_object_foreach(json, word, value)
    {
        if (outcome == OUTCOME_DONE && field_find(word) == NULL)
            outcome = take_member(renewal, path, word, value);
    }
    for (size_t i = 0; outcome == OUTCOME_DONE && (field = field_at(i)) != NULL;
         i++) {
        const char *brief = strchr(field->word, '.') + 1;
        struct json_object *member = NULL, *other = NULL;
        const bool whole =
            json_object_object_get_ex(json, field->word, &member);
        const bool short_one = json_object_object_get_ex(json, brief, &other);

        if (whole && short_one)
            outcome =
                renewal_fail(renewal, OUTCOME_CONFIGURATION,
                             _("%s: %s stands there twice."), path, brief);
        else if (whole || short_one)
            outcome =
                take_member(renewal, path, field->word, whole ? member : other);
    }
    return outcome;
}

enum outcome draft_take(struct renewal *renewal, const char *path, char *text,
                        size_t size)
{
    const size_t mark = utf8_mark_size(text, size);
    struct json_object *json = NULL;
    enum outcome outcome;

    text += mark;
    size -= mark;
    while (size > 0 && memchr(" \t\r\n", text[size - 1], 4) != NULL)
        text[--size] = '\0';
    if (json_parse(text, size, &json) == API_OK &&
        json_object_is_type(json, json_type_object))
        outcome = take_members(renewal, path, json);
    else
        outcome = renewal_fail(renewal, OUTCOME_CONFIGURATION,
                               _("%s: it is not a JSON object."), path);
    json_object_put(json);
    return outcome;
}

enum outcome draft_load(struct renewal *renewal, const char *path)
{
    size_t size = 0;
    char *text = paths_read(path, FILE_MAX, &size);
    enum outcome outcome;

    if (text == NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "--changes %s: %s",
                            path, strerror(errno));
    outcome = draft_take(renewal, path, text, size);
    free(text);
    return outcome;
}

/* --- handing it over ----------------------------------------------------- */

void draft_put(struct renewal *renewal)
{
    struct json_object *json;

    if (!has_draft(renewal))
        return;
    json = read_draft(renewal);
    json_object_object_foreach(json, word, value)
    {
        if (field_find(word) != NULL)
            message_put_text(renewal->in, word, json_object_get_string(value));
    }
    json_object_put(json);
}

void draft_forget(struct renewal *renewal)
{
    renewal_set(renewal, RECORD_DRAFT, NULL);
}
