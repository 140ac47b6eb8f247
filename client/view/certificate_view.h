/* A certificate in words and as JSON. */
#ifndef CLIENT_VIEW_CERTIFICATE_VIEW_H
#define CLIENT_VIEW_CERTIFICATE_VIEW_H

#include "client/text.h"
#include "client/view/page.h"
#include "keygen/certificate.h"
#include "keygen/overview.h"

#include <json-c/json.h>

/* Whose it is: "Surname Name Patronymic, Organisation"; the common name where
 * it says more than these. */
struct text_line certificate_view_owner(const struct certificate *certificate);

/* Everything that is in it, but its title. */
void certificate_view_print(struct page *page,
                            const struct certificate *certificate);

/* {"thumbprint", "serialNumber", "subject", "issuer", "notBefore",
 *  "notAfter", "keyNotAfter"}; the caller puts it. */
struct json_object *
certificate_view_json(const struct certificate *certificate);

/* The same and {"algorithm", "keyNotBefore", "qualified"}. */
struct json_object *
certificate_view_json_all(const struct certificate *certificate);

/* The words of these, those that were not read null. */
struct json_object *certificate_view_json_seen(const struct overview *overview);

/* The same as _all and what particulars_view.h has, and {"notQualified"}, the
 * point that a qualified certificate would need. */
struct json_object *
certificate_view_json_full(const struct certificate *certificate);

#endif
