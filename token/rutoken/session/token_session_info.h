/* What a token tells of its PINs; token_session_look is the rest. */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_INFO_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_INFO_H

#include "token/pin.h"
#include "token/rutoken/session/token_session.h"

/* Costs no try. Where its owner is logged in the tries are not told. */
MUST_CHECK enum fault token_session_pin_state(struct token_session *session,
                                              enum pin_owner owner,
                                              struct pin_state *state,
                                              bool *logged_in);

/* By which the token names a PIN. */
uint8_t token_session_reference(enum pin_owner owner);

/* "rutoken:48e243b5" */
void token_session_location(const struct token_session *session,
                            char location[LOCATION_MAX]);

#endif
