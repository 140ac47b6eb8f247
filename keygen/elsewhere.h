/* Certificates that are renewed in another way than this one, by what stands
 * in them: those of some issuers in some regions. */
#ifndef KEYGEN_ELSEWHERE_H
#define KEYGEN_ELSEWHERE_H

#include "keygen/name.h"

/* The number of the region that a name begins its stateOrProvinceName with
 * ("78 г. Санкт-Петербург"), or -1. */
int elsewhere_region(const struct name *subject);

/* Whether the certificate of this subject and issuer goes another way. */
bool elsewhere_renewed(const struct name *subject, const struct name *issuer);

#endif
