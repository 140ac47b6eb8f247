/* A server that rows of a batch are at, and how long the batch puts up with it:
 * with one that nobody reaches, with one that asks to be left alone, with one
 * that cannot be trusted. Several threads may use one at once. */
#ifndef CLIENT_BATCH_RUN_SERVER_H
#define CLIENT_BATCH_RUN_SERVER_H

#include "client/batch/batch.h"

struct server;

/* url, ca: as in struct api_settings; copied. Rows that have no server have
 * one without a url. NULL without memory. What it is given is the caller's and
 * outlives it. */
struct server *server_new(const struct batch *batch, const char *url,
                          const char *ca);
void server_free(struct server **server);

/* Whether it is this one. */
bool server_is(const struct server *server, const char *url, const char *ca);

/* A connection with it that obeys what it asks of any other (api/pace.h); makes
 * its side, connects nothing yet. */
enum outcome server_connect(const struct server *server, struct api **api);

/* Milliseconds for which it asks to be left alone. */
long server_pause(const struct server *server);

/* What is to be thought of it. */
enum server_state {
    SERVER_GOOD,
    SERVER_DOUBTED, /* it is tried again, by one row at a time */
    SERVER_LEFT     /* in this run none of its rows is gone on with */
};

/* Notes what a row came to; answered: it had an answer from the server,
 * whatever that was. */
enum server_state server_note(struct server *server, enum outcome outcome,
                              bool answered);

/* Until when the server, whose answer was this, asks to be left alone, where
 * that is why it is left; else 0. */
time_t server_held_until(struct server *server, enum outcome outcome);

/* Why it is left: an outcome, and a sentence in out, translated. OUTCOME_DONE
 * (nothing is written): it is not. */
enum outcome server_why(struct server *server, char *out, size_t size);

#endif
