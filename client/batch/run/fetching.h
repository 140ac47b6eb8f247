/* How those who are asked for codes fare in a batch: the command, or the
 * gateway that fills a folder. One that is broken costs the owner of each row
 * an SMS for nothing. Until it has brought a right code, and when it has not
 * brought the last one, no more rows are sent codes at once than it may fail. A
 * person who is asked sees for themself. */
#ifndef CLIENT_BATCH_RUN_FETCHING_H
#define CLIENT_BATCH_RUN_FETCHING_H

#include "client/batch/run/queue.h"
#include "client/options.h"
#include "client/outcome/outcome.h"

#include <pthread.h>

enum { FETCHING_PATIENCE = 3 }; /* rows one after the other with no code */

/* All jobs share one. */
struct fetching {
    pthread_mutex_t lock;
    struct queue *queue;
    unsigned vain; /* rows, since the last right code */
    enum outcome over;
};

/* For the rows of that queue, whose codes come as the options say. -1 without
 * memory. */
int fetching_init(struct fetching *fetching, struct queue *queue,
                  const struct options *options);
void fetching_free(struct fetching *fetching);

/* A row got the right code (OUTCOME_DONE), or it ends with that. */
void fetching_note(struct fetching *fetching, enum outcome outcome);

/* Why no further code is asked for in this run, whatever comes then: what the
 * last row came to. OUTCOME_DONE: nothing is wrong. */
enum outcome fetching_over(struct fetching *fetching);

/* The same, translated. */
void fetching_why(char *out, size_t size);

#endif
