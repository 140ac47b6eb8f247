/* The extensions of a certificate as bytes. */
#ifndef KEYGEN_EXTENSION_H
#define KEYGEN_EXTENSION_H

#include "keygen/certificate.h"
#include "keygen/der.h"

enum { EXTENSION_MAX = 4096 /* bytes of one that is looked at */ };

enum extension_result { EXTENSION_FOUND, EXTENSION_ABSENT, EXTENSION_BAD };

/* The first of an OID: in becomes a window on value. EXTENSION_BAD where it is
 * too long. */
enum extension_result extension_find(const struct certificate *certificate,
                                     const char *oid,
                                     uint8_t value[EXTENSION_MAX],
                                     struct der *in);

#endif
