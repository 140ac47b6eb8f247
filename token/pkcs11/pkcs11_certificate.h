/* Certificates beside the keys on a token. */
#ifndef TOKEN_PKCS11_PKCS11_CERTIFICATE_H
#define TOKEN_PKCS11_PKCS11_CERTIFICATE_H

#include "token/medium.h"

/* As medium_ops.write_certificate is promised: the new one is there, read
 * back, before those that the key had are taken away. */
MUST_CHECK enum fault
pkcs11_certificate_write(const char *where,
                         const struct certificate *certificate);

#endif
