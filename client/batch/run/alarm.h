/* The user's own command for the rows of a batch that fail: each is told of
 * when it ends, by the job that had it, so as many at once as there are
 * jobs. */
#ifndef CLIENT_BATCH_RUN_ALARM_H
#define CLIENT_BATCH_RUN_ALARM_H

#include "client/batch/run/teller.h"
#include "client/batch/run/unbegun.h"
#include "client/renewal/failing.h"

/* Jobs share one. */
struct alarm {
    struct failing failing;
    const struct plan *plan;
    struct teller *teller;
    struct unbegun *unbegun; /* NULL: nothing of it is remembered */
    bool hears;              /* what the command prints is an event */
};

/* Whether the command is to be told of a row that ends so. */
bool alarm_is_due(const struct alarm *alarm, enum outcome outcome);

/* Tells it, each failure of a row once, however often it is tried. record: the
 * renewal's, one that never began has an empty one.
 * What could not be told is an event. */
void alarm_raise(struct alarm *alarm, size_t row, struct record *record,
                 enum outcome outcome, const char *message);

#endif
