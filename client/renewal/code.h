/* Codes that come by SMS: for signing in and for confirming the request. */
#ifndef CLIENT_RENEWAL_CODE_H
#define CLIENT_RENEWAL_CODE_H

#include "client/renewal/renewal.h"

/* Of many renewals at once: the person who is asked for their codes, of one
 * after the other, and the telephones that these come to. */
struct code_asker {
    /* What one asks stands between enter and leave. */
    struct screen *screen;
    /* False: a signal came first, and leave is not to be called. */
    bool (*enter)(void *context);
    void (*leave)(void *context);
    /* A code is about to be sent to this telephone, of which the end will do,
     * for signing in or to confirm the form: it is this renewal's alone until
     * it names another one or none (NULL) for that.
     * OUTCOME_DONE, or why none is to be sent: OUTCOME_TELEPHONE_BUSY, it has
     * to wait for its turn; OUTCOME_INTERRUPTED, no more codes are wanted. */
    enum outcome (*reserve)(void *context, bool of_form, const char *phone);
    /* What --code-command or --codes brought was the right code. */
    void (*was_right)(void *context, bool of_form);
    void *context;
};

/* Ask for a code to the phone and sign in with it; the session is in
 * renewal->out. */
enum outcome code_sign_in(struct renewal *renewal);

/* Confirm the request with the code of the form's challenge, which may have
 * been sent in an earlier run.
 * OUTCOME_CODE_EXPIRED and _CODE_ATTEMPTS: a new challenge is needed. */
enum outcome code_confirm(struct renewal *renewal);

#endif
