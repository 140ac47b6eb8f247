/* E-mail addresses. For requisite.c. */
#ifndef KEYGEN_REQUISITE_ADDRESS_H
#define KEYGEN_REQUISITE_ADDRESS_H

#include "keygen/requisite/requisite.h"

/* Judge size bytes without blanks around them; all of them are ASCII.
 * finding->at counts from the first of them. */
bool address_check(const char *text, size_t size,
                   struct requisite_finding *finding);

#endif
