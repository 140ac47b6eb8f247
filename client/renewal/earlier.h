/* What the journal knows of a renewal that was begun before, and is open. */
#ifndef CLIENT_RENEWAL_EARLIER_H
#define CLIENT_RENEWAL_EARLIER_H

#include "client/renewal/journal.h"

#include <stdbool.h>

struct earlier {
    bool begun;    /* and remembers what it was told */
    bool applied;  /* it has an application: that alone counts */
    bool accepted; /* its data */
};

/* By the thumbprint of the old certificate. All false: there is none, or it
 * cannot be read. */
struct earlier earlier_find(struct journal *journal, const char *thumbprint);

/* The same where the journal is not open. OUTCOME_DONE, also where there is no
 * journal yet, or why it cannot be looked at. */
enum outcome earlier_look(const char *thumbprint, struct earlier *earlier);

#endif
