/* The table of outcomes, in parts, and the exit statuses it speaks of. For
 * client/outcome*.c only. */
#ifndef CLIENT_OUTCOME_ROWS_H
#define CLIENT_OUTCOME_ROWS_H

#include "client/outcome.h"

enum { DONE = 0, LATER = 1, USAGE = 2, WAIT = 3, LOCKED = 4, PERSON = 5 };

/* Of keys, containers, their media and archives; the other rows are empty. */
extern const struct outcome_row outcome_rows_keys[OUTCOME_COUNT];

/* Of tokens, their PINs and PKCS#11 modules. */
extern const struct outcome_row outcome_rows_tokens[OUTCOME_COUNT];

/* Of requests and certificates by hand. */
extern const struct outcome_row outcome_rows_byhand[OUTCOME_COUNT];

#endif
