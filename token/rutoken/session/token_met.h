/* Which token this process has last met in which reader: whoever looks for one
 * need not ask the others, of which other threads of ours may be in the middle
 * of long transactions. */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_MET_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_MET_H

#include "token/rutoken/card/reader.h"

/* What is known of the token in a reader when one is looked for. */
enum token_met {
    TOKEN_MET_PERHAPS, /* it can be it: it is, or was never asked */
    TOKEN_MET_OTHER,   /* another, unless the service counts anew since */
    TOKEN_MET_HELD     /* another for sure: a session of ours is at it */
};

/* A session of ours has begun at the token of that reader, and is at its
 * end. */
void token_met_begin(const struct reader_state *reader, const char *serial);
void token_met_end(const char *reader);

/* serial "": any will do. */
enum token_met token_met(const struct reader_state *reader, const char *serial);

#endif
