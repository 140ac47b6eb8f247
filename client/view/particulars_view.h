/* What a certificate may be used for, of which classes, with which tools, and
 * where its issuer answers: in words and as JSON. */
#ifndef CLIENT_VIEW_PARTICULARS_VIEW_H
#define CLIENT_VIEW_PARTICULARS_VIEW_H

#include "client/view/page.h"
#include "keygen/certificate.h"

#include <json-c/json.h>

void particulars_view_print(struct page *page,
                            const struct certificate *certificate);

/* {"keyUsage", "authority", "purposes", "policies", "classes",
 *  "subjectSignTool", "issuerSignTool", "identificationKind",
 *  "revocationPoints", "ocsp", "issuerCertificates", "keyId", "issuerKeyId",
 *  "issuerSubject"} into an object. */
void particulars_view_put_json(struct json_object *object,
                               const struct certificate *certificate);

#endif
