/* Which token is meant where several are plugged in and none was named. */
#ifndef CLIENT_TOKENS_TOKEN_CHOICE_H
#define CLIENT_TOKENS_TOKEN_CHOICE_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

/* Put a token's own location in place of "rutoken:" and the like in the
 * command's arguments and options, by asking the person. Where there is
 * nobody to ask everything stays as it is. */
enum outcome token_choice_make(struct desk *desk, struct failure *failure);

#endif
