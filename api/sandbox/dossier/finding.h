/* What is wrong with the data of an application, word by word, as the
 * contract tells it. */
#ifndef API_SANDBOX_DOSSIER_FINDING_H
#define API_SANDBOX_DOSSIER_FINDING_H

#include "api/sandbox/desk/application.h"
#include "keygen/requisite/esia.h"

/* Whether the words of the certificate's name obey their rules; what does
 * not is added to errors (NULL: it is only asked). False also without
 * memory. */
bool finding_data(const struct application *application,
                  struct json_object *errors);

/* Add what is wrong with the data for ЕСИА. False: no memory. */
bool finding_esia(const struct esia *esia, time_t now,
                  struct json_object *errors);

/* Where all of it obeys, and the registers do not confirm it all the same. */
bool finding_unconfirmed(struct json_object *errors);

/* Add the words that have still to be given, as "esia.birthDate". */
bool finding_missing(const struct esia *esia, time_t now,
                     struct json_object *missing);

#endif
