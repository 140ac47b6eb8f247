/* How the renewal of a certificate is begun, or found again in the journal. */
#ifndef CLIENT_RENEWAL_BEGINNING_H
#define CLIENT_RENEWAL_BEGINNING_H

#include "client/renewal/renewal.h"

/* Gone on with where it was begun before (OUTCOME_DONE), a new one in the
 * journal (OUTCOME_DONE), or OUTCOME_ALREADY_RENEWED with the record of that.
 * The certificate of info may be taken over. */
enum outcome beginning_take(struct renewal *renewal,
                            struct container_info *info);

#endif
