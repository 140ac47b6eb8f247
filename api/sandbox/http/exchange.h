/* One request and its answer, apart from how they travel. */
#ifndef API_SANDBOX_HTTP_EXCHANGE_H
#define API_SANDBOX_HTTP_EXCHANGE_H

#include "api/sandbox/sandbox.h"
#include "api/sandbox/store.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { EXCHANGE_ETAG = 40, EXCHANGE_TIME = 21 };

struct exchange {
    struct sandbox *sandbox;
    const struct route *route; /* NULL: no such operation */
    time_t now;

    /* What is asked; texts are the connection's, NULL where absent. */
    const char *method, *path;
    const char *authorization, *if_match, *if_none_match, *content_type;
    const char *query_type; /* of ?type=… */
    int queries;            /* how many there are */
    const void *upload;
    size_t upload_size;
    bool too_large;             /* the body was above its maximum */
    char id[STORE_ID];          /* the one in the path */
    char word[STORE_ID];        /* the word in the path, "" */
    struct json_object *body;   /* owned; an object once it was checked */
    uint8_t digest[STORE_HASH]; /* of the body */
    char phone[STORE_PHONE];    /* of who has signed in */

    /* How readCertificate shall go wrong. */
    unsigned flaws; /* of enum ca_flaw */
    bool garbage, no_chain;

    /* What is answered. */
    unsigned status;
    struct json_object *answer; /* owned; or */
    char *text;                 /* owned */
    char etag[EXCHANGE_ETAG];   /* "": none */
    long retry_after;           /* seconds; -1: none */
    char trace[STORE_ID];
};

/* With a new trace id and the time. */
void exchange_init(struct exchange *exchange, struct sandbox *sandbox);
void exchange_clear(struct exchange *exchange);

/* Answer with an object, which becomes the exchange's; NULL: no memory. */
void exchange_answer(struct exchange *exchange, unsigned status,
                     struct json_object *answer);

/* Answer with an error of the contract. message NULL: the code's own.
 * target may be NULL. */
void exchange_refuse(struct exchange *exchange, const char *code,
                     const char *target, const char *message);

/* The sandbox itself has failed: said on stderr, answered with 500. */
void exchange_fail(struct exchange *exchange, const char *why);

/* The code of the first error with this status, or NULL. */
const char *exchange_code(unsigned status);

/* RFC 3339 in UTC. */
void exchange_time(time_t when, char text[EXCHANGE_TIME]);

/* 32 random hexadecimal digits. */
void exchange_new_id(char id[STORE_ID]);

/* Add to an object; the member becomes the object's. False: no memory. */
bool exchange_put(struct json_object *object, const char *word,
                  struct json_object *member);
bool exchange_put_text(struct json_object *object, const char *word,
                       const char *text);
bool exchange_put_time(struct json_object *object, const char *word,
                       time_t when);
bool exchange_put_number(struct json_object *object, const char *word,
                         int64_t number);

#endif
