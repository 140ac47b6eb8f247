/* One kep at a time works on the journal. The kernel holds the lock, so it
 * dies with the process. */
#ifndef CLIENT_STATE_LOCK_H
#define CLIENT_STATE_LOCK_H

#include "client/outcome/outcome.h"

#include <stddef.h>

/* Takes it, or OUTCOME_LOCKED with the other's process number in holder, or
 * OUTCOME_STATE_UNWRITABLE. *fd is close()d to give it back. */
enum outcome lock_take(const char *path, int *fd, long *holder);

#endif
