/* Waiting for a token that was pulled out. */
#ifndef CLIENT_TOKENS_TOKEN_WAIT_H
#define CLIENT_TOKENS_TOKEN_WAIT_H

#include "client/outcome/outcome.h"
#include "client/screen/screen.h"

#include <stdbool.h>

/* Whether an outcome means that plugging a token in is all it takes. */
bool token_wait_helps(enum outcome outcome);

/* Until the token of that place is there, or a signal comes; the person is
 * told what is waited for. OUTCOME_DONE: it is there. */
enum outcome token_wait(struct screen *screen, const char *where);

#endif
