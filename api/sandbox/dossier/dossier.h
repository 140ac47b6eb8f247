/* What belongs to an application beside the names in the certificate: what
 * ЕСИА wants to know of the owner, and scans of documents. */
#ifndef API_SANDBOX_DOSSIER_DOSSIER_H
#define API_SANDBOX_DOSSIER_DOSSIER_H

#include "api/sandbox/desk/application.h"
#include "keygen/requisite/esia.h"

/* All of these run inside a transaction. */

/* Of a new application: what was known of the owner, and the documents that
 * the former one had. */
bool dossier_open(struct exchange *exchange,
                  const struct application *application);

/* What is known of the owner; free with esia_free. */
bool dossier_read(struct exchange *exchange, const char *form,
                  struct esia *esia);
bool dossier_write(struct exchange *exchange, const char *form,
                   const struct esia *esia);

/* A document: state "former" (nothing was sent, it is there already),
 * "received" or "wanted". content NULL: none. */
bool dossier_note(struct exchange *exchange, const char *form, const char *kind,
                  const char *state, const char *type, const void *content,
                  size_t size);

/* Whether the data may go into a statement: nothing of them is wrong, nothing
 * is missing, no document is wanted. False on failure too, with 500. */
bool dossier_good(struct exchange *exchange,
                  const struct application *application);

/* Whether a word of the data may be corrected in this mode. */
bool dossier_editable(const struct application *application, const char *word);

/* Members of the form: editable, esia, missing, errors, documents. */
bool dossier_put(struct exchange *exchange,
                 const struct application *application,
                 struct json_object *form);

/* Whether express renewal can be offered: everything is known of the owner
 * of a certificate. */
bool dossier_known(struct exchange *exchange, const char *thumbprint);

#endif
