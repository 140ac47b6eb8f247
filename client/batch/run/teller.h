/* Who speaks in a batch: the events, one at a time, and the one person whom
 * the jobs ask for codes, one after the other in the order in which they
 * came. Threads share a teller. */
#ifndef CLIENT_BATCH_RUN_TELLER_H
#define CLIENT_BATCH_RUN_TELLER_H

#include "client/batch/batch.h"

#include <pthread.h>
#include <stdbool.h>

struct teller {
    const struct batch *batch;
    pthread_mutex_t lock; /* of the event taker */

    pthread_mutex_t turn; /* of the two numbers */
    pthread_cond_t turned;
    unsigned long next, served; /* who comes gets next, and waits for it */
};

/* 0 or -1. */
int teller_init(struct teller *teller, const struct batch *batch);
void teller_free(struct teller *teller);

/* Passes an event on; sets its moment. */
void teller_tell(struct teller *teller, struct event *event);

/* The turn to ask the person, of a row; false when a signal came first.
 * EVENT_ASK has been told then, and teller_leave tells EVENT_ASKED. */
bool teller_enter(struct teller *teller, size_t row);
void teller_leave(struct teller *teller, size_t row);

#endif
