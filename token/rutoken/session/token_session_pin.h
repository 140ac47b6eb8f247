/* PINs of a token that are put in, and given their tries back. */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_PIN_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_PIN_H

#include "token/rutoken/session/token_session.h"

/* Put another PIN of that owner in, who is logged in; or the administrator is,
 * for the user. FAULT_PIN_RIGHT where the token does not let them. */
MUST_CHECK enum fault token_session_pin_change(struct token_session *session,
                                               enum pin_owner owner,
                                               const char *pin);

/* Give the user's PIN its tries back; the administrator is logged in.
 * FAULT_TOKEN_REFUSED where the token does not let them. */
MUST_CHECK enum fault token_session_pin_unblock(struct token_session *session);

#endif
