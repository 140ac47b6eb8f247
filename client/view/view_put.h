/* Members of the JSON objects that commands print. What there is not is null,
 * never left out, so that programs always find the same words. */
#ifndef CLIENT_VIEW_VIEW_PUT_H
#define CLIENT_VIEW_VIEW_PUT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The object takes value over; NULL is null. */
void view_put(struct json_object *object, const char *word,
              struct json_object *value);

/* text: UTF-8, NULL is null. */
void view_put_text(struct json_object *object, const char *word,
                   const char *text);

/* The same, and an empty one is null too. */
void view_put_filled(struct json_object *object, const char *word,
                     const char *text);

/* Seconds since 1970, written as RFC 3339 has it; 0 is null. */
void view_put_time(struct json_object *object, const char *word, time_t when);

void view_put_flag(struct json_object *object, const char *word, bool flag);

void view_put_number(struct json_object *object, const char *word,
                     int64_t number);
void view_put_count(struct json_object *object, const char *word, size_t count);

#endif
