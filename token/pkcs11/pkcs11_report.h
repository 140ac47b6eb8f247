/* What there is to say of the keys on a token, without its PIN. */
#ifndef TOKEN_PKCS11_PKCS11_REPORT_H
#define TOKEN_PKCS11_PKCS11_REPORT_H

#include "token/medium.h"

/* As medium_ops.list, .describe and .inspect are promised; the place of a
 * key is a list of that key. FAULT_UNSUPPORTED is told of keys that have no
 * CKA_ID to be named by. */
MUST_CHECK enum fault pkcs11_report_list(const char *location,
                                         container_visitor *visit,
                                         void *context);
MUST_CHECK enum fault pkcs11_report_describe(const char *where,
                                             struct container_info *info);
MUST_CHECK enum fault pkcs11_report_inspect(const char *where,
                                            enum medium_depth depth,
                                            const char *password,
                                            struct container_report **report);

#endif
