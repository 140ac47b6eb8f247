/* A certification centre inside a test: the sandbox without its network, on
 * a clock of the test's. What goes over the wire can be looked at, changed
 * and cut off.
 *
 * A test that uses it links with --wrap=api_new (tests/x_test.wrap). */
#ifndef TESTS_SUPPORT_CENTRE_H
#define TESTS_SUPPORT_CENTRE_H

#include "keygen/certificate.h"
#include "token/medium.h"

#include <json-c/json.h>

#define CENTRE_PHONE "79120000001"

enum {
    CENTRE_NOW = 1751328000, /* 2025-07-01 */
    CENTRE_LOG = 512
};

struct centre {
    char dir[512]; /* sms/ ca/ sandbox.db; code: what the client is given as one
                    */
    time_t now;    /* of everybody */

    /* What a test may set. edit changes an answer on its way; before, on an
     * operation's name, may change anything before it is done. */
    void (*edit)(const char *operation, struct json_object *answer);
    void (*before)(const char *operation);
    unsigned wrong_codes;         /* so many codes are given wrongly */
    bool stale;                   /* and it is the same one each time */
    long ahead;                   /* seconds by which its clock is ahead */
    size_t die_before, die_after; /* the process dies at so many exchanges */

    /* What has happened. */
    const char *log[CENTRE_LOG]; /* operations, in order */
    size_t count;
    char url[300]; /* that was connected to last */
};

extern struct centre centre;

/* Begins at CENTRE_NOW, everything else zero. The folder exists. */
void centre_open(const char *dir);
void centre_close(void);

/* As when the power fails. */
_Noreturn void centre_die(void);

/* SQLite is not carried over a fork: a child opens it anew. */
void centre_close_store(void);
void centre_open_store(void);

/* A subscriber of CENTRE_PHONE with a certificate that ends in so many days;
 * where: its container (LOCATION_MAX bytes). */
void centre_subscribe(const char *location, int days, const char *password,
                      char *where, char thumbprint[THUMBPRINT_TEXT]);

/* What shall go wrong (api/sandbox/http/mischief.h); NULL: nothing. */
void centre_fault(const char *spec);

/* Whether its forms are express ones; seconds until what waits is done, -1:
 * never. */
void centre_wait(long review_after, long issue_after);

/* Seconds until another message can be asked for, and that a code is good. */
void centre_codes(long resend_after, long life);

/* The code of the newest message. */
const char *centre_code(void);

/* As kep-sandbox set. */
void centre_set(const char *thumbprint, const char *word);

/* How often an operation was called. */
size_t centre_calls(const char *operation);

/* --- for tests/support/centre_way.c: one exchange --- */

struct centre_request {
    const char *method, *path; /* with the query */
    const char *authorization, *if_match, *if_none_match, *content_type;
    const void *body;
    size_t body_size;
};

struct centre_reply {
    unsigned status;
    time_t date;
    char trace[64], etag[64]; /* "": none */
    long retry_after;         /* -1: none */
    const char *type;
    char *body; /* the caller frees it */
    size_t size;
    bool dropped; /* there is no answer */
};

void centre_answer(const struct centre_request *request,
                   struct centre_reply *reply);

#endif
