/* A certificate that a subscriber holds, and whether it may be renewed. */
#ifndef API_SANDBOX_DESK_HOLDING_H
#define API_SANDBOX_DESK_HOLDING_H

#include "api/sandbox/http/exchange.h"
#include "keygen/certificate.h"

enum { HOLDING_WORD = 32 };

struct holding {
    struct certificate *certificate; /* owned */
    bool revoked, due, unpaid;       /* due: also before its window */
    char reason[HOLDING_WORD];       /* an obstacle that was set; "": none */
    char mode[HOLDING_WORD];         /* "express" where nothing was set */
    char fate[HOLDING_WORD];         /* of its next application */
    char phone[STORE_PHONE];         /* of the statement */
};

void holding_free(struct holding *holding);

/* By its thumbprint, of the subscriber who has signed in; inside a
 * transaction. 1, 0 none, -1. */
int holding_load(struct exchange *exchange, const char *thumbprint,
                 struct holding *holding);

/* Why it cannot be renewed now, as a word of the contract, or NULL.
 * window: full days before its end that renewal begins. */
const char *holding_obstacle(const struct holding *holding, time_t now,
                             long window);

/* The sentence to such a word. */
const char *holding_sentence(const char *obstacle);

/* The words of a certificate's name, or NULL without memory. */
struct json_object *holding_words(const struct name *name);

/* The operation listCertificates. */
void holding_list(struct exchange *exchange);

#endif
