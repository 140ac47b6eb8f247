/* How many tries a token has left for its PIN, as it is told. */
#ifndef CLIENT_PIN_PIN_TRIES_H
#define CLIENT_PIN_PIN_TRIES_H

#include "client/outcome/outcome.h"

/* Of the token that was looked at last; -1: of none, it does not say, or the
 * outcome has nothing to do with it. */
int pin_tries_left(enum outcome outcome);

/* "Tries left: 3.", of a wrong length which ones are right, or "" where there
 * is nothing to say. Valid until the next call of this thread. */
const char *pin_tries_text(enum outcome outcome);

#endif
