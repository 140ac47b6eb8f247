/* One of those who work on a batch, in a thread of its own: what it does with a
 * row. */
#ifndef CLIENT_BATCH_RUN_JOB_H
#define CLIENT_BATCH_RUN_JOB_H

#include "client/batch/batch.h"
#include "client/batch/run/alarm.h"
#include "client/batch/run/fetching.h"
#include "client/batch/run/queue.h"
#include "client/batch/run/teller.h"
#include "client/renewal/code.h"
#include "client/renewal/renewal.h"

struct servers;

struct job {
    const struct batch *batch;
    struct teller *teller;
    struct alarm *alarm;
    struct queue *queue;
    struct screen *silent; /* of the renewals; shared by all jobs */
    struct servers *servers;
    struct fetching *fetching;

    size_t row;  /* that it works on */
    bool needs;  /* somebody, as that ended the last time: it may end so again,
                    and its first step is no news */
    bool waited; /* between two jobs: it goes on with what it has begun */
    bool told;   /* of a step since then */
    long server; /* of the row, SERVERS_NONE: it did not come so far */
    enum queue_use use;       /* of the last code that it was sent */
    struct api *api;          /* borrowed for it */
    struct chain authorities; /* of the certificates that came; chain_free */
    struct options options;
    struct code_asker asker;
    struct program_ear ear;
    struct renewal renewal;
    struct failure failure;
    bool excluded; /* by that: it is not begun */
    time_t said;   /* as in the plan */
};

/* What became of a row in the hands of a job. */
struct job_result {
    enum outcome outcome;
    time_t not_before; /* the server is not to be asked before; 0: not said */
    long server;       /* that it is at; SERVERS_NONE: it was not asked */
    bool answered;     /* by that */
};

/* Begins or goes on with a row's renewal, as far as it goes without waiting;
 * the pointers down to fetching are set. Whoever called decides what becomes of
 * the row then, and calls job_end. */
struct job_result job_run(struct job *job, size_t row);

struct job_end {
    bool over;    /* the row is, with this result */
    bool needs;   /* else it needs a person, */
    time_t until; /* or waits until this; 0: neither */
    bool goes_on; /* in this run, by itself */
    bool silent;  /* nobody is told */
};

/* A telephone as the queue knows it: a command that fetches codes is told the
 * end alone. NULL: none. */
struct telephone job_telephone(const struct options *options,
                               const char *phone);

/* Tells the result, the user's own command too where the row failed, and frees
 * what the job had of it. */
void job_end(struct job *job, const struct job_result *result,
             const struct job_end *end);

#endif
