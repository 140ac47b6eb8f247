/* Codes that a gateway for SMS puts into a folder or a file: --codes. */
#ifndef CLIENT_RENEWAL_CODE_INBOX_H
#define CLIENT_RENEWAL_CODE_INBOX_H

#include "client/renewal/renewal.h"

/* The telephone that a code of the form comes to or, for signing in, of the
 * renewal: eleven digits, or the end of it where only that is known; NULL:
 * not even that. It lives as long as they. */
const char *code_inbox_phone(const struct renewal *renewal, bool of_form);

/* A message with a code is about to be sent: note what is there already. */
void code_inbox_expect(struct renewal *renewal, bool of_form);

/* The code that has come since; of_form as above. good: the seconds that it is
 * good for, 0 where that is not known. OUTCOME_CODE_NOT_RECEIVED … Free *code
 * with secret_free. */
enum outcome code_inbox_read(struct renewal *renewal, bool of_form,
                             unsigned good, char **code);

#endif
