/* What there is to say of a token that is plugged in. */
#ifndef CLIENT_VIEW_MEDIUM_VIEW_H
#define CLIENT_VIEW_MEDIUM_VIEW_H

#include "client/view/page.h"
#include "token/medium.h"

#include <json-c/json.h>

/* For people. */
void medium_view_print(struct page *page, const struct medium_info *info);

/* The same for programs. */
struct json_object *medium_view_json(const struct medium_info *info);

#endif
