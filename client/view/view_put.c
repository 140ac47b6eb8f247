#include "client/view/view_put.h"

#include "client/text.h"

void view_put(struct json_object *object, const char *word,
              struct json_object *value)
{
    json_object_object_add(object, word, value);
}

void view_put_text(struct json_object *object, const char *word,
                   const char *text)
{
    view_put(object, word, text != NULL ? json_object_new_string(text) : NULL);
}

void view_put_filled(struct json_object *object, const char *word,
                     const char *text)
{
    view_put_text(object, word, text != NULL && text[0] != '\0' ? text : NULL);
}

void view_put_time(struct json_object *object, const char *word, time_t when)
{
    view_put_text(object, word, when != 0 ? text_rfc3339(when).text : NULL);
}

void view_put_flag(struct json_object *object, const char *word, bool flag)
{
    view_put(object, word, json_object_new_boolean(flag));
}

void view_put_number(struct json_object *object, const char *word,
                     int64_t number)
{
    view_put(object, word, json_object_new_int64(number));
}

void view_put_count(struct json_object *object, const char *word, size_t count)
{
    view_put_number(object, word, (int64_t)count);
}
