/* Asking a person for the data of an application, field by field. */
#ifndef CLIENT_DOSSIER_ASKING_H
#define CLIENT_DOSSIER_ASKING_H

#include "client/dossier/field.h"
#include "client/renewal/renewal.h"

/* Ask for one; what is there already is the answer of an empty line. The
 * answer goes into the draft. OUTCOME_CANCELLED …; *back: the person wants
 * the question before. */
enum outcome asking_field(struct renewal *renewal, const struct field *field,
                          bool *back);

/* Ask for all of ЕСИА's that are missing or wrong, one after the other, with
 * a way back. Where there is nobody to ask: OUTCOME_DATA_NEEDED, with what. */
enum outcome asking_missing(struct renewal *renewal);

/* Show all of the data, those that can be corrected numbered, with what is
 * wrong beneath; and ask whether they are right, correcting those that a
 * number is typed for. OUTCOME_DONE: they are right. */
enum outcome asking_all(struct renewal *renewal);

#endif
