/* Whether a certificate that a person named is to be renewed now. */
#ifndef CLIENT_RENEWAL_DUE_H
#define CLIENT_RENEWAL_DUE_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

/* OUTCOME_DONE: it is. One that is too early or over is renewed where the
 * options say so (--force, --paper) or the person does, who is asked: they
 * are set then. */
enum outcome due_check(const struct desk *desk,
                       const struct certificate *certificate,
                       struct failure *failure);

#endif
