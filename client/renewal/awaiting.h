/* The containers whose certificate is awaited: the new ones of the renewals
 * that the journal has open. It is read once for all that are asked about,
 * since there may be as many as rows of a batch. */
#ifndef CLIENT_RENEWAL_AWAITING_H
#define CLIENT_RENEWAL_AWAITING_H

#include "client/renewal/journal.h"

struct json_object;

/* All zero: nothing was read yet. */
struct awaiting {
    struct json_object *containers; /* to the number of the renewal */
};

/* The number of the open renewal whose new key is in that container, as the
 * journal was when it was first asked; it lives until awaiting_free. NULL: of
 * none, the journal is NULL or cannot be read. */
const char *awaiting_find(struct awaiting *awaiting, struct journal *journal,
                          const char *where);

/* All zero again. */
void awaiting_free(struct awaiting *awaiting);

#endif
