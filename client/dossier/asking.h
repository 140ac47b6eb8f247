/* Asking a person for the data of an application, field by field. */
#ifndef CLIENT_DOSSIER_ASKING_H
#define CLIENT_DOSSIER_ASKING_H

#include "client/dossier/field.h"
#include "client/renewal/renewal.h"

/* The whole dialogue, with a way back: ЕСИА's data that are missing or wrong
 * one after the other, the scans that the centre wants, then all of the data
 * with what is wrong beneath each, and corrections until they are right. What
 * is there already is the answer of an empty line; each answer goes into the
 * draft at once. Where there is nobody to ask: OUTCOME_DATA_NEEDED, with what,
 * or the data are only shown. OUTCOME_CANCELLED … */
enum outcome asking_everything(struct renewal *renewal);

#endif
