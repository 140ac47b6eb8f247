/* A call of a library that may never return, made on a thread of its own. */
#ifndef TOKEN_RUTOKEN_CARD_PATIENCE_H
#define TOKEN_RUTOKEN_CARD_PATIENCE_H

#include <stdbool.h>

typedef void patience_work(void *context);

/* Do work and wait for it, at most so long. False: it still goes on; then
 * context is no longer the caller's, and late is called with it, on that
 * thread, whenever work has ended. Without memory or a thread it is done
 * here, however long that takes. */
bool patience_call(patience_work *work, patience_work *late, void *context,
                   int milliseconds);

#endif
