/* What will be certified: shown, accepted, and compared ever after. */
#ifndef CLIENT_RENEWAL_DATA_H
#define CLIENT_RENEWAL_DATA_H

#include "client/renewal/renewal.h"
#include "client/text.h"
#include "keygen/name.h"

/* The label of an attribute for people, translated. */
const char *data_label(enum name_attribute attribute);

/* Show them, a line each. */
void data_show(struct renewal *renewal, const struct name *data);

/* Keep them in the record as accepted now. */
enum outcome data_accept(struct renewal *renewal, const struct name *data);

/* Those of a row of the journal; false: none were accepted, or they cannot be
 * read. Free with name_free. */
bool data_of_record(const struct record *record, struct name *data);

/* Whose renewal a row is, as far as the journal knows, which reads no medium:
 * its label, else the name, else "". */
struct text_line data_owner(const struct record *record);

/* Those that were accepted, as the journal has them, the server not asked.
 * OUTCOME_STATE_DAMAGED, also where there are none. Free with name_free. */
enum outcome data_recorded(struct renewal *renewal, struct name *data);

/* The form's data as they are now, which must be those that were accepted and
 * of the old certificate's owner. OUTCOME_DATA_MISMATCH. Free with
 * name_free. */
enum outcome data_accepted(struct renewal *renewal, struct name *data);

/* "Different: SNILS.", translated; "" of what is the same. */
const char *data_difference(enum identity_difference difference);

/* Old and new are the same person and organisation. OUTCOME_DATA_MISMATCH,
 * with what differs. */
enum outcome data_compare_identity(struct renewal *renewal,
                                   const struct name *data);

/* The organisation's name and its ОГРН (ОГРНИП) are those of the old
 * certificate. OUTCOME_DATA_MISMATCH, with what differs. */
enum outcome data_compare_organization(struct renewal *renewal,
                                       const struct name *data);

#endif
