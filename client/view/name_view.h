/* A name in a certificate, for people and as JSON. */
#ifndef CLIENT_VIEW_NAME_VIEW_H
#define CLIENT_VIEW_NAME_VIEW_H

#include "client/screen/screen.h"
#include "client/text.h"
#include "client/view/page.h"
#include "keygen/name.h"
#include "keygen/requisite/requisite.h"

#include <json-c/json.h>

/* The label of an attribute, translated. */
const char *name_view_label(enum name_attribute attribute);

/* The order in which people look: i from 0 up to NAME_COUNT. Who it is comes
 * first. */
enum name_attribute name_view_order(int i);

/* The kind of number or address (enum requisite) that an attribute holds as
 * it may be found, or -1. */
int name_view_kind(enum name_attribute attribute);

/* A value as a person reads it: СНИЛС with the separators of its card, foreign
 * text made harmless. */
struct text_line name_view_value(enum name_attribute attribute,
                                 const char *value);

/* Whose it is: "Surname Name Patronymic, Organisation", else the common name,
 * "" without one. */
struct text_line name_view_owner(const struct name *name);

/* All of it on the screen, a line each. */
void name_view_say(struct screen *screen, const struct name *name);

/* The same on the page; a mistake in a number is said. */
void name_view_print(struct page *page, const struct name *name);

/* {"commonName", "snils", …} of what is there; the caller puts it. */
struct json_object *name_view_json(const struct name *name);

#endif
