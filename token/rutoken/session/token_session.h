/* One piece of work at one token: found by its serial number, nobody else's
 * commands in between, and left without any rights. As short as can be: a
 * person is never waited for with a session open. */
#ifndef TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_H
#define TOKEN_RUTOKEN_SESSION_TOKEN_SESSION_H

#include "keygen/fault.h"
#include "token/medium.h"
#include "token/rutoken/card/dialect.h"
#include "token/rutoken/card/transport.h"

enum {
    TOKEN_SESSION_SERIAL = 17 /* hexadecimal, with the NUL */
};

/* In secret memory: keys and PINs pass through it. */
struct token_session {
    struct transport transport;
    void *service;
    const struct dialect *dialect;
    char reader[READER_NAME_MAX];
    char serial[TOKEN_SESSION_SERIAL]; /* "48e243b5" */
    enum reader_share share;
    enum pin_owner owner; /* who logs in */
    bool met;             /* the others know that we are at it */
    bool logged_in;
    bool hidden;          /* see struct pin_state */
    struct answer answer; /* of the last command */
};

/* Begin work at the token of that serial number ("": the only one that is
 * there). READER_EXCLUSIVE where a PIN will be sent: nobody else may be
 * connected then, or at least nobody sends anything until the end.
 * FAULT_NO_SERVICE, FAULT_NO_READER, FAULT_NO_TOKEN, FAULT_TOKEN_SEVERAL,
 * FAULT_TOKEN_BUSY … End it with token_session_close also after a fault. */
MUST_CHECK enum fault token_session_open(const char *serial,
                                         enum reader_share share,
                                         struct token_session **session);

/* Log out, reset, let go; *session becomes NULL. Nothing here can fail in a
 * way that anybody could mend. */
void token_session_close(struct token_session **session);

/* Log its owner in (token/pin.h). Files that were selected are no more. */
MUST_CHECK enum fault token_session_login(struct token_session *session);

/* Both, for work that needs the user's PIN. */
MUST_CHECK enum fault token_session_enter(const char *serial,
                                          struct token_session **session);

/* The same with anybody's. */
MUST_CHECK enum fault token_session_enter_as(const char *serial,
                                             enum pin_owner owner,
                                             struct token_session **session);

/* One command; its answer is session->answer. All but 9000 is a fault. */
MUST_CHECK enum fault token_session_do(struct token_session *session,
                                       const struct command *command);

/* What the token says of itself and of its PIN. */
MUST_CHECK enum fault token_session_look(struct token_session *session,
                                         struct medium_info *info);

/* Each token of this maker that is there, and each that cannot be asked (info
 * NULL; where: its reader). */
MUST_CHECK enum fault token_session_each(medium_visitor *visit, void *context);

/* Wait for it; see await of token/medium.h. */
MUST_CHECK enum fault token_session_await(const char *serial, medium_stop *stop,
                                          void *context);

#endif
