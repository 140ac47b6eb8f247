/* What ЕСИА, the state's register of people, wants to know of a certificate's
 * owner beside the names in the certificate (63-ФЗ, article 18 part 5):
 * birth, sex, the identity document, and citizenship where that document is
 * no Russian passport. */
#ifndef KEYGEN_REQUISITE_ESIA_H
#define KEYGEN_REQUISITE_ESIA_H

#include "keygen/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* In the order in which they are asked for. */
enum esia_field {
    ESIA_BIRTH_DATE,  /* "1980-02-29" */
    ESIA_BIRTH_PLACE, /* as in the document */
    ESIA_SEX,         /* "male", "female" */
    ESIA_DOCUMENT,    /* "passport" (of Russia), "foreignPassport", "other" */
    ESIA_SERIES,      /* of a passport four digits; others may have none */
    ESIA_NUMBER,      /* of a passport six digits */
    ESIA_ISSUED,      /* "2010-03-31" */
    ESIA_ISSUER,
    ESIA_ISSUER_CODE, /* "660-001", of a passport only */
    ESIA_CITIZENSHIP, /* "BLR" (ISO 3166 alpha-3), never of a passport */
    ESIA_COUNT
};

/* Values in UTF-8, owned; NULL where absent. */
struct esia {
    char *value[ESIA_COUNT];
};

enum esia_problem {
    ESIA_GOOD,
    ESIA_EMPTY,
    ESIA_TOO_LONG,
    ESIA_ALPHABET,    /* control characters, marks of direction, no UTF-8 */
    ESIA_WORD,        /* none of the words above */
    ESIA_NO_DATE,     /* not YYYY-MM-DD, or not in the calendar */
    ESIA_FUTURE,      /* a date to come */
    ESIA_AGE,         /* born less than 14 years ago, or before 1900 */
    ESIA_BEFORE,      /* a document older than its owner's 14th birthday */
    ESIA_FOUR_DIGITS, /* the series of a passport */
    ESIA_SIX_DIGITS,  /* its number */
    ESIA_CODE,        /* its issuer's code: three digits, "-", three digits */
    ESIA_COUNTRY,     /* three Latin capitals; of a foreigner not RUS */
    ESIA_UNWANTED     /* not with this document */
};

/* The word of a field in the API: "birthDate" … */
const char *esia_word(enum esia_field field);
/* The field of a word, or -1. */
int esia_find(const char *word);

void esia_free(struct esia *esia);

/* Copy size bytes into a field; none clears it. What is in it is looked at
 * by esia_check. FAULT_NAME: a NUL inside; FAULT_MEMORY. */
MUST_CHECK enum fault esia_set(struct esia *esia, enum esia_field field,
                               const char *value, size_t size);

/* Whether the field is asked for, by the document that is named. */
bool esia_wants(const struct esia *esia, enum esia_field field);

/* What is wrong with a field, seen with the others; now: for ages. A field
 * that is not wanted is good where it is empty. */
enum esia_problem esia_check(const struct esia *esia, enum esia_field field,
                             time_t now);

/* Nothing is wrong with any field. */
bool esia_complete(const struct esia *esia, time_t now);

#endif
