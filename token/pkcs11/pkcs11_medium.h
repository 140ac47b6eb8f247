/* Keys that live on a token and are reached through its vendor's PKCS#11
 * module. They are made there and never leave it. */
#ifndef TOKEN_PKCS11_PKCS11_MEDIUM_H
#define TOKEN_PKCS11_PKCS11_MEDIUM_H

#include "token/medium.h"

extern const struct medium_ops pkcs11_medium;

/* What stands behind "pkcs11:" becomes a place that is always written in the
 * same form. A token that is not named by its number is looked for. */
MUST_CHECK enum fault pkcs11_medium_resolve(const char *rest, char *canonical);

#endif
