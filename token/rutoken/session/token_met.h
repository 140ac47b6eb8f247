/* Which token this process has last met in which reader, for when it cannot be
 * asked because somebody has it for themselves: most often another thread of
 * ours, at a token that is not the one which is looked for. */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_MET_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_MET_H

#include "token/rutoken/card/reader.h"

#include <stdbool.h>

void token_met_note(const struct reader_state *reader, const char *serial);

/* Whether the one that is in it is known, and is not that. */
bool token_met_another(const struct reader_state *reader, const char *serial);

#endif
