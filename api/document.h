/* Scans of documents as the contract takes them (api/openapi.yaml,
 * sendDocument). */
#ifndef API_DOCUMENT_H
#define API_DOCUMENT_H

#include <stddef.h>

enum { DOCUMENT_MAX = 10 * 1024 * 1024 /* bytes */ };

/* "application/pdf", "image/jpeg" or "image/png" by the first bytes, whatever
 * the file is called; NULL: none of them. */
const char *document_type(const void *scan, size_t size);

#endif
