/* How a row of a batch goes on after an outcome: whether it is over, is tried
 * again, or waits, and for how long. */
#ifndef CLIENT_BATCH_RUN_COURSE_H
#define CLIENT_BATCH_RUN_COURSE_H

#include "client/batch/run/job.h"

/* What an outcome means. */
enum course_way {
    COURSE_ENDS,
    COURSE_PASSES, /* it is tried again a few times */
    COURSE_TURNS,  /* it is taken up again when its turn comes */
    COURSE_NEEDS,  /* something that a person plugs in: it is looked for */
    COURSE_STOPS   /* all of the batch: no row would fare better */
};

enum course_way course_way(enum outcome outcome);

/* What is known of a row between two jobs; all zero at first. course_free. */
struct course {
    int64_t waits_since; /* of queue_now, 0: it has not waited */
    unsigned char failures;
    char *needs;   /* where somebody is needed, as was told last; owned */
    bool late;     /* it is begun behind the others (lineup.h) */
    bool excluded; /* it is not renewed: its failure is told of alone */
};

/* For how long a server that asks for a little peace gets it in any case, in
 * seconds: that is not what --wait is about. */
enum { COURSE_PEACE = 60 };

/* Seconds until it is taken up again after this result, -1: it is not. The
 * moment that the server named counts. most: seconds that a row waits in all.
 */
long course_wait(struct course *course, const struct job_result *result,
                 time_t now, long most);

/* Notes where a row needs somebody, NULL: nobody any more; true if that was
 * noted before. */
bool course_needs(struct course *course, const char *where);

void course_free(struct course *course);

#endif
