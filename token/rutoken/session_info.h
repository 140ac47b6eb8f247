/* What a token tells of its user's PIN; session_look is the rest. */
#ifndef TOKEN_RUTOKEN_SESSION_INFO_H
#define TOKEN_RUTOKEN_SESSION_INFO_H

#include "token/pin.h"
#include "token/rutoken/session.h"

/* Costs no try. Where the user is logged in the tries are not told. */
MUST_CHECK enum fault session_pin_state(struct session *session,
                                        struct pin_state *state,
                                        bool *logged_in);

/* "rutoken:48e243b5" */
void session_location(const struct session *session,
                      char location[LOCATION_MAX]);

#endif
