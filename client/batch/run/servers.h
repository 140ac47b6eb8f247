/* The servers that the rows of a batch are at, by numbers from 0, and the
 * connections with them: a job borrows one for a row, so that the next row of
 * the same server finds it open. Several threads may use them at once. */
#ifndef CLIENT_BATCH_RUN_SERVERS_H
#define CLIENT_BATCH_RUN_SERVERS_H

#include "client/batch/run/server.h"

enum { SERVERS_NONE = -1 };

struct servers;

/* NULL without memory. The batch outlives them. */
struct servers *servers_new(const struct batch *batch);
void servers_free(struct servers **servers);

/* The number of a server; a new one gets the next. A row without a server has
 * one, too: url NULL. SERVERS_NONE without memory. */
long servers_find(struct servers *servers, const char *url, const char *ca);

/* How many there are, and how many there can be: what each row is known to be
 * at and what it turns out to be at, what the options name, and none. */
long servers_count(struct servers *servers);
size_t servers_most(const struct batch *batch);

/* It lives as long as they all. */
struct server *servers_at(struct servers *servers, long number);

/* A connection with one, the caller's until it gives it back (NULL then). As
 * many as there are jobs are kept, those that were used last. */
enum outcome servers_lend(struct servers *servers, long number,
                          struct api **api);
void servers_return(struct servers *servers, long number, struct api **api);

/* Of those that are left (server_why) the worst outcome, and all sentences, as
 * many as fit, in out; OUTCOME_DONE and "": none is. */
enum outcome servers_why(struct servers *servers, char *out, size_t size);

#endif
