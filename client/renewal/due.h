/* Whether a certificate that a person named is to be renewed now. */
#ifndef CLIENT_RENEWAL_DUE_H
#define CLIENT_RENEWAL_DUE_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

/* info is as former_read gives it. OUTCOME_DONE: it is. One that is too early,
 * is over or has lost its key is renewed where the options say so (--force,
 * --paper) or the person does, who is asked: they are set then. */
enum outcome due_check(const struct desk *desk,
                       const struct container_info *info,
                       struct failure *failure);

#endif
