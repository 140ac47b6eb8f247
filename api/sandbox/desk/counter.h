/* Where applications are handed in: opening one, and the way of every
 * operation on one. */
#ifndef API_SANDBOX_DESK_COUNTER_H
#define API_SANDBOX_DESK_COUNTER_H

#include "api/sandbox/http/exchange.h"

/* The operation openForm. */
void counter_open(struct exchange *exchange);

/* Every operation on an application that exists (api/sandbox/desk/action.c). */
void counter_step(struct exchange *exchange);

#endif
