#include "client/options_config.h"

#include "client/options.h"
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
