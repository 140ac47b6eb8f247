/* Codes that a gateway for SMS puts into a folder or a file: --codes. */
#ifndef CLIENT_RENEWAL_CODE_INBOX_H
#define CLIENT_RENEWAL_CODE_INBOX_H

#include "client/renewal/renewal.h"

/* A message with a code is about to be sent, to the telephone of the form or,
 * for signing in, of the renewal: note what is there already. */
void code_inbox_expect(struct renewal *renewal, bool of_form);

/* The code that has come since; of_form as above. good: the seconds that it is
 * good for, 0 where that is not known. OUTCOME_CODE_NOT_RECEIVED … Free *code
 * with secret_free. */
enum outcome code_inbox_read(struct renewal *renewal, bool of_form,
                             unsigned good, char **code);

#endif
