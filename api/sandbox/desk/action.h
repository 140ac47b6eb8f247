/* What each operation on an application does once it is allowed. */
#ifndef API_SANDBOX_DESK_ACTION_H
#define API_SANDBOX_DESK_ACTION_H

#include "api/sandbox/desk/application.h"
#include "keygen/bytes.h"

/* What examination leaves for what is done with it. */
struct action_work {
    struct bytes request; /* DER of a PKCS#10 */
    char key_id[APPLICATION_KEY_ID];
};

struct action {
    const char *operation;

    /* The slow part, outside of any transaction; NULL where there is none.
     * False: it has been refused. */
    bool (*examine)(struct exchange *exchange,
                    const struct application *application,
                    struct action_work *work);

    /* In a transaction, in a phase that allows it, next being the phase that
     * follows. What it has to say itself it answers; else the form is the
     * answer. False: it has been refused. NULL: nothing but next. */
    bool (*apply)(struct exchange *exchange, struct application *application,
                  const struct action_work *work, enum phase next);

    /* The same where the effect has happened before (PHASE_AGAIN). */
    bool (*repeat)(struct exchange *exchange, struct application *application,
                   const struct action_work *work);

    bool changes; /* a success is a new revision */
};

/* Never NULL for an operation on an application. */
const struct action *action_find(const char *operation);

#endif
