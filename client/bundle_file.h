/* A file with certificates, as keygen/bundle.h takes it. */
#ifndef CLIENT_BUNDLE_FILE_H
#define CLIENT_BUNDLE_FILE_H

#include "keygen/bundle.h"

/* Append all that are in the file. FAULT_NOT_FOUND, _NO_ACCESS, _TOO_LARGE,
 * _IO; FAULT_CERTIFICATE for what is no regular file, too. */
MUST_CHECK enum fault bundle_file_read(const char *path, struct chain *chain);

/* The same of a certificate request in DER or PEM, which must be signed with
 * its key. FAULT_REQUEST. *crq is the caller's (gnutls_x509_crq_deinit). */
MUST_CHECK enum fault bundle_file_read_request(const char *path,
                                               gnutls_x509_crq_t *crq,
                                               struct name *subject);

#endif
