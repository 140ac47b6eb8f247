/* The numbers that have check digits or a fixed form. For requisite.c. */
#ifndef KEYGEN_REQUISITE_NUMBER_H
#define KEYGEN_REQUISITE_NUMBER_H

#include "keygen/requisite/requisite.h"

#include <stdint.h>

enum { NUMBER_MAX = 24 /* characters that are kept of a text */ };

/* The characters of a number without what separates them. */
struct number {
    char text[NUMBER_MAX + 1];
    size_t at[NUMBER_MAX]; /* where in the text each of them was */
    size_t count;          /* of the text; the first NUMBER_MAX are kept */
    size_t end;            /* where the text ended */
    bool plus;             /* before the first */
};

/* Whether a character may stand between those of a number. */
bool number_separator(uint32_t character);

/* Judge what was read. kept and finding as in requisite_check. */
bool number_check(enum requisite kind, const struct number *number,
                  char kept[REQUISITE_MAX], struct requisite_finding *finding);

#endif
