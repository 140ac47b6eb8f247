#include "client/options_config.h"

#include "client/options.h"
#include "client/program/full_name.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "keygen/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether there is nothing in it but blanks and comments. */
static bool is_blank(const char *text)
{
    for (;;) {
        text += strspn(text, " \t\r\n");
        if (strncmp(text, "//", 2) == 0) {
            text += strcspn(text, "\n");
        } else if (strncmp(text, "/*", 2) == 0) {
            text = strstr(text + 2, "*/");
            if (text == NULL)
                return false;
            text += 2;
        } else {
            return *text == '\0';
        }
    }
}

/* One value alone, or NULL. */
static struct json_object *parse_json(const char *text, size_t size)
{
    struct json_tokener *tokener = json_tokener_new();
    const size_t mark = utf8_mark_size(text, size);
    struct json_object *json = NULL;
    bool whole = false;

    text += mark;
    size -= mark;
    if (tokener == NULL || memchr(text, '\0', size) != NULL)
        goto out;
    json_tokener_set_flags(tokener, JSON_TOKENER_VALIDATE_UTF8);
    json = json_tokener_parse_ex(tokener, text, (int)size);
    whole = json_tokener_get_error(tokener) == json_tokener_success &&
            is_blank(text + json_tokener_get_parse_end(tokener));
out:
    if (tokener != NULL)
        json_tokener_free(tokener);
    if (!whole) {
        json_object_put(json);
        json = NULL;
    }
    return json;
}

bool options_config_read(const char *path, struct json_object **json,
                         char *problem, size_t room)
{
    size_t size;
    char *text = paths_read(path, OPTIONS_CONFIG_MAX, &size);

    *json = NULL;
    if (text == NULL && errno == ENOENT)
        return true;
    if (text == NULL) {
        snprintf(problem, room, _("The configuration %s cannot be read: %s"),
                 text_clean(path).text, strerror(errno));
        return false;
    }
    *json = parse_json(text, size);
    free(text);
    if (*json == NULL)
        snprintf(problem, room, _("The configuration %s is not JSON."),
                 text_clean(path).text);
    return *json != NULL;
}

/* What is named in the configuration is beside it, not in the folder where
 * kep happens to be started: roots that lie there are nobody's to trust. */
static const struct {
    const char *word;
    char *(*in_full)(const char *folder, const char *name);
} names[] = {
    {"serverCa", full_name_of_file},
    {"roots", full_name_of_file},
    {"codes", full_name_of_file},
    {"report", full_name_of_file},
    {"pkcs11Module", full_name_of_library},
    {"codeCommand", full_name_of_command},
    {"deployCommand", full_name_of_command},
    {"failedCommand", full_name_of_command},
    {"dueCommand", full_name_of_command},
};

const char *options_config_value(struct options *options, const char *path,
                                 const char *word, const char *value)
{
    const char *end = strrchr(path, '/');
    char *folder = end != NULL ? strndup(path, (size_t)(end - path)) : NULL;
    char *full = NULL;

    for (size_t i = 0; folder != NULL && i < sizeof(names) / sizeof(*names);
         i++)
        if (strcmp(names[i].word, word) == 0)
            full = names[i].in_full(folder, value);
    if (full != NULL)
        value = options_keep(options, full);
    free(full);
    free(folder);
    return value;
}
