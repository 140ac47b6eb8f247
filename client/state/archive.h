/* Every certificate ever seen, by thumbprint: old ones are needed to read
 * old documents. Nothing is ever removed from it. */
#ifndef CLIENT_STATE_ARCHIVE_H
#define CLIENT_STATE_ARCHIVE_H

#include "client/outcome/outcome.h"
#include "client/state/paths.h"
#include "keygen/certificate.h"
#include "keygen/chain.h"

/* Durably $XDG_STATE_HOME/kep/archive/<thumbprint>.cer (DER); one that is
 * there and whole stays. path gets its place (PATHS_MAX bytes). */
enum outcome archive_add(const struct certificate *certificate, char *path);

/* The same, but that it is there is durable only after an archive_flush: one
 * for many. */
enum outcome archive_put(const struct certificate *certificate, char *path);
enum outcome archive_flush(void);

/* As archive_add, of all that a new certificate comes with, and of the one that
 * it replaces (both may be NULL); path is that of the new one. The folder is
 * flushed once, behind all of them. */
enum outcome archive_add_all(const struct certificate *old,
                             const struct chain *sent,
                             const struct certificate *issued, char *path);

/* One by its thumbprint, to be freed. FAULT_NOT_FOUND: it is not there, or not
 * whole. */
MUST_CHECK enum fault archive_read(const char *thumbprint,
                                   struct certificate **certificate);

/* Visit each that can be read; the visitor takes the certificate over. What
 * is in the folder besides is passed over. The visitor's fault ends it. */
typedef enum fault archive_visitor(void *context,
                                   struct certificate *certificate);
enum fault archive_each(archive_visitor *visit, void *context);

#endif
