/* How the parts of requisite.c refuse. */
#ifndef KEYGEN_REQUISITE_FINDING_H
#define KEYGEN_REQUISITE_FINDING_H

#include "keygen/requisite/requisite.h"

/* Note it; always false. */
static inline bool finding_refuse(struct requisite_finding *finding,
                                  enum requisite_flaw flaw, size_t at)
{
    finding->flaw = flaw;
    finding->at = at;
    return false;
}

#endif
