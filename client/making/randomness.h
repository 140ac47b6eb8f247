/* What a person adds to the randomness of a new key. */
#ifndef CLIENT_MAKING_RANDOMNESS_H
#define CLIENT_MAKING_RANDOMNESS_H

#include "client/renewal/renewal.h"
#include "keygen/entropy.h"

/* Feed the pool from "keyboard", "system" (which adds nothing to what it has
 * of itself) or a file; source NULL: from the keyboard where there is one. On
 * anything but OUTCOME_DONE failure has the outcome and the detail. */
enum outcome randomness_fill(struct screen *screen, const char *source,
                             struct entropy *pool, struct failure *failure);

#endif
