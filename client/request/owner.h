/* Whose data go into a request by hand. */
#ifndef CLIENT_REQUEST_OWNER_H
#define CLIENT_REQUEST_OWNER_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"
#include "keygen/name.h"

/* Those of --from (or else of --sign-with) and --subject, or what a person
 * answers; they are shown, and where there is a person he says whether they are
 * right. On anything but OUTCOME_DONE failure says why. Free subject with
 * name_free in any case. */
enum outcome owner_choose(const struct desk *desk, struct name *subject,
                          struct failure *failure);

#endif
