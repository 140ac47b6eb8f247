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
    bool brings;               /* else a person is asked */
    bool proven;               /* a code was right */
    unsigned vain[QUEUE_USES]; /* rows, since the last right one for that */
    enum outcome over;
};

/* For the rows of that queue, whose codes come as the options say. -1 without
 * memory. */
int fetching_init(struct fetching *fetching, struct queue *queue,
                  const struct options *options);
void fetching_free(struct fetching *fetching);

/* Whether what a row comes to is that it had no right code. */
bool fetching_was_vain(enum outcome outcome);

/* A row got the right code. */
void fetching_right(struct fetching *fetching, enum queue_use use);

/* A row comes to that, after a code for this at last; most outcomes say nothing
 * of codes. Once for a row in a run. */
void fetching_ended(struct fetching *fetching, enum queue_use use,
                    enum outcome outcome);

/* Why no further code is asked for in this run, whatever comes then: what the
 * last row came to. OUTCOME_DONE: nothing is wrong. */
enum outcome fetching_over(struct fetching *fetching);

/* What to say of it, translated. */
void fetching_why(char *out, size_t size);

#endif
