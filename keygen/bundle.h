/* Certificates as certification centres hand them out: one in DER or PEM,
 * several in one PEM file, or a PKCS#7 with the chain (RFC 5652 5.1, DER or
 * PEM, often .p7b); the base64 of DER without the lines of PEM around it, as
 * it comes out of letters and forms, is taken too. */
#ifndef KEYGEN_BUNDLE_H
#define KEYGEN_BUNDLE_H

#include "keygen/chain.h"
#include "keygen/fault.h"

enum { BUNDLE_MAX = 4 * 1024 * 1024 /* bytes of a file */ };

/* Append all of them to chain, as many as it takes, in the order of the
 * file; nothing is verified but that each can be read. FAULT_CERTIFICATE for
 * anything else, FAULT_NO_CERTIFICATE for a PKCS#7 without any,
 * FAULT_TOO_LARGE. After a fault chain is as it was. */
MUST_CHECK enum fault bundle_read(struct chain *chain, const void *data,
                                  size_t size);

#endif
