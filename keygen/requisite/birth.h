/* Dates of birth. For requisite.c. */
#ifndef KEYGEN_REQUISITE_BIRTH_H
#define KEYGEN_REQUISITE_BIRTH_H

#include "keygen/requisite/requisite.h"

/* Judge size bytes without blanks around them; all of them are ASCII. kept
 * and finding as in requisite_check. */
bool birth_check(const char *text, size_t size, time_t now,
                 char kept[REQUISITE_MAX], struct requisite_finding *finding);

#endif
