/* The statement that the old certificate signs: plain text in Russian. */
#ifndef API_SANDBOX_DESK_STATEMENT_H
#define API_SANDBOX_DESK_STATEMENT_H

#include "api/sandbox/desk/application.h"

/* Write it from the data as they are now and keep it: from here on its bytes
 * never change. Inside a transaction. */
bool statement_write(struct exchange *exchange,
                     const struct application *application);

/* What was kept: a copy that the caller frees; NULL on failure. Inside a
 * transaction. */
char *statement_read(struct exchange *exchange, const char *form);

#endif
