/* Signing in by SMS, and sessions. The first four are operations. */
#ifndef API_SANDBOX_DESK_ACCOUNT_H
#define API_SANDBOX_DESK_ACCOUNT_H

#include "api/sandbox/http/exchange.h"

void account_request_code(struct exchange *exchange);
void account_resend_code(struct exchange *exchange);
void account_sign_in(struct exchange *exchange);
void account_refresh(struct exchange *exchange);

/* Whose session it is goes into phone; false: it has been refused. */
bool account_authorize(struct exchange *exchange);

#endif
