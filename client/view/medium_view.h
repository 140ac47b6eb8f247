/* What there is to say of a token that is plugged in. */
#ifndef CLIENT_VIEW_MEDIUM_VIEW_H
#define CLIENT_VIEW_MEDIUM_VIEW_H

#include "client/view/page.h"
#include "token/medium.h"

#include <json-c/json.h>

/* How it is called: "Rutoken ECP 3.0 48e243b5, Bookkeeping". Valid until the
 * next call of this thread. */
const char *medium_view_name(const struct medium_info *info);

/* How many tries its PIN has left, in words. */
void medium_view_tries(const struct medium_info *info, char *value,
                       size_t room);

/* For people. */
void medium_view_print(struct page *page, const struct medium_info *info);

/* The same for programs. */
struct json_object *medium_view_json(const struct medium_info *info);

#endif
