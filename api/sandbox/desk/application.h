/* An application for a renewal ("form" in the API) as it is stored. */
#ifndef API_SANDBOX_DESK_APPLICATION_H
#define API_SANDBOX_DESK_APPLICATION_H

#include "api/sandbox/desk/phase.h"
#include "api/sandbox/http/exchange.h"
#include "keygen/name.h"

enum {
    APPLICATION_EXTERNAL_ID = 257,
    APPLICATION_WORD = 24,
    APPLICATION_KEY_ID = 65,
    APPLICATION_REASON = 1024,
    APPLICATION_OWNER = 1032, /* bytes: two attributes of 128 characters */
    APPLICATION_LIFE = 30 * 24 * 3600 /* seconds until it is over */
};

struct application {
    char id[STORE_ID];
    char phone[STORE_PHONE];           /* that signed in */
    char statement_phone[STORE_PHONE]; /* that confirms */
    char external_id[APPLICATION_EXTERNAL_ID];
    char thumbprint[41]; /* of the old certificate */
    char mode[APPLICATION_WORD];
    enum phase phase;
    int64_t revision;
    struct json_object *data; /* words of a name; owned */
    time_t created, changed, expires;
    bool unpaid;
    char fate[APPLICATION_WORD];
    char reason[APPLICATION_REASON];
    char challenge[STORE_ID];
    char key_id[APPLICATION_KEY_ID]; /* of the key that was requested */
};

void application_free(struct application *application);

/* All of these run inside a transaction. */

/* By its id, or by its externalId: of the subscriber who has signed in. What
 * happens by itself has happened on return. 1, 0 none, -1. */
int application_load(struct exchange *exchange, const char *id,
                     struct application *application);
int application_load_external(struct exchange *exchange,
                              const char *external_id,
                              struct application *application);

bool application_insert(struct exchange *exchange,
                        struct application *application);

/* Enter a phase; a reason NULL is the phase's own. */
void application_enter(struct exchange *exchange,
                       struct application *application, enum phase phase,
                       const char *reason);

/* What follows by itself, then a new revision into the store. */
bool application_save(struct exchange *exchange,
                      struct application *application);

/* What names its content: changes with every revision. */
void application_etag(const struct application *application,
                      char etag[EXCHANGE_ETAG]);

/* Answer with the form. */
void application_answer(struct exchange *exchange, unsigned status,
                        const struct application *application);

/* The data as a name; free with name_free. */
MUST_CHECK enum fault application_name(const struct application *application,
                                       struct name *name);

/* The person of the data for a sentence: ФИО, or the common name where the
 * data have no surname. */
void application_owner(const struct application *application,
                       char owner[APPLICATION_OWNER]);

#endif
