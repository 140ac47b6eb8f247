/* What a renewal came to: for people, and as JSON. */
#ifndef CLIENT_RENEWAL_RESULT_H
#define CLIENT_RENEWAL_RESULT_H

#include "client/renewal/renewal.h"

#include <json-c/json.h>

/* {"outcome", "message"?, "renewal", "form", "traceId", "old", "new",
 * "backup"}; the caller puts it. NULL without memory. */
struct json_object *result_json(const struct renewal *renewal,
                                enum outcome outcome);

/* The same of something that came to no renewal. */
struct json_object *result_json_plain(const struct failure *failure);

/* One line on stdout, flushed; -1 when it could not be written. */
int result_print(struct json_object *json);

/* The same as the last thing of a command, and frees it: outcome, or
 * OUTCOME_IO. */
enum outcome result_answer(struct json_object *json, enum outcome outcome);

/* The story's end on the screen. */
void result_say(struct screen *screen, const struct failure *failure);

#endif
