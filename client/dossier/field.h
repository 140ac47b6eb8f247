/* The data of an application that a person types: how each is called, asked
 * for, checked and brought into the form in which it is kept. */
#ifndef CLIENT_DOSSIER_FIELD_H
#define CLIENT_DOSSIER_FIELD_H

#include "keygen/requisite/esia.h"
#include "keygen/requisite/requisite.h"

#include <stdbool.h>
#include <time.h>

enum { FIELD_VALUE_MAX = 1100 /* bytes, with the NUL */ };

/* One of a few words ("male") and how people call it. */
struct field_choice {
    const char *word, *label; /* msgid */
};

struct field {
    const char *word;  /* in the API: "data.title", "esia.birthDate" */
    const char *label; /* msgid; NULL: the attribute's */
    const char *hint;  /* msgid: an example, or NULL */
    const struct field_choice *choices; /* ended by a NULL word; or NULL */
    int attribute;                      /* of a name, or -1 */
    int esia;                           /* of ЕСИА's, or -1 */
    int requisite;                      /* with check digits …, or -1 */
};

/* By the API's word, with or without its first part ("title"); NULL. */
const struct field *field_find(const char *word);
/* Walk, in the order in which they are asked for: NULL past the end. */
const struct field *field_at(size_t i);

const char *field_label(const struct field *field); /* translated */

/* As people read a value: a date as 31.12.1980, a word as its label. Into
 * out, which is returned. */
char *field_show(const struct field *field, const char *value, char *out,
                 size_t size);

/* NULL where what was typed will do, and kept is the value then; else the
 * translated sentence why not. others: the rest of ЕСИА's data, which decide
 * about some; NULL: none. An empty one will do where the attribute may be
 * absent. */
const char *field_refuse(const struct field *field, const char *typed,
                         const struct esia *others, time_t now,
                         char kept[FIELD_VALUE_MAX]);

#endif
