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

/* What is signed must say what was shown, and nothing more: it has the form of
 * api/wording.h, and in it the form's own number, the old certificate's
 * thumbprint, each of the data exactly, and the consent (NULL: there is none),
 * which is one line without a number as long as an ИНН. What is left to the
 * server are the words of the consent and the time. OUTCOME_STATEMENT_MISMATCH
 * with the line that is wrong. */
enum outcome statement_check(struct renewal *renewal, const struct name *data,
                             const char *consent, const char *text);

/* The consent that the form as it was read last puts under the statement;
 * NULL where it has none. */
const char *statement_consent(const struct renewal *renewal);

#endif
