/* How long a batch puts up with its server: with one that nobody reaches, and
 * with one that asks to be left alone. Several threads may use one at once. */
#ifndef CLIENT_BATCH_RUN_SERVER_WATCH_H
#define CLIENT_BATCH_RUN_SERVER_WATCH_H

#include "client/batch/batch.h"

#include <pthread.h>

struct pace;

struct server_watch {
    const struct batch *batch;
    struct pace *pace;

    pthread_mutex_t lock; /* of what follows */
    bool lost;            /* the server is, nobody has reached it … */
    long long lost_since; /* … since */
    bool given_up;
    time_t held_until; /* 0: it does not ask to be left alone for long */
};

/* 0, or -1. What it is given is the caller's and outlives it. */
int server_watch_init(struct server_watch *watch, const struct batch *batch,
                      struct pace *pace);
void server_watch_free(struct server_watch *watch);

/* Notes what a row came to. True: nobody has reached the server for so long
 * that no more rows are tried. */
bool server_watch_is_lost(struct server_watch *watch, enum outcome outcome);

/* Until when the server, whose answer was this, asks to be left alone, where
 * that is longer than any row may wait, and than COURSE_PEACE; else 0. */
time_t server_watch_held(struct server_watch *watch, enum outcome outcome);

/* Why the batch was stopped, translated, into out, which is returned; NULL: not
 * for want of patience. */
const char *server_watch_why(struct server_watch *watch, char *out,
                             size_t size);

#endif
