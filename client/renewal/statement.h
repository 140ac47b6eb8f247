/* The statement of an application: what is signed with the old key, or
 * printed and signed by hand. */
#ifndef CLIENT_RENEWAL_STATEMENT_H
#define CLIENT_RENEWAL_STATEMENT_H

#include "client/renewal/renewal.h"
#include "keygen/name.h"

/* Fetch it. *text is as it came, size bytes of text and a NUL behind; the
 * caller frees it. */
enum outcome statement_fetch(struct renewal *renewal, char **text,
                             size_t *size);

/* What is signed must say what was shown: every value stands in it.
 * OUTCOME_STATEMENT_MISMATCH. */
enum outcome statement_check(struct renewal *renewal, const struct name *data,
                             const char *text);

#endif
