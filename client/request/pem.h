/* PEM (RFC 7468) around DER. */
#ifndef CLIENT_REQUEST_PEM_H
#define CLIENT_REQUEST_PEM_H

#include "keygen/bytes.h"
#include "keygen/fault.h"

/* Append der between the lines of label ("CMS"). FAULT_TOO_LARGE … */
enum fault pem_put(const char *label, const struct bytes *der,
                   struct bytes *out);

#endif
