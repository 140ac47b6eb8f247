/* Codes that come by SMS: for signing in and for confirming the request. */
#ifndef CLIENT_RENEWAL_CODE_H
#define CLIENT_RENEWAL_CODE_H

#include "client/renewal/renewal.h"

/* The person who is asked for the codes of many renewals, of one after the
 * other: what one asks stands between enter and leave. */
struct code_asker {
    struct screen *screen;
    /* False: a signal came first, and leave is not to be called. */
    bool (*enter)(void *context);
    void (*leave)(void *context);
    void *context;
};

/* Ask for a code to the phone and sign in with it; the session is in
 * renewal->out. */
enum outcome code_sign_in(struct renewal *renewal);

/* Confirm the request with the code of the form's challenge.
 * OUTCOME_CODE_EXPIRED and _CODE_ATTEMPTS: a new challenge is needed. */
enum outcome code_confirm(struct renewal *renewal);

#endif
