/* Calls of the enrollment API in the course of a renewal: the session, the
 * errors, the server's clock. */
#ifndef CLIENT_RENEWAL_CALL_H
#define CLIENT_RENEWAL_CALL_H

#include "client/renewal/renewal.h"

/* Seconds: no server is obeyed that asks to be left alone for longer. */
enum { CALL_LATER_MAX = 24 * 60 * 60 };

/* Whether a server could be called with these settings (ca: NULL or a file);
 * else what is wrong with them, translated, is in detail, if there is one. */
bool call_settings_serve(const char *server, const char *ca, char *detail,
                         size_t size);

/* A server that was not reached, for people: its address, and that a proxy was
 * to lead to it, where one is set (as curl finds it; what it is is not said,
 * for a password may stand in it). */
void call_where(const char *server, char *out, size_t size);

/* Checks the settings and makes renewal->api; connects nothing. */
enum outcome call_start(struct renewal *renewal);

/* Notes that it could not be made, and what is wrong with the settings where
 * it is that; returns outcome. */
enum outcome call_fail(struct renewal *renewal, enum outcome outcome);

/* Do an operation with the fields in renewal->in (cleared afterwards); the
 * answer is in renewal->out. A session that is over is renewed and the
 * operation done again, once. On failure renewal->failure is filled. */
enum outcome call_do(struct renewal *renewal, const char *operation);

/* The same without a session: signing in. */
enum outcome call_open(struct renewal *renewal, const char *operation);

/* Sign in unless there is a session. */
enum outcome call_sign_in(struct renewal *renewal);

/* Seconds from the server's now to a moment that it named (word, in message),
 * so that a wrong clock here does no harm; within 0 and max. */
unsigned call_seconds_until(const struct renewal *renewal,
                            const struct message *message, const char *word,
                            unsigned max);

#endif
