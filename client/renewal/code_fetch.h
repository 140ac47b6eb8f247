/* Codes from --code-command. */
#ifndef CLIENT_RENEWAL_CODE_FETCH_H
#define CLIENT_RENEWAL_CODE_FETCH_H

#include "client/renewal/renewal.h"

/* What it printed, in secret memory. purpose, tail: as in struct code_command.
 * OUTCOME_CODE_COMMAND, OUTCOME_INTERRUPTED. */
enum outcome code_fetch(struct renewal *renewal, const char *purpose,
                        const char *tail, char **code);

#endif
