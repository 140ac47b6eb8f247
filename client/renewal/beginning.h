/* How the renewal of a certificate is begun, or found again in the journal. */
#ifndef CLIENT_RENEWAL_BEGINNING_H
#define CLIENT_RENEWAL_BEGINNING_H

#include "client/renewal/renewal.h"

/* Gone on with where it was begun before (OUTCOME_DONE), a new one in the
 * journal (OUTCOME_DONE), or OUTCOME_ALREADY_RENEWED with the record of that;
 * OUTCOME_OPEN_WITH_KEY where paper is wanted and the one that is open goes
 * another way. The certificate of info may be taken over; where it is alone, it
 * is kept in the archive, whose place becomes that of the old one. */
enum outcome beginning_take(struct renewal *renewal,
                            struct container_info *info);

/* Takes the record of one that came to its end: OUTCOME_ALREADY_RENEWED. */
enum outcome beginning_take_done(struct renewal *renewal,
                                 struct record *record);

#endif
