/* Codes by SMS: six digits, for so long, so many attempts, one resend.
 *
 * Everything here runs inside a transaction of the store. A function that
 * answers a const char * answers NULL or the contract's word for the
 * refusal, "internal" where the store or the sending has failed. */
#ifndef API_SANDBOX_DESK_CHALLENGE_H
#define API_SANDBOX_DESK_CHALLENGE_H

#include "api/sandbox/http/exchange.h"

enum { CHALLENGE_ATTEMPTS = 5, CHALLENGE_RESENDS = 1 };

struct challenge {
    char id[STORE_ID];
    char phone[STORE_PHONE];
    char form[STORE_ID]; /* "": of a sign-in */
    bool known;          /* false: nothing is sent and every code is wrong */
    uint8_t code[STORE_HASH];
    time_t sent, expires;
    int attempts, resends; /* left */
    bool used;
};

/* A new one, with its message on the way; form NULL: of a sign-in. */
const char *challenge_open(struct exchange *exchange, const char *phone,
                           const char *form, bool known,
                           struct challenge *challenge);

/* 1, 0 where there is none, -1. */
int challenge_load(struct exchange *exchange, const char *id,
                   struct challenge *challenge);

/* Whether no code can answer it any more. */
bool challenge_over(const struct challenge *challenge, time_t now);

/* A new code instead of the one before. Sets the exchange's retry_after
 * where it is too early. */
const char *challenge_resend(struct exchange *exchange,
                             struct challenge *challenge);

/* Compare a code; a wrong one costs an attempt. */
const char *challenge_answer(struct exchange *exchange,
                             struct challenge *challenge, const char *code);

/* Refuse with one of the words above; challenge may be NULL. */
void challenge_refuse(struct exchange *exchange, const char *code,
                      const struct challenge *challenge);

/* As an object of the contract, or NULL without memory. */
struct json_object *challenge_json(const struct exchange *exchange,
                                   const struct challenge *challenge);

#endif
