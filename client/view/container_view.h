/* A container and its keys, in words and as JSON. */
#ifndef CLIENT_VIEW_CONTAINER_VIEW_H
#define CLIENT_VIEW_CONTAINER_VIEW_H

#include "client/view/page.h"
#include "token/report.h"

#include <json-c/json.h>

/* "GOST R 34.10-2012, 256 bits" of "gost2012-256", translated. */
const char *container_view_kind(const char *kind);

/* A key in a few lines, with its title: for lists. */
void container_view_print_key(struct page *page,
                              const struct container_info *info);

/* {"container", "name", "algorithm", …}; the caller puts it. */
struct json_object *container_view_key_json(const struct container_info *info);

/* Everything that a report says. */
void container_view_print(struct page *page,
                          const struct container_report *report);
struct json_object *container_view_json(const struct container_report *report);

#endif
