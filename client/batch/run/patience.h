/* How long a batch puts up with its server: with one that nobody reaches, and
 * with one that asks to be left alone. Several threads may use one at once. */
#ifndef CLIENT_BATCH_RUN_PATIENCE_H
#define CLIENT_BATCH_RUN_PATIENCE_H

#include "client/batch/batch.h"

#include <pthread.h>

struct pace;

struct patience {
    const struct batch *batch;
    struct pace *pace;

    pthread_mutex_t lock; /* of what follows */
    bool lost;            /* the server is, nobody has reached it … */
    long long lost_since; /* … since */
    bool given_up;
    time_t held_until; /* 0: it does not ask to be left alone for long */
};

/* 0, or -1. What it is given is the caller's and outlives it. */
int patience_init(struct patience *patience, const struct batch *batch,
                  struct pace *pace);
void patience_free(struct patience *patience);

/* Notes what a row came to. True: nobody has reached the server for so long
 * that no more rows are tried. */
bool patience_is_lost(struct patience *patience, enum outcome outcome);

/* Until when the server, whose answer was this, asks to be left alone, where
 * that is longer than any row may wait; else 0. */
time_t patience_held(struct patience *patience, enum outcome outcome);

/* Why the batch was stopped, translated, into out, which is returned; NULL: not
 * for want of patience. */
const char *patience_why(struct patience *patience, char *out, size_t size);

#endif
