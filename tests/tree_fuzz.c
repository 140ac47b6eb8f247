/* Any bytes as JSON, beside json-c: what is taken here is taken there, with the
 * same in it; and what json-c writes of anything is taken here. */
#include "api/tree.h"

#include "api/foreign.h"

#include <json-c/json.h>
#include <json-c/json_visit.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

/* Strictly; at the depth that an object around it would make. */
static bool read_theirs(const char *text, size_t size,
                        struct json_object **root)
{
    struct json_tokener *tokener = json_tokener_new_ex(TREE_DEPTH_MAX + 2);
    bool taken;

    promise(tokener != NULL);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    *root = json_tokener_parse_ex(tokener, text, (int)size + 1);
    taken = json_tokener_get_error(tokener) == json_tokener_success;
    json_tokener_free(tokener);
    return taken;
}

static void compare(const struct tree *ours, struct json_object *theirs);

static void compare_members(const struct tree *ours, struct json_object *theirs)
{
    const struct tree *member = NULL;

    json_object_object_foreach(theirs, name, value)
    {
        member = tree_member(ours, name);
        promise(member != NULL);
        compare(member, value);
    }
    for (member = NULL; (member = tree_next(ours, member)) != NULL;)
        promise(json_object_object_get_ex(theirs, member->name,
                                          &(struct json_object *){NULL}));
}

static void compare_items(const struct tree *ours, struct json_object *theirs)
{
    const struct tree *item = NULL;

    promise(ours->count == json_object_array_length(theirs));
    for (size_t i = 0; (item = tree_next(ours, item)) != NULL; i++)
        compare(item, json_object_array_get_idx(theirs, i));
}

static void compare(const struct tree *ours, struct json_object *theirs)
{
    static const enum json_type types[] = {
        [TREE_NULL] = json_type_null,     [TREE_FALSE] = json_type_boolean,
        [TREE_TRUE] = json_type_boolean,  [TREE_DIGITS] = json_type_int,
        [TREE_STRING] = json_type_string, [TREE_LIST] = json_type_array,
        [TREE_OBJECT] = json_type_object, [TREE_NUMBER] = json_type_double};
    const enum json_type type = json_object_get_type(theirs);

    promise(type == types[ours->kind] ||
            (ours->kind == TREE_NUMBER && type == json_type_int));
    if (ours->kind == TREE_OBJECT)
        compare_members(ours, theirs);
    if (ours->kind == TREE_LIST)
        compare_items(ours, theirs);
    if (type == json_type_boolean)
        promise(json_object_get_boolean(theirs) == (ours->kind == TREE_TRUE));
    if (ours->kind == TREE_DIGITS && ours->size < 19)
        promise(json_object_get_int64(theirs) == strtoll(ours->text, NULL, 10));
    if (ours->kind == TREE_STRING)
        promise(ours->size == (size_t)json_object_get_string_len(theirs) &&
                memcmp(ours->text, json_object_get_string(theirs),
                       ours->size + 1) == 0);
}

/* json_c_visit_userfunc: data becomes true where a number has more than
 * digits, which json-c writes as it has read it. */
static int find_double(struct json_object *value, int flags,
                       struct json_object *parent, const char *name,
                       size_t *place, void *data)
{
    (void)flags, (void)parent, (void)name, (void)place;
    if (json_object_get_type(value) == json_type_double)
        *(bool *)data = true;
    return JSON_C_VISIT_RETURN_CONTINUE;
}

static void check_written(struct json_object *theirs)
{
    const char *written =
        json_object_to_json_string_ext(theirs, JSON_C_TO_STRING_PLAIN);
    bool has_double = false;
    struct tree *root = NULL;
    char *text;

    (void)json_c_visit(theirs, 0, find_double, &has_double);
    if (has_double || strstr(written, "\\u0000") != NULL ||
        !foreign_is_utf8(written, strlen(written)))
        return;
    text = strdup(written);
    promise(text != NULL && tree_parse(text, strlen(text), &root) == API_OK);
    compare(root, theirs);
    free(root);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_object *theirs = NULL;
    struct tree *root;
    char *text = calloc(1, size + 1), *copy = calloc(1, size + 1);
    bool taken;

    promise(text != NULL && copy != NULL);
    memcpy(text, data, size);
    memcpy(copy, data, size);
    taken = read_theirs(copy, size, &theirs);
    if (tree_parse(text, size, &root) == API_OK) {
        promise(taken);
        compare(root, theirs);
    }
    if (taken && size < TREE_VALUES_MAX)
        check_written(theirs);
    json_object_put(theirs);
    free(root);
    free(text);
    free(copy);
    return 0;
}
