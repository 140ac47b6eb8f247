/* The user's own command for renewals that failed. */
#ifndef CLIENT_RENEWAL_FAILING_H
#define CLIENT_RENEWAL_FAILING_H

#include "client/options.h"
#include "client/renewal/journal.h"
#include "client/screen/screen.h"

struct failing {
    struct journal *journal;
    struct screen *screen;
    const struct options *options; /* failed_command: NULL: nothing is told */
    bool given_up; /* the command failed: the others are told another time */
};

/* After a run of a renewal: tells the command of a failure, each outcome of
 * a renewal once, however often it is tried. What cannot be told is said on
 * the screen, and is in the journal for failing_retry; the command is not
 * tried for each of a thousand then. A wait, a lock and what
 * the person wanted are no failures. */
void failing_tell(struct failing *failing, struct record *record,
                  enum outcome outcome);

/* Tells what could not be told before. */
void failing_retry(struct failing *failing);

#endif
